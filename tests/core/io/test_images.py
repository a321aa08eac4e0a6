"""PNG, JPEG and TIFF as X-rays, and what is refused of them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from medvlp import RefusedScanError, UnreadableScanError, open_scan

GREY = (np.arange(20 * 15).reshape(20, 15) % 256).astype(np.uint8)


@pytest.mark.parametrize("suffix", ["png", "tiff", "tif"])
def test_8_bit_grey_keeps_its_scale(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(GREY).save(path)
    scan = open_scan(path)
    assert (scan.modality, scan.intensity, scan.array.dtype) == ("XR", "normalised", np.float32)
    np.testing.assert_allclose(scan.array, GREY / 255, atol=1e-6)


def test_jpeg_is_close(tmp_path):
    smooth = np.add.outer(np.arange(64), np.arange(48)).astype(np.uint8)
    Image.fromarray(smooth).save(tmp_path / "a.jpg", quality=95)
    assert np.abs(open_scan(tmp_path / "a.jpg").array - smooth / 255).max() < 0.03


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_16_bit_grey_is_stretched_over_its_own_range(tmp_path, suffix):
    deep = (np.arange(300).reshape(20, 15) * 13 + 100).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / f"a.{suffix}")
    scan = open_scan(tmp_path / f"a.{suffix}")
    np.testing.assert_allclose(scan.array, np.arange(300).reshape(20, 15) / 299, atol=1e-6)


def test_a_white_is_zero_tiff_is_turned_over(tmp_path):
    deep = (np.arange(300).reshape(20, 15) * 13).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.tiff", tiffinfo={262: 0})
    scan = open_scan(tmp_path / "a.tiff")
    assert scan.array[0, 0] == 1
    assert scan.array[-1, -1] == 0


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "CMYK"])
def test_every_mode_becomes_grey(tmp_path, mode):
    suffix = "jpg" if mode == "CMYK" else "png"
    Image.fromarray(np.where(GREY > 127, 255, 0).astype(np.uint8)).convert(mode).save(
        tmp_path / f"a.{suffix}"
    )
    scan = open_scan(tmp_path / f"a.{suffix}")
    assert scan.array.shape == GREY.shape
    assert scan.array.mean() == pytest.approx((GREY > 127).mean(), abs=0.05)


def test_colours_are_weighted_by_brightness(tmp_path):
    colours = np.array([[(255, 0, 0), (0, 255, 0), (0, 0, 255), (90, 90, 90)]], dtype=np.uint8)
    Image.fromarray(colours).save(tmp_path / "a.png")
    expected = [0.299, 0.587, 0.114, 90 / 255]
    np.testing.assert_allclose(open_scan(tmp_path / "a.png").array[0], expected, atol=0.003)


def test_a_photograph_turned_by_exif_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(GREY).save(tmp_path / "a.png", exif=exif)
    np.testing.assert_allclose(open_scan(tmp_path / "a.png").array, np.rot90(GREY, -1) / 255)


def test_dots_per_inch_are_not_taken_for_pixel_spacing(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "a.png", dpi=(300, 300))
    scan = open_scan(tmp_path / "a.png")
    assert scan.geometry.units == "pixel"
    assert scan.geometry.orientation == "IL"


def test_a_float_tiff_with_holes_is_read_and_said(tmp_path):
    values = np.linspace(-1, 3, 300, dtype=np.float32).reshape(20, 15)
    values[4, 4] = np.nan
    Image.fromarray(values).save(tmp_path / "a.tiff")
    scan = open_scan(tmp_path / "a.tiff")
    assert scan.array.min() == 0
    assert scan.array.max() == 1
    assert [w.code for w in scan.warnings] == ["values-not-finite"]


def test_the_extension_does_not_matter(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.dcm")
    np.testing.assert_allclose(open_scan(tmp_path / "a.dcm").array, GREY / 255, atol=1e-6)


def huge_png(side: int) -> bytes:
    """A valid PNG of ``side`` x ``side`` black pixels that is small on disk."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [20_000, 12_000, 9_500])
def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path, side):
    path = tmp_path / "a.png"
    path.write_bytes(huge_png(side))
    with pytest.raises(RefusedScanError, match=r"pixels.*at most 80 million"):
        open_scan(path)


def test_a_stack_of_pictures_is_refused(tmp_path):
    pages = [Image.fromarray(GREY) for _ in range(3)]
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    with pytest.raises(RefusedScanError, match="3 pages"):
        open_scan(tmp_path / "a.tiff")


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff"])
def test_a_picture_cut_short_is_refused(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (80, 80), dtype=np.uint8)
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableScanError):
        open_scan(path)


def test_a_picture_is_no_ct(tmp_path):
    Image.fromarray(GREY).save(tmp_path / "a.png")
    with pytest.raises(RefusedScanError, match="Hounsfield"):
        open_scan(tmp_path / "a.png", modality="CT")


@pytest.mark.parametrize("folder", ["cxr_nih", "cxr_covid", "cxr_jsrt", "cxr_kermany"])
def test_real_x_rays_open(real_data, folder):
    paths = sorted((real_data / folder).rglob("*.[jp][pn]g"))[:3]
    assert paths
    for path in paths:
        scan = open_scan(path)
        assert scan.modality == "XR"
        assert 0 <= scan.array.min() < scan.array.max() <= 1
