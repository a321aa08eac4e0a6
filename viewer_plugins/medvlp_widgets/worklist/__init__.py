"""The worklist: what to look at next, what was decided."""
