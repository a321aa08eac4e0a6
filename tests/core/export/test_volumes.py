from __future__ import annotations

import errno
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

from medvlp.export.volumes import nifti_affine, write_nifti, write_npy
from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan

HotSpot = Callable[..., Heatmap]


def test_npy_is_the_map_on_the_scans_grid(
    axial_ct: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    heatmap = hot_spot(axial_ct, (4, 6, 20))
    write_npy(heatmap, axial_ct, tmp_path / "map.npy")
    array = np.load(tmp_path / "map.npy", allow_pickle=False)
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array, heatmap.on(axial_ct))


@pytest.mark.parametrize("name", ["axial_ct", "oblique_ct"])
def test_simpleitk_finds_the_nifti_peak_at_the_same_millimetres(
    name: str, request: pytest.FixtureRequest, hot_spot: HotSpot, tmp_path: Path
) -> None:
    scan = request.getfixturevalue(name)
    heatmap = hot_spot(scan, (4, 6, 20))
    write_nifti(heatmap, scan, tmp_path / "map.nii.gz")
    image = sitk.ReadImage(str(tmp_path / "map.nii.gz"))
    heat = sitk.GetArrayFromImage(image)
    np.testing.assert_allclose(heat, heatmap.on(scan), atol=2e-5)
    k, r, c = (int(i) for i in np.unravel_index(heat.argmax(), heat.shape))
    here = image.TransformIndexToPhysicalPoint((c, r, k))
    assert here == pytest.approx(tuple(scan.geometry.index_to_world((k, r, c))), abs=1e-3)
    assert np.linalg.norm(np.subtract(here, heatmap.peak_mm)) < max(scan.geometry.spacing)


def test_the_nifti_affine_is_exact_for_an_oblique_scan(
    oblique_ct: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    write_nifti(hot_spot(oblique_ct, (4, 6, 20)), oblique_ct, tmp_path / "map.nii.gz")
    image = nibabel.load(tmp_path / "map.nii.gz")
    world = oblique_ct.geometry.corners() * [-1, -1, 1]
    k, r, c = np.meshgrid(*[(0, n - 1) for n in oblique_ct.array.shape], indexing="ij")
    index = np.stack([c.ravel(), r.ravel(), k.ravel(), np.ones(8)])
    for affine in (image.get_sform(), image.get_qform()):
        assert np.abs((affine @ index)[:3].T - world).max() < 1e-3
    np.testing.assert_allclose(image.affine, nifti_affine(oblique_ct.geometry), atol=1e-4)


def test_a_skewed_map_has_no_qform_which_could_not_hold_it(
    axial_ct: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    affine = axial_ct.geometry.affine.copy()
    affine[1, 0] += 0.4  # every slice lies a little further back
    skewed = replace(axial_ct, geometry=replace(axial_ct.geometry, affine=affine))
    for name, scan in (("skewed", skewed), ("plain", axial_ct)):
        write_nifti(hot_spot(scan, (4, 6, 20)), scan, tmp_path / f"{name}.nii.gz")
    image = nibabel.load(tmp_path / "skewed.nii.gz")
    assert image.header["qform_code"] == 0
    np.testing.assert_allclose(image.affine, nifti_affine(skewed.geometry), atol=1e-4)
    assert nibabel.load(tmp_path / "plain.nii.gz").header["qform_code"] == 1


def test_a_nifti_map_says_millimetres_only_where_they_are_known(
    axial_ct: Scan, xray: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    write_nifti(hot_spot(axial_ct, (4, 6, 20)), axial_ct, tmp_path / "ct.nii.gz")
    write_nifti(hot_spot(xray, (10, 40)), xray, tmp_path / "xr.nii.gz")
    assert nibabel.load(tmp_path / "ct.nii.gz").header.get_xyzt_units()[0] == "mm"
    assert nibabel.load(tmp_path / "xr.nii.gz").header.get_xyzt_units()[0] == "unknown"


def test_an_x_ray_map_keeps_rows_and_columns(xray: Scan, hot_spot: HotSpot, tmp_path: Path) -> None:
    heatmap = hot_spot(xray, (10, 40))
    write_nifti(heatmap, xray, tmp_path / "xr.nii.gz")
    image = nibabel.load(tmp_path / "xr.nii.gz")
    assert image.shape == (50, 60, 1)
    np.testing.assert_allclose(image.get_fdata()[:, :, 0].T, heatmap.on(xray), atol=2e-5)
    assert "".join(nibabel.aff2axcodes(image.affine)) == "LIP"


def test_a_full_disk_leaves_no_half_written_map(
    axial_ct: Scan, hot_spot: HotSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(image: object, path: Path) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nibabel, "save", fail)
    with pytest.raises(OSError, match="No space"):
        write_nifti(hot_spot(axial_ct, (4, 6, 20)), axial_ct, tmp_path / "map.nii.gz")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """A disk that takes no more than ``size`` bytes of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("write", "name"), [(write_npy, "map.npy"), (write_nifti, "map.nii.gz")])
def test_a_map_that_cannot_be_written_says_why_and_where(
    axial_ct: Scan, hot_spot: HotSpot, tmp_path: Path, write: Callable[..., None], name: str
) -> None:
    heatmap = hot_spot(axial_ct, (4, 6, 20))
    with largest_file(64), pytest.raises(OSError, match="too large") as failure:
        write(heatmap, axial_ct, tmp_path / name)
    assert failure.value.errno == errno.EFBIG
    assert failure.value.filename == str(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
