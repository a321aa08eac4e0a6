"""The query panel: ask in words, one row per answer."""
