"""CT numbers: rescale, padding, range, and every compression that can be written here."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp import RefusedScanError, UnreadableScanError, open_scan

COMPRESSED = {
    "RLE": "1.2.840.10008.1.2.5",
    "JPEG-LS lossless": "1.2.840.10008.1.2.4.80",
    "JPEG 2000 lossless": "1.2.840.10008.1.2.4.90",
}
GDCM_SYNTAXES = {
    "JPEG lossless": "JPEGLosslessProcess14",
    "JPEG lossless first-order": "JPEGLosslessProcess14_1",
    "JPEG-LS lossless": "JPEGLSLossless",
    "JPEG 2000 lossless": "JPEG2000Lossless",
    "RLE": "RLELossless",
    "implicit little endian": "ImplicitVRLittleEndian",
    "deflated": "DeflatedExplicitVRLittleEndian",
}


@pytest.fixture
def block(body) -> np.ndarray:
    """Large enough for every codec: ``(3, 48, 40)``."""
    return np.kron(body[:3], np.ones((1, 4, 4), dtype=np.int16))


@pytest.mark.parametrize("syntax", COMPRESSED.values(), ids=COMPRESSED.keys())
@pytest.mark.parametrize("signed", [False, True])
def test_lossless_compression_changes_nothing(ct_writer, block, tmp_path, syntax, signed):
    intercept = 0.0 if signed else -1024.0
    writer = ct_writer(syntax=syntax, signed=signed, intercept=intercept)
    writer.write(tmp_path, block)
    np.testing.assert_array_equal(open_scan(tmp_path).array, block)


@pytest.mark.parametrize("name", GDCM_SYNTAXES.values(), ids=GDCM_SYNTAXES.keys())
def test_what_gdcm_writes_reads_back(ct_writer, block, tmp_path, name, recompress):
    for path in ct_writer().write(tmp_path / "plain", block):
        recompress(path, tmp_path / name, name)
    scan = open_scan(tmp_path / name)
    np.testing.assert_array_equal(scan.array, block)
    assert scan.provenance["transfer_syntax"]


def test_lossy_jpeg_2000_stays_close(ct_writer, block, tmp_path):
    datasets = ct_writer().datasets(block)
    for number, ds in enumerate(datasets):
        ds.compress("1.2.840.10008.1.2.4.91", j2k_cr=[4])
        ds.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
    assert np.abs(open_scan(tmp_path).array.astype(int) - block).mean() < 5


def test_deflated_and_big_endian_files_read(ct_writer, block, tmp_path):
    from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

    for syntax, folder in ((DeflatedExplicitVRLittleEndian, "d"), (ExplicitVRBigEndian, "b")):
        (tmp_path / folder).mkdir()
        for number, ds in enumerate(ct_writer().datasets(block)):
            ds.file_meta.TransferSyntaxUID = syntax
            if syntax == ExplicitVRBigEndian:
                ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
            ds.save_as(tmp_path / folder / f"{number}.dcm", enforce_file_format=True)
        np.testing.assert_array_equal(open_scan(tmp_path / folder).array, block, err_msg=folder)


@pytest.mark.parametrize(
    ("slope", "intercept", "signed"),
    [(1, -1024, False), (-1, 500, True), (0.5, -1000, False), (-0.25, 77.5, True), (1, 0, True)],
)
def test_rescale_is_applied_whatever_its_sign(
    ct_writer, body, tmp_path, itk_series, slope, intercept, signed
):
    ct_writer(slope=slope, intercept=intercept, signed=signed).write(tmp_path, body)
    scan = open_scan(tmp_path)
    assert np.abs(scan.array.astype(int) - body).max() <= 1
    np.testing.assert_allclose(scan.array, np.rint(itk_series(tmp_path)[0]), atol=0.51)


def test_each_slice_has_its_own_rescale(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer(slope=1.0).datasets(body)
    steep = ct_writer(slope=2.0, intercept=-1500.0).datasets(body // 2 * 2)
    datasets[2].PixelData = steep[2].PixelData
    datasets[2].RescaleSlope, datasets[2].RescaleIntercept = 2.0, -1500.0
    save_datasets(tmp_path, datasets)
    scan = open_scan(tmp_path)
    np.testing.assert_array_equal(scan.array[3], body[3])
    assert np.abs(scan.array[2].astype(int) - body[2]).max() <= 1


def test_values_beyond_int16_are_clipped_and_said(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer().datasets(body)
    pixels = np.frombuffer(datasets[0].PixelData, "<u2").copy()
    pixels[:3] = 65535
    datasets[0].PixelData = pixels.tobytes()
    save_datasets(tmp_path, datasets)
    scan = open_scan(tmp_path)
    assert scan.array[0, 0, :3].tolist() == [32767] * 3
    assert scan.array[0, 0, 3] == body[0, 0, 3]
    assert "3 voxels" in next(w.message for w in scan.warnings if w.code == "values-clipped")


def test_a_steep_slope_does_not_wrap_around(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer().datasets(body)
    for ds in datasets:
        ds.RescaleSlope = 40_000
    save_datasets(tmp_path, datasets)
    assert open_scan(tmp_path).array.max() == 32767


@pytest.mark.parametrize("declared", [-2000, 63536])
def test_pixel_padding_becomes_air(ct_writer, body, tmp_path, save_datasets, declared):
    """Files state a signed padding value in either reading of its 16 bits."""
    datasets = ct_writer(signed=True, intercept=0.0).datasets(body)
    for ds in datasets:
        pixels = np.frombuffer(ds.PixelData, "<i2").copy()
        pixels[:10] = -2000
        ds.PixelData = pixels.tobytes()
        ds.add_new("PixelPaddingValue", "US" if declared > 0 else "SS", declared)
    save_datasets(tmp_path, datasets)
    scan = open_scan(tmp_path)
    assert (scan.array[:, 0, :10] == -1024).all()
    np.testing.assert_array_equal(scan.array[:, 1:], body[:, 1:])


def test_a_range_of_padding_becomes_air(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer(signed=True, intercept=0.0).datasets(body)
    for ds in datasets:
        pixels = np.frombuffer(ds.PixelData, "<i2").copy()
        pixels[:3] = (-3000, -2500, -2000)
        ds.PixelData = pixels.tobytes()
        ds.add_new("PixelPaddingValue", "SS", -3000)
        ds.add_new("PixelPaddingRangeLimit", "SS", -2000)
    save_datasets(tmp_path, datasets)
    assert (open_scan(tmp_path).array[:, 0, :3] == -1024).all()


def test_bits_above_the_stored_ones_are_ignored(ct_writer, body, tmp_path, save_datasets):
    """Old files keep an overlay in the top bits of each pixel."""
    datasets = ct_writer().datasets(body)
    for ds in datasets:
        pixels = np.frombuffer(ds.PixelData, "<u2") | 0x8000
        ds.PixelData, ds.BitsStored, ds.HighBit = pixels.tobytes(), 12, 11
    save_datasets(tmp_path, datasets)
    np.testing.assert_array_equal(open_scan(tmp_path).array, body)


@pytest.mark.parametrize("tag", ["RescaleSlope", "RescaleIntercept"])
def test_a_ct_without_scale_is_refused(ct_writer, body, tmp_path, tag):
    ct_writer(tags={tag: None}).write(tmp_path, body)
    with pytest.raises(RefusedScanError, match="no scale in Hounsfield units"):
        open_scan(tmp_path)


def test_a_wrong_intercept_is_told_by_the_values(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer().datasets(body)
    save_datasets(tmp_path / "right", datasets)
    for ds in datasets:
        ds.RescaleIntercept = "0"
    save_datasets(tmp_path / "wrong", datasets)
    codes = [w.code for w in open_scan(tmp_path / "right").warnings]
    assert "values-implausible" not in codes
    (note,) = [w for w in open_scan(tmp_path / "wrong").warnings if w.code == "values-implausible"]
    assert "RescaleIntercept" in note.message


def test_a_ct_in_other_units_is_refused(ct_writer, body, tmp_path):
    ct_writer(tags={"RescaleType": "MGML"}).write(tmp_path, body)
    with pytest.raises(RefusedScanError, match="MGML"):
        open_scan(tmp_path)


def test_a_slice_cut_short_is_refused_with_its_place(ct_writer, body, tmp_path):
    paths = ct_writer().write(tmp_path, body)
    paths[3].write_bytes(paths[3].read_bytes()[:-100])
    with pytest.raises(UnreadableScanError, match="Slice 4 of 7"):
        open_scan(tmp_path)


def test_the_suggested_window_is_kept(ct_writer, body, tmp_path):
    tags = {"WindowCenter": [40, 450], "WindowWidth": [350, 1500]}
    ct_writer(tags=tags).write(tmp_path, body)
    assert open_scan(tmp_path).window == (40, 350)
