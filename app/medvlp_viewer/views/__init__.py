"""Interfaces of everything on screen (:mod:`.base`), and their Qt implementations (:mod:`.qt`)."""
