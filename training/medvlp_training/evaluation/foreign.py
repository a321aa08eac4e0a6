"""Does the model decline what it does not know? Scans, queries and organs outside its world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.grounding.ground import ground
from medvlp.io.nifti import read_nifti
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.evaluation.cases import jsrt_items, nih_items
from medvlp_training.evaluation.splits import is_test

FOREIGN_QUERIES = (
    "pizza", "bicycle", "the stock market", "my grandmother", "football match", "blue whale",
    "quantum chromodynamics", "sandwich with cheese", "electric guitar", "holiday in Spain",
)  # fmt: skip
SLICES = 60


def _scan(image: NDArray[np.floating]) -> Scan:
    array = np.asarray(image, dtype=np.float32)
    low, high = float(array.min()), float(array.max())
    array = (array - low) / max(high - low, 1e-6)
    return Scan(array, Geometry.radiograph(array.shape), "XR", "normalised")  # type: ignore[arg-type]


def ct_slices(data: Path) -> Iterator[Scan]:
    """Single CT slices saved as pictures: grey, medical, and no radiograph."""
    for path in sorted((data / "ct2d_medpix" / "images").iterdir())[:SLICES]:
        yield open_scan(path)


def photographs() -> Iterator[Scan]:
    """The photographs that scikit-image and scikit-learn carry, where these are installed."""
    try:
        from skimage import data as pictures

        for name in ("astronaut", "camera", "coins", "cat", "coffee", "rocket", "page", "moon"):
            try:
                image = np.asarray(getattr(pictures, name)(), dtype=np.float32)
            except (OSError, AttributeError, ValueError):
                continue  # not shipped with this release, and nothing is downloaded
            yield _scan(image.mean(axis=2) if image.ndim == 3 else image)
    except ImportError:
        return


def brain_mr_like(data: Path) -> Scan:
    """The MR crop of the data folder, passed off as a CT."""
    raw = read_nifti(data / "ct_totalseg" / "example_mr_sm.nii.gz")
    return Scan(raw.array, raw.geometry, "CT", "HU")


def _declined(model: GroundingModel, scan: Scan, text: str) -> bool:
    return ground(model, model.encode(scan, cache=False), [text])[0].abstained


def evaluate_abstention(model: GroundingModel, data: Path) -> tuple[str, dict[str, object]]:
    """Share declined, per kind of input; the last two rows should be low."""
    ct = model.encode(open_scan(data / "ct_totalseg" / "example_ct.nii.gz"), cache=False)
    known = [i for i in (*nih_items(data), *jsrt_items(data)) if is_test(i.patient)]
    rows = {
        "CT slices as pictures, asked for a lung": [
            _declined(model, s, "left lung") for s in ct_slices(data)
        ],
        "photographs, asked for a lung": [_declined(model, s, "left lung") for s in photographs()],
        "MR as CT, asked for the liver": [_declined(model, brain_mr_like(data), "liver")],
        "foreign words on a CT": [m.abstained for m in ground(model, ct, FOREIGN_QUERIES)],
        "brain and thyroid on an abdominal CT": [
            m.abstained for m in ground(model, ct, ["brain", "thyroid gland"])
        ],
        "known words on the same CT": [
            m.abstained
            for m in ground(model, ct, ["liver", "left kidney", "urinary bladder", "sacrum"])
        ],
        "real X-rays of unseen patients, asked for a lung": [
            _declined(model, open_scan(i.path), "left lung") for i in known
        ],
    }
    lines = ["| input | n | declined |", "|---|---|---|"]
    lines += [f"| {k} | {len(v)} | {np.mean(v):.2f} |" for k, v in rows.items() if v]
    figures = {k: {"n": len(v), "declined": float(np.mean(v))} for k, v in rows.items() if v}
    return "\n".join(lines), {"abstention": figures}
