"""The ``medvlp`` command: arguments to session to export, one module per command group.

Modules here import nothing heavy at the top, so that ``medvlp --help`` answers at once.
"""

from medvlp.cli.app import main

__all__ = ["main"]
