"""Concepts of the lexicon as entities: where a text names them, and a vector for each."""
