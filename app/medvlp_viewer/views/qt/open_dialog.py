"""Asking for what to open."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QWidget

from medvlp_widgets.translation import translate

_FILES = (
    "Scans (*.dcm *.zip *.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.png *.jpg *.jpeg *.tif *.tiff)"
    ";;All files (*)"
)


def choose_scan_file(parent: QWidget) -> str | None:
    """Path of a file; None if the user chose none."""
    title = translate("Open a scan")
    return QFileDialog.getOpenFileName(parent, title, "", translate(_FILES))[0] or None


def choose_scan_folder(parent: QWidget) -> str | None:
    """Path of a folder; None if the user chose none."""
    return QFileDialog.getExistingDirectory(parent, translate("Open a DICOM folder")) or None


def choose_model_folder(parent: QWidget) -> str | None:
    """Path of a folder with a model; None if the user chose none."""
    return QFileDialog.getExistingDirectory(parent, translate("Add a model from a folder")) or None
