"""Published image-text models behind the model protocol.

A published checkpoint is converted once, on import, to a model folder
(:mod:`medvlp.models.backends.importing`); from then on it is loaded like ours. The networks are built
from transformers or from modules here; code that comes with a checkpoint is never run.
"""
