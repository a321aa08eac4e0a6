"""Pieces that several objectives share, each once."""
