"""Measures of maps, retrieval and zero-shot answers; each on plain arrays."""
