"""Fits a bridge from our text tower to an image encoder that has none (``medvlp models bridge``)."""
