"""Text against encoding: heatmaps, probabilities, organ tables."""
