"""What the controllers get from the computer. The defaults touch nothing, as tests want it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from medvlp_viewer.models.background import Background, run_at_once
from medvlp_viewer.models.settings_file import SettingsFile


@dataclass(frozen=True)
class System:
    """Files, memory and threads.

    Parameters
    ----------
    settings_file
        Where changed settings are written; None keeps them in memory.
    report_folder
        Of the crash reports; None writes none.
    background
        Runs slow work beside the event loop.
    recent_file
        Where the list of recent files is kept; None keeps it in memory.
    available_memory
        Bytes that are free now; None where that is not known: then every scan is read.
    server_folder
        Where studies from servers are kept; None: none can be fetched.
    """

    settings_file: SettingsFile | None = None
    report_folder: Path | None = None
    background: Background = run_at_once
    recent_file: Path | None = None
    available_memory: Callable[[], int | None] = lambda: None
    server_folder: Path | None = None
