"""Objectives: what training minimises, one file per method."""
