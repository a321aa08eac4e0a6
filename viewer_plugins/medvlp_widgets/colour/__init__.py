"""Colour maps and query colours as numpy arrays; no Qt."""
