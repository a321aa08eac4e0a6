"""napari plugin of medvlp: read scans, ask in words, see where, score organs.

Scripting: :mod:`medvlp_napari.api`. World coordinates: :mod:`medvlp_napari.frames`.
Importing this package imports neither Qt nor napari.
"""
