"""Arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

FormatT = TypeVar("FormatT", bound=StrEnum)

ScanPath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        help="DICOM file, folder or zip; NIfTI, NRRD, MHA; PNG, JPEG, TIFF.",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", "-m", help="Name or folder of a model.", show_default="built-in"),
]


class Device(StrEnum):
    """Where the model runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"
    XPU = "xpu"


DeviceOption = Annotated[Device, typer.Option("--device", help="Where the model runs.")]


class ModalityName(StrEnum):
    """Kinds of scan."""

    CT = "CT"
    XR = "XR"


ModalityOption = Annotated[
    ModalityName | None,
    typer.Option(
        "--modality",
        case_sensitive=False,
        help="Refuse anything else; XR also accepts grey pictures that do not say what they show.",
    ),
]
SeriesOption = Annotated[
    str | None,
    typer.Option("--series", help="Id or number of a series, from `medvlp info`."),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse gapped or tilted series instead of regularising.")
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Neither read nor write the cache of encodings.")
]


ORGAN_SOURCES = ("builtin", "totalsegmentator")


def checked_folder(folder: Path) -> Path:
    """``folder``, if files can be written there once it exists; nothing is made yet.

    Raises
    ------
    typer.BadParameter
        If it, or what would hold it, is a file or is not writable.
    """
    import os

    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        raise typer.BadParameter(f"{existing} is a file; a folder is needed to write to.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise typer.BadParameter(f"{existing} is not writable. Choose another folder.")
    return folder


def organ_source(text: str) -> str | Path | None:
    """``builtin``, ``totalsegmentator``, None for ``none``, or the path of a label map.

    Raises
    ------
    typer.BadParameter
        If it is none of the words and no file.
    """
    if text in ORGAN_SOURCES:
        return text
    if text == "none":
        return None
    if Path(text).is_file():
        return Path(text)
    raise typer.BadParameter(
        f"--organs: expected builtin, totalsegmentator, none or a label map; {text!r} is no file."
    )


def parse_formats(text: str, kinds: type[FormatT]) -> list[FormatT]:
    """``"npy,png"`` to formats, in order and without repeats.

    Raises
    ------
    typer.BadParameter
        For an unknown or empty one.
    """
    names = [name.strip().lower() for name in text.split(",")]
    known = {kind.value: kind for kind in kinds}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise typer.BadParameter(
            f"--format: {unknown[0]!r} is not one of {', '.join(known)}; separate with commas."
        )
    return [known[name] for name in dict.fromkeys(names)]
