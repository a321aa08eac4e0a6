"""Encodings on disk."""
