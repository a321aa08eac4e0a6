"""Masks from files, on the array of the image that they were drawn on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.label_maps import load_label_map
from medvlp_training.samples.errors import MaskError
from medvlp_training.samples.images import Picture


def read_organs(path: Path, picture: Picture) -> tuple[NDArray[np.uint8], dict[int, str]]:
    """Label map of organs and the names of the values in it.

    On a CT: NIfTI, NRRD, MHA or DICOM SEG, as :func:`medvlp.grounding.label_maps.load_label_map`
    reads it. On an X-ray: PNG of grey levels, with the names in a JSON table beside it
    (``NAME.json`` of name to value, or value to name).

    Raises
    ------
    LabelMapError
        If a map does not lie on the CT.
    MaskError
        If it is of another size than the X-ray, or has values that are not named or above 255.
    """
    if picture.image.ndim == 3:
        label_map = load_label_map(path, picture.stored, whole=True)
        labels, names = label_map.array, dict(label_map.names)
    else:
        labels, names = picture.mask(_grey_levels(path)), _names_beside(path)
    values = [int(value) for value in np.unique(labels) if value]
    if values and (values[0] < 0 or values[-1] > 255):
        raise MaskError(
            f"{path.name}: labels from {values[0]} to {values[-1]}; expected 0 to 255. Number the "
            "organs anew."
        )
    unnamed = [value for value in values if value not in names]
    if unnamed:
        raise MaskError(
            f"{path.name}: no name for the values {unnamed}. Put them into {path.stem}.json."
        )
    return labels.astype(np.uint8), {value: names[value] for value in values}


def read_lesion(path: Path, picture: Picture) -> NDArray[np.bool_]:
    """Mask of one finding: everything but 0. Formats and errors as :func:`read_organs`."""
    if picture.image.ndim == 3:
        return np.asarray(load_label_map(path, picture.stored, whole=True).array > 0)
    return np.asarray(picture.mask(_grey_levels(path)) > 0)


def _grey_levels(path: Path) -> NDArray[Any]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=("PNG",)) as file:
            levels = np.asarray(file)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise MaskError(f"{path.name} is no PNG that can be read ({error}).") from None
    if levels.ndim != 2:
        raise MaskError(f"{path.name} is in colour; expected one grey level for each label.")
    return levels.astype(np.int32)


def _names_beside(path: Path) -> dict[int, str]:
    table = path.with_suffix(".json")
    if not table.is_file():
        raise MaskError(
            f"{path.name}: there is no {table.name} beside it; expected a JSON table such as "
            '{"lung_left": 1, "lung_right": 2}.'
        )
    try:
        pairs = json.loads(table.read_text(encoding="utf-8")).items()
        return dict(map(_value_first, pairs))
    except (ValueError, TypeError, AttributeError) as error:
        raise MaskError(f"{table.name} is no table of labels ({error}).") from None


def _value_first(pair: tuple[Any, Any]) -> tuple[int, str]:
    key, value = pair
    return (int(key), str(value)) if str(key).isdigit() else (int(value), str(key))
