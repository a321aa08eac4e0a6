from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from medvlp_training.simulation.case import SimulationError
from medvlp_training.simulation.hosts import Host, read_canonical
from medvlp_training.simulation.lungs import segment_lungs


def _dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


def test_the_lungs_of_a_procedural_patient_are_found_on_their_sides(patient: Host) -> None:
    found = segment_lungs(patient.volume, patient.spacing)
    assert _dice(found["lung_left"], patient.organs["lung_left"]) > 0.9
    assert _dice(found["lung_right"], patient.organs["lung_right"]) > 0.9


def test_a_volume_without_lungs_is_refused() -> None:
    water = np.full((30, 40, 50), -1000, np.int16)
    water[:, 8:32, 8:42] = 30
    with pytest.raises(SimulationError, match="lungs"):
        segment_lungs(water, (4.0, 4.0, 4.0))


def test_the_lungs_of_a_thin_patient_are_found() -> None:
    """A chest wall of 6 mm: the room behind it is not lung, and the lungs are not the room."""
    y, x = np.ogrid[:90, :110]
    depth = ((y - 42) / 36) ** 2 + ((x - 55) / 48) ** 2
    volume = np.full((60, 90, 110), -1000, np.int16)
    volume[:, depth < 1] = 20
    volume[:, 81:83, 10:100] = 100  # the table
    lungs = np.zeros(volume.shape, bool)
    lungs[6:54] = (depth < 0.9) & (np.abs(x - 58) > 6)
    volume[lungs] = -850
    found = segment_lungs(volume, (3.0, 3.0, 3.0))
    assert _dice(found["lung_left"], lungs & (x > 58)) > 0.9
    assert _dice(found["lung_right"], lungs & (x < 58)) > 0.9


@pytest.mark.realdata
def test_the_lungs_of_a_real_thin_patient_reach_from_top_to_bottom(real_data: Path) -> None:
    volume, spacing = read_canonical(real_data / "ct_covidctmd" / "cap001_ct.nii.gz")
    found = segment_lungs(np.asarray(volume, np.int16), spacing)
    for name, mask in found.items():
        slices = np.flatnonzero(mask.any(axis=(1, 2)))
        assert (slices[-1] - slices[0]) * spacing[0] > 200, name
        assert mask.sum() * np.prod(spacing) / 1000 > 2000, name


@pytest.mark.realdata
def test_both_sides_agree_with_the_annotation_of_a_cancer_patient(
    real_data: Path, record_property: pytest.RecordProperty
) -> None:
    volume, spacing = read_canonical(real_data / "ct_thorax" / "LUNG1-001_ct.nii.gz")
    labels, _ = read_canonical(real_data / "ct_thorax" / "LUNG1-001_seg.nii.gz")
    names = json.loads((real_data / "ct_thorax" / "labels.json").read_text())
    found = segment_lungs(np.asarray(volume, np.int16), spacing)
    for value, name in names.items():
        if name in found:
            score = _dice(found[name], labels == int(value))
            record_property(f"dice_{name}", round(score, 3))
            assert score > 0.93, name


@pytest.mark.realdata
@pytest.mark.parametrize("patient_id", ["id001", "id002", "id003"])
def test_both_lungs_together_agree_with_low_resolution_annotations(
    patient_id: str, real_data: Path, record_property: pytest.RecordProperty
) -> None:
    volume, spacing = read_canonical(real_data / "ct_thorax" / f"imlab-{patient_id}_ct.nii.gz")
    labels, _ = read_canonical(real_data / "ct_thorax" / f"imlab-{patient_id}_seg.nii.gz")
    found = segment_lungs(np.asarray(volume, np.int16), spacing)
    score = _dice(found["lung_left"] | found["lung_right"], labels > 0)
    record_property("dice", round(score, 3))
    assert score > 0.92
