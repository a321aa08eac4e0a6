"""The panel with the list of measurements and the histogram."""
