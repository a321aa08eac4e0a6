"""Gapped, tilted and ambiguous series: regularised and said in millimetres, or refused."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from medvlp import GeometryError, RefusedScanError, open_scan


def field(points: np.ndarray) -> np.ndarray:
    """A linear function of LPS position: linear interpolation reproduces it."""
    return -400 + 3.0 * points[..., 0] - 2.0 * points[..., 1] + 4.0 * points[..., 2]


def sampled(writer, positions: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    row, column = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    along_rows, along_columns = np.split(np.asarray(writer.orientation), 2)
    plane = (
        row[..., None] * writer.pixel_spacing[0] * along_columns
        + column[..., None] * writer.pixel_spacing[1] * along_rows
    )
    return np.rint(field(np.asarray(positions)[:, None, None] + plane)).astype(np.int16)


def world_grid(scan) -> np.ndarray:
    axes = np.meshgrid(*[np.arange(n) for n in scan.array.shape], indexing="ij")
    return scan.geometry.index_to_world(np.stack(axes, axis=-1))


def test_missing_slices_are_interpolated_and_named_with_millimetres(ct_writer, tmp_path):
    writer = ct_writer(origin=(-5.0, 4.0, -30.0))
    kept = [0, 1, 2, 5, 6, 7]
    positions = writer.positions(8)
    writer.write(tmp_path, sampled(writer, positions[kept], (12, 10)), positions[kept])
    scan = open_scan(tmp_path)
    assert scan.array.shape == (8, 12, 10)
    assert scan.geometry.spacing[0] == pytest.approx(2.5)
    assert np.abs(scan.array - field(world_grid(scan))).max() <= 1.0
    (warning,) = scan.warnings
    assert warning.code == "gaps-regularised"
    assert "lices 3 and 4" in warning.message
    assert "7.50 mm apart" in warning.message
    assert "expected 2.50 mm" in warning.message
    assert "2 missing slices" in warning.message


def test_slices_around_a_gap_are_kept_bit_by_bit(ct_writer, body, tmp_path):
    writer = ct_writer()
    kept = [0, 1, 2, 4, 5, 6]
    writer.write(tmp_path, body[kept], writer.positions(7)[kept])
    np.testing.assert_array_equal(open_scan(tmp_path).array[kept], body[kept])


def test_a_gap_is_refused_when_strict(ct_writer, body, tmp_path):
    writer = ct_writer()
    kept = [0, 1, 2, 4, 5, 6]
    writer.write(tmp_path, body[kept], writer.positions(7)[kept])
    with pytest.raises(GeometryError, match=r"lices 3 and 4 .* 5\.00 mm apart; expected 2\.50 mm"):
        open_scan(tmp_path, strict=True)


def test_a_regular_series_passes_strict(ct_writer, body, tmp_path):
    ct_writer().write(tmp_path, body)
    np.testing.assert_array_equal(open_scan(tmp_path, strict=True).array, body)


def test_mixed_spacing_is_put_on_the_finer_grid(ct_writer, tmp_path):
    writer = ct_writer(origin=(0.0, 0.0, 0.0))
    heights = [0, 1, 2, 3, 4, 6, 8, 10]
    positions = np.array([(0.0, 0.0, 1.0 * h) for h in heights])
    writer.write(tmp_path, sampled(writer, positions, (12, 10)), positions)
    scan = open_scan(tmp_path)
    assert scan.array.shape[0] == 11
    assert np.abs(scan.array - field(world_grid(scan))).max() <= 1.0


def test_one_displaced_slice_is_noticed(ct_writer, tmp_path):
    writer = ct_writer(spacing=5.0)
    positions = writer.positions(9)
    positions[4, 2] += 0.6
    writer.write(tmp_path, sampled(writer, positions, (12, 10)), positions)
    scan = open_scan(tmp_path)
    assert np.abs(scan.array - field(world_grid(scan))).max() <= 1.0
    assert [w.code for w in scan.warnings] == ["spacing-regularised"]
    assert "5.60 mm" in scan.warnings[0].message


def test_slices_far_apart_are_refused_rather_than_invented(ct_writer, body, tmp_path):
    positions = np.array([(0, 0, z) for z in (0, 1, 2, 3, 300, 301, 302)], dtype=float)
    ct_writer().write(tmp_path, body, positions)
    with pytest.raises(GeometryError, match=r"297\.00 mm apart .* 1\.00 mm was expected"):
        open_scan(tmp_path)


@pytest.mark.parametrize("degrees", [-20.0, 7.0, 15.0])
def test_a_gantry_tilt_is_undone_from_positions(ct_writer, tmp_path, degrees):
    angle = np.radians(degrees)
    tilted = (1.0, 0.0, 0.0, 0.0, float(np.cos(angle)), float(np.sin(angle)))
    writer = ct_writer(orientation=tilted, origin=(-3.0, -4.0, -5.0))
    positions = np.asarray(writer.origin) + np.outer(np.arange(9) * 3.0, (0, 0, 1))
    writer.write(tmp_path, sampled(writer, positions, (40, 10)), positions)
    scan = open_scan(tmp_path)
    directions = scan.geometry.directions
    np.testing.assert_allclose(directions @ directions.T, np.eye(3), atol=1e-9)
    assert scan.array.shape[0] == 9
    assert scan.array.shape[1] > 40
    inside = scan.array > -1024
    assert inside.mean() > 0.6
    interior = inside & np.roll(inside, 1, 1) & np.roll(inside, -1, 1)
    difference = np.abs(scan.array - field(world_grid(scan)))
    assert difference[interior].max() <= 1.5
    (warning,) = scan.warnings
    assert warning.code == "tilt-regularised"
    assert f"{abs(degrees):.1f} degrees" in warning.message
    assert f"{3 * np.sin(abs(angle)):.2f} mm per slice" in warning.message
    assert "expected 0 mm" in warning.message


def test_a_tilt_is_refused_when_strict(ct_writer, body, tmp_path):
    positions = np.array([(0, 0.5 * k, 2.0 * k) for k in range(7)])
    ct_writer().write(tmp_path, body, positions)
    with pytest.raises(GeometryError, match=r"0\.50 mm per slice"):
        open_scan(tmp_path, strict=True)


def test_a_tilt_tag_without_shifted_positions_is_no_tilt(ct_writer, body, tmp_path):
    ct_writer(tags={"GantryDetectorTilt": 15.0}).write(tmp_path, body)
    scan = open_scan(tmp_path)
    np.testing.assert_array_equal(scan.array, body)
    assert scan.warnings == ()


def test_a_tilted_and_gapped_series_says_both(ct_writer, body, tmp_path):
    positions = np.array([(0, 0.5 * k, 2.0 * k) for k in (0, 1, 2, 4, 5, 6, 7)])
    ct_writer().write(tmp_path, body, positions)
    codes = {w.code for w in open_scan(tmp_path).warnings}
    assert codes == {"gaps-regularised", "tilt-regularised"}


def test_two_phases_in_one_series_are_told_apart(ct_writer, body, tmp_path, save_datasets):
    early = ct_writer(tags={"AcquisitionNumber": 1}).datasets(body)
    late = ct_writer(tags={"AcquisitionNumber": 2}).datasets(body + 100)
    for ds in late:
        ds.SeriesInstanceUID = early[0].SeriesInstanceUID
    save_datasets(tmp_path, [ds for pair in zip(late, early, strict=True) for ds in pair])
    scan = open_scan(tmp_path)
    np.testing.assert_array_equal(scan.array, body)
    assert [w.code for w in scan.warnings] == ["several-volumes"]
    assert "AcquisitionNumber" in scan.warnings[0].message
    with pytest.raises(RefusedScanError, match="2 volumes"):
        open_scan(tmp_path, strict=True)


def test_different_images_at_one_place_without_a_reason_are_refused(
    ct_writer, body, tmp_path, save_datasets
):
    datasets = ct_writer().datasets(body)
    other = ct_writer().datasets(body + 100)
    for ds in other:
        ds.SeriesInstanceUID = datasets[0].SeriesInstanceUID
    save_datasets(tmp_path, [*datasets, *other])
    with pytest.raises(RefusedScanError, match="different images at the same place"):
        open_scan(tmp_path)


def test_slices_side_by_side_are_refused(ct_writer, body, tmp_path):
    positions = ct_writer().positions(7)
    positions[3] = positions[2] + (30.0, 0, 0)
    ct_writer().write(tmp_path, body, positions)
    with pytest.raises(GeometryError, match="side by side"):
        open_scan(tmp_path)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("ImagePositionPatient", None),
        ("ImageOrientationPatient", None),
        ("PixelSpacing", None),
        ("PixelSpacing", [0.0, 0.0]),
        ("ImageOrientationPatient", [1, 0, 0, 1, 0, 0]),
    ],
)
def test_missing_or_senseless_geometry_is_refused(ct_writer, body, tmp_path, tag, value):
    ct_writer(tags={tag: value}).write(tmp_path, body)
    with pytest.raises(GeometryError, match=tag):
        open_scan(tmp_path)


def test_a_gap_in_the_real_series_is_named(real_data, tmp_path):
    paths = sorted((real_data / "dicom_ct_series").glob("*.dcm"))
    whole = open_scan(real_data / "dicom_ct_series")
    for path in paths:
        if path.name not in ("1-20.dcm", "1-21.dcm"):
            shutil.copy(path, tmp_path)
    scan = open_scan(tmp_path)
    assert scan.geometry.is_close(whole.geometry)
    changed = np.flatnonzero((scan.array != whole.array).any(axis=(1, 2)))
    assert len(changed) == 2
    (warning,) = scan.warnings
    assert "15.00 mm apart" in warning.message
    assert "expected 5.00 mm" in warning.message
