"""The training engine: configuration, loop, checkpoints, export of a finished model."""
