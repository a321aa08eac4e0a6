"""Tubes, lines and metal: their courses, how they are drawn, and the streaks of metal."""
