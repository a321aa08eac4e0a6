"""A model trained further on a user's own table of scans and reports, to a model folder again."""
