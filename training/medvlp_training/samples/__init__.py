"""Samples: one image of one patient with everything that the five objectives may learn from."""
