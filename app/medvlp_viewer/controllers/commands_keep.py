"""Commands that save and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medvlp_viewer.commands import Command

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_DICOM = "Save as DICOM"


def keep_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """In the File menu, below what opens something."""
    keep, sessions = viewer.keep, viewer.session_files

    def has_answers() -> bool:
        return keep.has_answers

    return (
        Command(
            "open-session",
            "Open session…",
            "File",
            sessions.choose,
            ("Ctrl+Alt+O",),
            needs_scan=False,
            starts_section=True,
        ),
        Command("save-session", "Save session…", "File", sessions.save, ("Ctrl+Alt+S",)),
        Command(
            "save-panes",
            "Save picture of the panes…",
            "File",
            keep.save_panes,
            ("Ctrl+S",),
            "camera",
            starts_section=True,
        ),
        Command("save-pane", "Save picture of this pane…", "File", keep.save_pane, ("Ctrl+Alt+P",)),
        Command("save-picture", "Save picture of the window…", "File", keep.save_window),
        Command("save-csv", "Save scores as CSV…", "File", keep.save_csv, enabled=has_answers),
        Command("save-json", "Save scores as JSON…", "File", keep.save_json, enabled=has_answers),
        Command(
            "save-report",
            "Save PDF report…",
            "File",
            keep.save_report,
            ("Ctrl+P",),
            enabled=has_answers,
        ),
        *_dicom_commands(viewer),
    )


def _dicom_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """Objects for the archive that the scan came from."""
    dicom = viewer.keep_dicom
    return (
        Command(
            "save-dicom-heat",
            "Save heat as DICOM Segmentation…",
            "File",
            dicom.save_heat,
            enabled=lambda: dicom.has_heat,
            submenu=_DICOM,
        ),
        Command(
            "save-dicom-map",
            "Save heat as DICOM Parametric Map…",
            "File",
            dicom.save_map,
            enabled=lambda: dicom.has_heat,
            submenu=_DICOM,
        ),
        Command(
            "save-dicom-organs",
            "Save organs as DICOM Segmentation…",
            "File",
            dicom.save_organs,
            enabled=lambda: dicom.has_organs,
            submenu=_DICOM,
        ),
        Command(
            "save-dicom-report",
            "Save DICOM structured report…",
            "File",
            dicom.save_report,
            enabled=lambda: dicom.has_answers,
            submenu=_DICOM,
        ),
        Command(
            "save-dicom-picture",
            "Save picture as DICOM Secondary Capture…",
            "File",
            dicom.save_picture,
            enabled=lambda: dicom.available,
            submenu=_DICOM,
        ),
    )
