"""Qt implementations of the view interfaces."""
