"""A DICOM series of 300 slices: medvlp with all its checks, against SimpleITK's series reader."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import medvlp
from benchmarks.scans import CHEST, bundled_chest, stretched, write_dicom_series
from benchmarks.table import Row, report, timed

GOAL = "no slower than SimpleITK"


def open_with_simpleitk(folder: Path) -> None:
    """What its documentation shows: find the series, read it, take the array."""
    import SimpleITK as sitk

    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(names)
    sitk.GetArrayFromImage(reader.Execute())


def measure() -> list[Row]:
    """One row; both read the same files, in turns, from the system's file cache."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_dicom_series(stretched(bundled_chest(), CHEST), folder)
        ours, theirs = timed(
            lambda: medvlp.open_scan(folder),
            lambda: open_with_simpleitk(folder),
            repeats=9,
            warm_up=1,
        )
    return [
        Row(
            "open a DICOM series, 300 slices of 512 x 512",
            str(ours),
            f"SimpleITK ImageSeriesReader: {theirs}",
            ours.over(theirs),
            GOAL,
            ours.over(theirs) <= 1,
        )
    ]


if __name__ == "__main__":
    report(measure())
