"""The second scan's side of the window."""
