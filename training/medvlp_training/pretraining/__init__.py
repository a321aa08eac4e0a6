"""The engine that trains any objective on samples."""
