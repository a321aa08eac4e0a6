"""Regular CT series: the volume and its place do not depend on how the files lie on disk."""

from __future__ import annotations

import random
import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pydicom
import pytest

import medvlp
from medvlp import open_scan
from medvlp.io.dicom.privacy import hashed
from medvlp.io.open import list_series


def corners(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return list(product(*[(0, n - 1) for n in shape]))


def rotation(degrees: tuple[float, float, float]) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    return Rotation.from_euler("xyz", degrees, degrees=True).as_matrix()


def test_values_and_every_corner_are_as_written(ct_writer, body, tmp_path):
    writer = ct_writer()
    writer.write(tmp_path, body)
    scan = open_scan(tmp_path)
    assert scan.array.dtype == np.int16
    assert scan.modality == "CT"
    assert scan.intensity == "HU"
    assert scan.warnings == ()
    np.testing.assert_array_equal(scan.array, body)
    for index in corners(body.shape):
        np.testing.assert_allclose(
            scan.geometry.index_to_world(index), writer.world(index), atol=1e-3
        )


def test_a_standard_axial_series_ascends_to_the_head(ct_writer, body, tmp_path):
    ct_writer().write(tmp_path, body)
    assert open_scan(tmp_path).geometry.orientation == "SPL"


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_a_reordered_series_gives_the_same_volume(ct_writer, body, tmp_path, save_datasets, order):
    datasets = ct_writer().datasets(body)
    save_datasets(tmp_path / "a", datasets)
    reordered = datasets[::-1] if order == "reversed" else random.Random(3).sample(datasets, 7)
    for number, ds in enumerate(reordered):
        ds.InstanceNumber = number + 1
    save_datasets(tmp_path / "b", reordered)
    first, second = open_scan(tmp_path / "a"), open_scan(tmp_path / "b")
    np.testing.assert_array_equal(first.array, second.array)
    assert first.geometry == second.geometry
    assert first.scan_id == second.scan_id


def test_a_series_written_from_head_to_feet_gives_the_same_volume(ct_writer, body, tmp_path):
    writer = ct_writer()
    writer.write(tmp_path / "up", body)
    writer.write(tmp_path / "down", body[::-1], writer.positions(len(body))[::-1])
    up, down = open_scan(tmp_path / "up"), open_scan(tmp_path / "down")
    np.testing.assert_array_equal(up.array, down.array)
    assert up.geometry.is_close(down.geometry)


def test_duplicated_slices_are_dropped_and_said(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer().datasets(body)
    save_datasets(tmp_path / "plain", datasets)
    save_datasets(tmp_path / "twice", [*datasets, *datasets[2:5]])
    plain, twice = open_scan(tmp_path / "plain"), open_scan(tmp_path / "twice")
    np.testing.assert_array_equal(plain.array, twice.array)
    assert plain.geometry == twice.geometry
    assert [w.code for w in twice.warnings] == ["duplicates-dropped"]
    assert "3 of 10 slices" in twice.warnings[0].message


@pytest.mark.parametrize(
    "degrees", [(0, 0, 12), (25, 0, 0), (0, -33, 0), (14, 21, -40), (90, 0, 0), (0, 90, 0)]
)
def test_an_oblique_series_agrees_with_simpleitk(ct_writer, body, tmp_path, itk_series, degrees):
    matrix = rotation(degrees)
    writer = ct_writer(orientation=(*matrix[:, 0], *matrix[:, 1]))
    writer.write(tmp_path, body)
    scan = open_scan(tmp_path)
    values, world = itk_series(tmp_path)
    np.testing.assert_array_equal(scan.array, values)
    for index in corners(body.shape):
        np.testing.assert_allclose(scan.geometry.index_to_world(index), world(index), atol=1e-3)
    assert scan.geometry.spacing == pytest.approx((2.5, 0.8, 0.6), abs=1e-4)


@pytest.mark.parametrize("spacing", [0.3, 1.0, 12.5])
def test_anisotropic_spacing_comes_from_positions(ct_writer, body, tmp_path, spacing):
    tags = {"SpacingBetweenSlices": -7.0, "SliceThickness": 99.0}
    ct_writer(spacing=spacing, tags=tags).write(tmp_path, body)
    assert open_scan(tmp_path).geometry.spacing == pytest.approx((spacing, 0.8, 0.6), abs=1e-4)


def test_positions_rounded_by_the_scanner_are_still_regular(ct_writer, body, tmp_path):
    writer = ct_writer(spacing=0.625)
    writer.write(tmp_path, body, np.round(writer.positions(len(body)), 1))
    scan = open_scan(tmp_path)
    np.testing.assert_array_equal(scan.array, body)
    assert scan.warnings == ()


def test_one_slice_is_a_volume_of_its_thickness(ct_writer, body, tmp_path):
    (path,) = ct_writer().write(tmp_path, body[:1])
    scan = open_scan(path)
    assert scan.array.shape == (1, 12, 10)
    assert scan.geometry.spacing[0] == pytest.approx(2.0)
    assert [w.code for w in scan.warnings] == ["single-slice"]


def test_one_slice_without_thickness_says_so(ct_writer, body, tmp_path):
    (path,) = ct_writer(tags={"SliceThickness": None}).write(tmp_path, body[:1])
    assert "states no thickness" in open_scan(path).warnings[0].message


def test_files_need_no_extension_and_may_lie_deep(ct_writer, body, tmp_path):
    paths = ct_writer().write(tmp_path / "flat", body)
    for number, path in enumerate(paths):
        target = tmp_path / "deep" / f"s{number % 3}" / f"IM{number}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (tmp_path / "deep" / "README.txt").write_text("not an image")
    np.testing.assert_array_equal(open_scan(tmp_path / "deep").array, body)


def test_files_without_preamble_open(ct_writer, body, tmp_path):
    datasets = ct_writer().datasets(body)
    tmp_path.joinpath("bare").mkdir()
    for number, ds in enumerate(datasets):
        del ds.file_meta
        path = tmp_path / "bare" / f"IM{number}"
        ds.save_as(path, implicit_vr=True, little_endian=True)
    np.testing.assert_array_equal(open_scan(tmp_path / "bare").array, body)


def test_progress_rises_to_the_end_and_can_cancel(ct_writer, body, tmp_path):
    ct_writer().write(tmp_path, body)
    seen: list[float] = []
    open_scan(tmp_path, progress=lambda fraction, text: seen.append(fraction))
    assert seen == sorted(seen)
    assert 0 <= seen[0] < seen[-1] <= 1

    def stop(fraction: float, text: str) -> None:
        if fraction > 0.5:
            raise medvlp.Cancelled("stopped")

    with pytest.raises(medvlp.Cancelled):
        open_scan(tmp_path, progress=stop)


def test_the_real_series_agrees_with_simpleitk_voxel_by_voxel(real_data, itk_series):
    folder = real_data / "dicom_ct_series"
    scan = open_scan(folder)
    values, world = itk_series(folder)
    np.testing.assert_array_equal(scan.array, values)
    for index in corners(values.shape):
        np.testing.assert_allclose(scan.geometry.index_to_world(index), world(index), atol=1e-3)
    assert scan.warnings == ()
    assert scan.window == (-600, 1600)


def test_the_real_series_shuffled_reversed_and_duplicated_is_the_same_scan(real_data, tmp_path):
    paths = sorted((real_data / "dicom_ct_series").glob("*.dcm"))
    plain = open_scan(real_data / "dicom_ct_series")
    arrangements = {
        "reversed": paths[::-1],
        "shuffled": random.Random(1).sample(paths, len(paths)),
        "duplicated": [*paths, *paths[10:13]],
    }
    for name, arrangement in arrangements.items():
        folder = tmp_path / name
        folder.mkdir()
        for number, path in enumerate(arrangement):
            folder.joinpath(f"{number:03d}").symlink_to(path)
        assert open_scan(folder).scan_id == plain.scan_id, name


def test_the_real_series_is_listed_with_its_size(real_data: Path):
    (info,) = list_series(real_data / "dicom_ct_series")
    assert info.usable
    assert info.shape == (64, 512, 512)
    assert info.n_slices == 64
    assert info.spacing_mm == pytest.approx((5.0, 0.841796875, 0.841796875))


def test_the_frame_of_reference_is_kept_as_a_hash(real_data):
    folder = real_data / "dicom_ct_series"
    own = str(pydicom.dcmread(next(folder.glob("*.dcm"))).FrameOfReferenceUID)
    kept = open_scan(folder).provenance["frame_of_reference"]
    assert kept == hashed(own)
    assert own not in str(open_scan(folder).provenance)
