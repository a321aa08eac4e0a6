"""Saved heat comes back with its values and its place."""

from __future__ import annotations

from types import SimpleNamespace

import nibabel
import numpy as np
import pytest

from medvlp.export.heat_file import read_heat
from medvlp.export.volumes import write_nifti
from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan

OBLIQUE = np.array(
    [[0.5, -0.3, 2.6, -70.0], [-0.2, 1.7, 0.4, 25.0], [2.1, 0.2, -0.6, 110.0], [0, 0, 0, 1.0]]
)


def heat_on(geometry: Geometry) -> tuple[Heatmap, Scan]:
    grid = geometry.resampled(tuple(max(2, n // 3) for n in geometry.shape))
    values = np.random.default_rng(3).random(grid.shape).astype(np.float32)
    modality, intensity = ("CT", "HU") if geometry.ndim == 3 else ("XR", "normalised")
    scan = Scan(np.zeros(geometry.shape, np.int16), geometry, modality, intensity)
    return Heatmap(SimpleNamespace(text="liver"), values, grid, geometry, 0.7), scan


@pytest.mark.parametrize(
    "geometry",
    [
        Geometry((7, 9, 12), OBLIQUE),
        Geometry.radiograph((10, 8), (0.3, 0.2)),
        Geometry.radiograph((10, 8)),
    ],
    ids=["oblique", "x-ray", "x-ray without spacing"],
)
def test_values_affine_and_units_come_back(geometry, tmp_path):
    heatmap, scan = heat_on(geometry)
    write_nifti(heatmap, scan, tmp_path / "heat.nii.gz")
    values, again = read_heat(tmp_path / "heat.nii.gz")
    np.testing.assert_allclose(values, heatmap.on(scan), atol=2e-5)
    assert again.is_close(geometry)
    assert again.units == geometry.units


def test_every_other_file_is_none(tmp_path):
    nibabel.save(nibabel.Nifti1Image(np.zeros((3, 4, 5)), np.eye(4)), tmp_path / "ct.nii")
    (tmp_path / "broken.nii.gz").write_bytes(b"no NIfTI")
    for name in ("ct.nii", "broken.nii.gz", "missing.nii"):
        assert read_heat(tmp_path / name) is None
