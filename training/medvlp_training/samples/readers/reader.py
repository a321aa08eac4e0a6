"""What every reader of a collection is, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from medvlp.errors import (
    GeometryError,
    LabelMapError,
    MedVLPError,
    RefusedScanError,
    UnreadableScanError,
)
from medvlp_training.reports.process import process_report
from medvlp_training.samples.errors import (
    ExcludedError,
    LayoutError,
    ManifestError,
    MaskError,
    MissingImageError,
    SampleError,
)
from medvlp_training.samples.label_set import join_labels
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips

READERS = (
    "chexpert",
    "ct_rate",
    "merlin_style",
    "mimic_cxr_jpg",
    "ms_cxr",
    "nih_chestxray14",
    "openi",
    "padchest",
    "rsna_pneumonia",
    "siim_pneumothorax",
    "vindr_cxr",
)
"""Names of the readers: modules of this package with a function ``read``."""

_REASONS: tuple[tuple[type[MedVLPError], str], ...] = (
    (MissingImageError, "image not there"),
    (ExcludedError, "excluded by the collection"),
    (UnreadableScanError, "unreadable image"),
    (RefusedScanError, "refused image"),
    (GeometryError, "refused image"),
    (LabelMapError, "mask that does not lie on the image"),
    (MaskError, "mask that does not lie on the image"),
    (ManifestError, "row that cannot be used"),
    (SampleError, "annotation out of range"),
)

Item = TypeVar("Item")


class Reader(Protocol):
    """Reads a collection."""

    def __call__(self, root: Path, skips: Skips) -> Iterator[ImageTextSample]:
        """Samples, one at a time; the layout is checked before the first.

        Parameters
        ----------
        root
            Folder of the collection, as published.
        skips
            Counts what is left out.

        Raises
        ------
        LayoutError
            If a file or a column is missing.
        """


def load_reader(name: str) -> Reader:
    """A reader by its name.

    Raises
    ------
    SampleError
        If there is none.
    """
    if name not in READERS:
        raise SampleError(f"No reader {name!r}; expected one of {', '.join(READERS)}.")
    reader: Reader = import_module(f"medvlp_training.samples.readers.{name}").read
    return reader


def samples_of(
    items: Iterable[tuple[str, Item]],
    make: Callable[[Item], ImageTextSample],
    skips: Skips,
) -> Iterator[ImageTextSample]:
    """Samples of the items of a table; those that cannot be made are counted.

    Parameters
    ----------
    items
        Where an item stands (for messages), and the item.
    make
        Item to sample; may raise.
    skips
        Counts what is left out; items of which nothing is known too.
    """
    for where, item in items:
        try:
            sample = make(item)
        except LayoutError:
            raise
        except MedVLPError as error:
            skips.skip(where, reason_of(error), error)
            continue
        if not is_informative(sample):
            nothing = SampleError(f"{where}: nothing is known of the image.")
            skips.skip(where, "nothing known of the image", nothing)
            continue
        yield sample


def reason_of(error: MedVLPError) -> str:
    """A few words for an error, without names of files or patients."""
    return next((words for kind, words in _REASONS if isinstance(error, kind)), "other error")


def is_informative(sample: ImageTextSample) -> bool:
    """Whether there is anything to learn from a sample besides its pixels."""
    return bool(
        sample.sentences
        or sample.labels
        or sample.lesions
        or sample.boxes
        or sample.organs is not None
    )


def existing(path: Path) -> Path:
    """The path of an image.

    Raises
    ------
    MissingImageError
        If there is no file.
    """
    if not path.is_file():
        raise MissingImageError(f"There is no image {path}. Copy it, or take its row out.")
    return path


def report_fields(
    text: str, modality: Literal["CT", "XR"], labels: Mapping[str, int], where: str, skips: Skips
) -> dict[str, Any]:
    """Fields of a sample that its report fills; a collection's own labels go before the text's.

    A report without sentences is noted; its sample is label-only.
    """
    report = process_report(text, modality)
    if not report.sentences:
        skips.note(where, "report without sentences")
    return {
        "sentences": report.sentences,
        "entities": report.entities,
        "statements": report.statements,
        "labels": join_labels(report.labels, labels),
    }
