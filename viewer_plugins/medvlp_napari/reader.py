"""napari reader: DICOM files and folders, NIfTI, NRRD, MetaImage, single grey pictures."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

PathOrPaths = str | list[str]
LayerData = tuple[Any, dict[str, Any], str]
Read = Callable[[PathOrPaths], list[LayerData]]

_NIFTI = (".nii", ".nii.gz")
_VOLUMES = (*_NIFTI, ".nrrd", ".nhdr", ".mha", ".mhd")
_DICOM = (".dcm", ".dicom", ".ima")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_GREY_MODES = ("L", "I", "F")
_FILES_PEEKED = 20


def get_reader(path: PathOrPaths) -> Read | None:
    """Reader for a path if it is cheap to see that it may hold a scan; never raises.

    Looks at names, at the DICOM preamble of files without a known suffix, and at the header of a
    picture: only single grey ones are offered as X-rays.
    """
    try:
        paths = _as_paths(path)
        readable = bool(paths) and all(_may_be_scan(p) for p in paths)
    except Exception:
        return None
    return read if readable else None


def read(path: PathOrPaths) -> list[LayerData]:
    """Layers of one or several scans, or of heat that was saved as NIfTI.

    DICOM files selected together stand for their folder.

    Raises
    ------
    medvlp.MedVLPError
        If nothing readable is there, with the reason.
    """
    from medvlp.export.heat_file import read_heat
    from medvlp.io.open import open_scan
    from medvlp_napari.reading import heat_layer_data, layer_data

    layers = []
    for item in _scans(_as_paths(path)):
        heat = read_heat(item) if item.name.lower().endswith(_NIFTI) else None
        if heat is not None:
            layers.append(heat_layer_data(*heat, item.name))
            continue
        scan = open_scan(item)
        for warning in scan.warnings:
            warnings.warn(f"{item.name}: {warning}", UserWarning, stacklevel=2)
        layers.append(layer_data(scan, item.name))
    return layers


def _as_paths(path: PathOrPaths) -> list[Path]:
    return [Path(p) for p in ([path] if isinstance(path, str | os.PathLike) else path)]


def _scans(paths: list[Path]) -> list[Path]:
    """Slices of one series are selected as many files: their folder is the scan."""
    folders = {path.parent for path in paths}
    if len(paths) > 1 and len(folders) == 1 and all(_is_dicom(path) for path in paths):
        return list(folders)
    return paths


def _may_be_scan(path: Path) -> bool:
    name = path.name.lower()
    if path.is_dir():
        return any(_is_dicom(p) or p.name.lower().endswith(_VOLUMES) for p in _some_files(path))
    if name.endswith((*_VOLUMES, *_DICOM)):
        return True
    if name.endswith(_PICTURES):
        return _is_single_grey_picture(path)
    return _is_dicom(path)


def _some_files(folder: Path) -> Iterator[Path]:
    files = (Path(root, name) for root, _, names in os.walk(folder) for name in sorted(names))
    return islice(files, _FILES_PEEKED)


def _is_dicom(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _is_single_grey_picture(path: Path) -> bool:
    from PIL import Image

    with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as picture:
        return picture.mode.startswith(_GREY_MODES) and getattr(picture, "n_frames", 1) == 1
