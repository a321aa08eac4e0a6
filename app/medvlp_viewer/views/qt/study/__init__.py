"""The study browser: what lies open, and every series that can be chosen."""
