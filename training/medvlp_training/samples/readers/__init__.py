"""Public collections as samples: one file for each, written against its official layout."""
