"""What the viewer shows, without Qt: plain state with psygnal events, and pure functions."""
