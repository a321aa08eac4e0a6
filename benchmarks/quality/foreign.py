"""Pictures, scans and words from outside the model's world, and scans from inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medvlp.geometry import Geometry
from medvlp.io.nifti import read_nifti
from medvlp.io.open import open_scan
from medvlp.scan import Scan
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.evaluation.cases import covid_films, jsrt_items, nih_items
from medvlp_training.evaluation.splits import is_test, is_validation

PHOTOGRAPHS = (
    "astronaut.png", "camera.png", "chelsea.png", "coffee.png", "coins.png", "rocket.jpg",
    "moon.png", "motorcycle_left.png", "motorcycle_right.png", "hubble_deep_field.jpg",
    "clock_motion.png", "grass.png", "brick.png", "gravel.png", "ihc.png", "cell.png",
    "retina.jpg", "page.png", "text.png", "horse.png", "color.png", "chessboard_GRAY.png",
)  # fmt: skip
"""Photographs, textures, microscopy and drawn pictures that scikit-image carries."""
NONSENSE = (
    "pizza", "bicycle", "the stock market", "my grandmother", "football match", "blue whale",
    "quantum chromodynamics", "sandwich with cheese", "electric guitar", "holiday in Spain",
    "asdf qwerty", "lorem ipsum dolor", "xyzzy", "the meaning of life", "traffic jam",
    "a cup of coffee", "invoice number", "parking ticket", "rainy weather", "olympic games",
    "dinosaur", "steam locomotive", "wedding cake", "mortgage rate", "volcano eruption",
    "who won the election", "kubernetes cluster", "banana bread recipe", "tennis racket", "snowman",
    "password reset", "flight to Lisbon", "poker night", "violin concerto", "washing machine",
    "tax return", "garden hose", "spaceship", "roller coaster", "chocolate ice cream",
)  # fmt: skip
FAMILIAR = {
    "XR": ("left lung", "right lung", "heart", "pleural effusion", "pneumonia", "lung nodule"),
    "CT": ("left lung", "right lung", "heart", "spinal cord", "lung nodule", "pleural effusion"),
}
"""What every chest scan has, or can be asked about."""
ORGAN = {"XR": "left lung", "CT": "liver"}
CT_FILES = {
    "LUNG1-001": "ct_thorax/LUNG1-001_ct.nii.gz",
    "113_HM10395": "ct_thorax/4DLung-113_ct.nii.gz",
    "imlab id003": "ct_thorax/imlab-id003_ct.nii.gz",
    "A0001": "ct_lungdx/A0001_series1_ct.nii.gz",
    "P001": "ct_covidctmd/P001_ct.nii.gz",
    "cap001": "ct_covidctmd/cap001_ct.nii.gz",
}
"""Whole chest CT of patients that were held out."""
SLICES = 60
CT_SLICES = "CT slices as X-ray"
MR_BLOCKS = 4


@dataclass(frozen=True)
class Input:
    """A scan to ask about, and what kind of input it is."""

    kind: str
    patient: str
    part: str
    queries: tuple[str, ...]
    read: object

    def scan(self) -> Scan:
        """Read it only now."""
        return self.read()  # type: ignore[operator,no-any-return]


def as_film(image: NDArray[np.generic]) -> Scan:
    """Any picture passed off as an X-ray."""
    array = np.asarray(image, dtype=np.float32)
    array = array.mean(axis=2) if array.ndim == 3 else array
    low, high = float(array.min()), float(array.max())
    array = (array - low) / max(high - low, 1e-6)
    return Scan(array, Geometry.radiograph(array.shape), "XR", "normalised")  # type: ignore[arg-type]


def half(name: str) -> str:
    """Pictures are halved like patients: one half chooses a threshold, the other reports."""
    return "validation" if sum(name.encode()) % 2 else "test"


def pictures(data: Path) -> Iterator[Input]:
    """Photographs, CT slices saved as pictures, MR slices: none is a chest X-ray."""
    asked = (ORGAN["XR"],)
    try:
        import skimage.data

        folder = Path(skimage.data.__file__).parent
    except ImportError:
        folder = None
    for name in PHOTOGRAPHS if folder is not None else ():
        path = folder / name  # type: ignore[operator]
        if path.is_file():
            read = lambda path=path: as_film(np.asarray(Image.open(path).convert("L")))  # noqa: E731
            yield Input("photographs and pictures as X-ray", name, half(name), asked, read)
    for path in sorted((data / "ct2d_medpix" / "images").iterdir())[:SLICES]:
        case = path.stem.partition("_")[0]
        yield Input(CT_SLICES, case, half(case), asked, lambda path=path: open_scan(path))
    mr = read_nifti(data / "ct_totalseg" / "example_mr_sm.nii.gz")
    for axis in range(3):
        for k in range(1, MR_BLOCKS):
            cut = mr.array.take(mr.array.shape[axis] * k // MR_BLOCKS, axis=axis)
            yield Input(
                "MR slices as X-ray", "example_mr", "test", asked, lambda cut=cut: as_film(cut)
            )


def volumes(data: Path) -> Iterator[Input]:
    """The MR passed off as a CT, whole, and as if its numbers were Hounsfield units of other ranges."""
    raw = read_nifti(data / "ct_totalseg" / "example_mr_sm.nii.gz")
    array = np.asarray(raw.array, dtype=np.float32)
    stretched = (array - array.min()) / max(float(np.ptp(array)), 1.0)
    for name, hu in (
        ("as stored", array),
        ("stretched to -1000 to 1000", 2000 * stretched - 1000),
        ("stretched to -1000 to 300", 1300 * stretched - 1000),
    ):
        scan = Scan(np.round(hu).astype(np.int16), raw.geometry, "CT", "HU")
        yield Input(
            "MR as CT", f"example_mr {name}", "test", (ORGAN["CT"],), lambda scan=scan: scan
        )


def known_scans(data: Path) -> Iterator[Input]:
    """Held-out patients: questions that must be answered, and nonsense that must not."""
    films = [(i.path, i.patient) for i in (*nih_items(data), *jsrt_items(data)) if not i.seen]
    films += [(path, patient) for path, patient in covid_films(data) if is_held_out(patient)]
    for number, (path, patient) in enumerate(films):
        words = NONSENSE[number % 5 :: 5] if number % 8 == 0 else ()
        yield Input(
            "X-ray",
            patient,
            _part(patient),
            (*FAMILIAR["XR"], *words),
            lambda path=path: open_scan(path),
        )
    for patient, name in CT_FILES.items():
        yield Input(
            "CT", patient, _part(patient), (*FAMILIAR["CT"], *NONSENSE), lambda name=name: open_scan(data / name)
        )  # fmt: skip


def _part(patient: str) -> str:
    return "validation" if is_validation(patient) else "test" if is_test(patient) else "train"
