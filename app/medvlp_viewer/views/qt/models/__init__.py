"""The model picker in Qt."""
