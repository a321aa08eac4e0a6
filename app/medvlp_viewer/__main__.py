"""``python -m medvlp_viewer``."""

from medvlp_viewer.main import command

command()
