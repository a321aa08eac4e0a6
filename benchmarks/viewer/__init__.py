"""The viewer in a real window: scrolling, windowing, a second query, memory, start."""
