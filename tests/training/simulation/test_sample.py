from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import medvlp_resources
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.simulation.hosts import read_canonical
from medvlp_training.simulation.sample import nifti_bytes

SAMPLES = Path(medvlp_resources.__file__).parent / "samples"


@pytest.fixture(scope="module")
def about() -> dict:
    return json.loads((SAMPLES / "sample.json").read_text())


def test_the_bundled_files_are_small() -> None:
    assert (SAMPLES / "effusion_ct.nii.gz").stat().st_size < 2_500_000
    assert (SAMPLES / "effusion_ct_seg.nii.gz").stat().st_size < 300_000
    assert (SAMPLES / "effusion_xray.png").stat().st_size < 300_000


def test_the_labelled_effusion_is_fluid_on_the_side_that_is_stated(about: dict) -> None:
    volume, spacing = read_canonical(SAMPLES / "effusion_ct.nii.gz")
    labels, _ = read_canonical(SAMPLES / "effusion_ct_seg.nii.gz")
    values = {name: int(value) for value, name in about["labels"].items()}
    fluid = labels == values["pleural_effusion"]
    assert -10 < np.median(volume[fluid]) < 70
    assert fluid.sum() * np.prod(spacing) / 1000 == pytest.approx(about["volume_ml"], rel=0.05)
    right = np.nonzero(labels == values["lung_right"])[2].mean()
    left = np.nonzero(labels == values["lung_left"])[2].mean()
    nearer = (
        "right"
        if abs(np.nonzero(fluid)[2].mean() - right) < abs(np.nonzero(fluid)[2].mean() - left)
        else "left"
    )
    assert nearer == about["side"]


def test_the_stated_centre_is_the_centre_in_patient_coordinates(about: dict) -> None:
    import nibabel

    image = nibabel.load(SAMPLES / "effusion_ct_seg.nii.gz")
    value = next(int(v) for v, name in about["labels"].items() if name == "pleural_effusion")
    index = np.argwhere(np.asanyarray(image.dataobj) == value).mean(axis=0)
    ras = image.affine[:3, :3] @ index + image.affine[:3, 3]
    np.testing.assert_allclose(ras * (-1, -1, 1), about["centre_lps_mm"], atol=2.0)


def test_a_written_volume_reads_back_in_the_same_orientation(tmp_path: Path) -> None:
    array = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)
    write_bytes_atomically(tmp_path / "x.nii.gz", nifti_bytes(array, (3.0, 2.0, 1.0)))
    back, spacing = read_canonical(tmp_path / "x.nii.gz")
    np.testing.assert_array_equal(back, array)
    assert spacing == (3.0, 2.0, 1.0)
    assert nifti_bytes(array, (3.0, 2.0, 1.0)) == nifti_bytes(array, (3.0, 2.0, 1.0))
