"""Tensors by name: read from any published file, compared with what a network expects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from torch import Tensor

SHOWN = 4
INDEX = ".index.json"


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Tensors of a safetensors file, of a sharded set, or of a ``.bin`` or ``.pt`` state dict.

    The latter are pickles: they are read with torch's restricted unpickler, which makes tensors
    and nothing else, and only on import.

    Raises
    ------
    ModelMismatchError
        If the file cannot be read so, or holds anything but named tensors.
    """
    if path.name.endswith(INDEX):
        return _read_shards(path)
    _refuse_stand_in(path)
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        import torch

        found: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=None)
    except Exception as error:  # both readers raise a whole family
        raise ModelMismatchError(
            f"{path} cannot be read as weights: expected safetensors, or a state dict of tensors "
            f"alone. It may be cut short, or hold code, which is never run. ({_short(error)})"
        ) from error
    return _state_dict(found, path)


def _refuse_stand_in(path: Path) -> None:
    """What a download leaves where the weights should be."""
    with path.open("rb") as file:
        start = file.read(256).lstrip().lower()
    if not start:
        raise ModelMismatchError(
            f"{path} is empty: the download did not finish. Get the file again."
        )
    if start.startswith(b"version https://git-lfs"):
        raise ModelMismatchError(
            f"{path} is a pointer of git-lfs and not the weights. Run 'git lfs pull' in the repository, or "
            "download the file itself."
        )
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise ModelMismatchError(
            f"{path} is a web page and not the weights: the hub may have asked to log in, or to accept "
            "its terms. Do so, and download the file again."
        )


def _state_dict(found: Any, path: Path) -> dict[str, Tensor]:
    import torch

    if isinstance(found, Mapping) and isinstance(found.get("state_dict"), Mapping):
        found = found["state_dict"]
    if not isinstance(found, Mapping) or not found:
        raise ModelMismatchError(f"{path}: expected named tensors, found {type(found).__name__}.")
    others = [str(k) for k, v in found.items() if not isinstance(v, torch.Tensor)]
    if others:
        raise ModelMismatchError(
            f"{path}: expected tensors alone, found also {', '.join(others[:SHOWN])}."
        )
    return {str(k).removeprefix("module."): v for k, v in found.items()}


def _read_shards(index: Path) -> dict[str, Tensor]:
    try:
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ModelMismatchError(f"{index} is not an index of weight files ({error}).") from error
    tensors: dict[str, Tensor] = {}
    for name in names:
        part = index.parent / str(name)
        if part.name != name or not part.is_file():
            raise ModelMismatchError(
                f"{index} names {name}, which is not in the folder: the download is not complete."
            )
        tensors |= read_tensors(part)
    return tensors


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:160]}" if str(error) else "empty"


def compare(expected: Mapping[str, Any], found: Mapping[str, Any], what: str) -> None:
    """Refuse tensors that do not fit a network, by name and shape.

    Parameters
    ----------
    expected
        Names to tensors or shapes, of the network.
    found
        The same, of the file.
    what
        Begins the message: which file, of which model.

    Raises
    ------
    ModelMismatchError
        Counting and naming what is missing, extra or of another shape.
    """
    missing = sorted(set(expected) - set(found))
    extra = sorted(set(found) - set(expected))
    shapes = [
        f"{name} is {_shape(found[name])}, expected {_shape(expected[name])}"
        for name in sorted(set(expected) & set(found))
        if _shape(found[name]) != _shape(expected[name])
    ]
    said = [
        f"{len(names)} {kind}: {', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else ''}"
        for kind, names in (
            ("missing", missing),
            ("not known", extra),
            ("of another shape", shapes),
        )
        if names
    ]
    if said:
        raise ModelMismatchError(
            f"{what}: the tensors do not fit the configuration. {'; '.join(said)}. It may be "
            "another library's checkpoint, another size, or a download that is not complete."
        )


def check_values(expected: Mapping[str, Tensor], found: Mapping[str, Tensor], what: str) -> None:
    """Refuse weights that a network of this kind cannot have.

    Parameters
    ----------
    expected, found
        By the same names.
    what
        Begins the message.

    Raises
    ------
    ModelMismatchError
        If some were quantised, or are not finite.
    """
    real = [name for name, tensor in expected.items() if tensor.is_floating_point()]
    narrow = [n for n in real if not found[n].is_floating_point() or found[n].element_size() == 1]
    if narrow:
        raise ModelMismatchError(
            f"{what}: {len(narrow)} tensors were quantised, such as {narrow[0]} "
            f"({str(found[narrow[0]].dtype).removeprefix('torch.')}). Get the weights in float32, float16 "
            "or bfloat16."
        )
    broken = [name for name in real if not found[name].isfinite().all()]
    if broken:
        raise ModelMismatchError(
            f"{what}: {len(broken)} tensors hold values that are not finite, such as {broken[0]}. The "
            "weights are damaged, or their training failed."
        )


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(getattr(value, "shape", value))
