"""GUI-free state of the panels, with psygnal events."""
