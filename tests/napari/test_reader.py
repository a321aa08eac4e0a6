"""Files as layers."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp_napari.layer_scan import METADATA_KEY
from medvlp_napari.reader import get_reader


def write_nifti(path, scan) -> None:
    import nibabel

    from medvlp.export.volumes import nifti_affine

    affine = nifti_affine(scan.geometry)
    image = nibabel.Nifti1Image(scan.array.transpose(2, 1, 0), affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)


@pytest.fixture
def tilted(phantoms):
    tilt = phantoms.rotated(18.0, 0)
    return phantoms.make(phantoms.geometry((24, 46, 40), (3.0, 2.0, 2.5), tilt=tilt))


def in_world(layer) -> np.ndarray:
    data, arguments, _ = layer
    index = np.argwhere(np.asarray(data) > -400).mean(axis=0)
    return index * arguments["scale"] + arguments["translate"]


def test_a_flipped_nifti_becomes_an_axis_aligned_layer_in_millimetres(tmp_path, phantoms):
    geometry = phantoms.geometry((22, 40, 36), (4.0, 2.0, 2.5), ((2, -1), (1, 1), (0, -1)))
    write_nifti(tmp_path / "ct.nii.gz", phantoms.make(geometry))
    (layer,) = get_reader(str(tmp_path / "ct.nii.gz"))(str(tmp_path / "ct.nii.gz"))
    _, arguments, kind = layer
    assert kind == "image"
    assert arguments["name"] == "ct.nii.gz"
    assert arguments["scale"] == pytest.approx((4.0, 2.0, 2.5))
    assert arguments["units"] == ("mm",) * 3
    assert arguments["axis_labels"] == ("z", "y", "x")
    np.testing.assert_allclose(in_world(layer), phantoms.kidney_mm[::-1], atol=0.6)


def test_a_tilted_volume_is_resampled_and_its_own_affine_is_kept(tmp_path, phantoms, tilted):
    write_nifti(tmp_path / "ct.nii", tilted)
    (layer,) = get_reader(str(tmp_path / "ct.nii"))(str(tmp_path / "ct.nii"))
    notes = layer[1]["metadata"][METADATA_KEY]
    assert notes["resampled"]
    steps = np.abs(np.linalg.inv(notes["affine_lps"][:3, :3]) @ tilted.geometry.affine[:3, :3])
    np.testing.assert_allclose(np.sort(steps, axis=0)[-1], 1.0, atol=1e-3)
    np.testing.assert_allclose(in_world(layer), phantoms.kidney_mm[::-1], atol=0.6)


@pytest.mark.realdata
def test_a_dicom_folder_becomes_one_layer_with_its_window(real_data):
    folder = str(real_data / "dicom_ct_series")
    (layer,) = get_reader(folder)(folder)
    data, arguments, _ = layer
    assert data.shape == (64, 512, 512)
    assert arguments["scale"][0] == pytest.approx(5.0)
    low, high = arguments["contrast_limits"]
    assert low < high
    # On a supine patient the table and back are in the lower rows, bright bone behind.
    assert data[32, 256:].mean() > data[32, :100].mean()


@pytest.mark.realdata
def test_dicom_slices_selected_together_are_one_volume(real_data):
    files = [str(p) for p in sorted((real_data / "dicom_ct_series").glob("*.dcm"))]
    (layer,) = get_reader(files)(files)
    assert layer[0].shape == (64, 512, 512)


@pytest.mark.realdata
def test_several_selected_files_become_several_layers(real_data):
    files = [str(real_data / "ct_totalseg" / name) for name in ("example_ct_sm.nii.gz",)] * 2
    assert len(get_reader(files)(files)) == 2


@pytest.mark.parametrize(
    "path",
    ["", "nowhere", "nowhere.dcm.txt", "\0", "http://example.org/a.txt", [], ["a.txt", "b.nii"], 7, None],
)  # fmt: skip
def test_paths_that_are_no_scans_get_no_reader_and_no_error(path):
    assert get_reader(path) is None


def test_files_without_a_suffix_are_known_by_the_dicom_preamble(tmp_path):
    (tmp_path / "IM0001").write_bytes(bytes(128) + b"DICM" + bytes(100))
    (tmp_path / "README").write_bytes(b"hello")
    assert get_reader(str(tmp_path / "IM0001")) is not None
    assert get_reader(str(tmp_path / "README")) is None
    assert get_reader(str(tmp_path)) is not None


def test_an_empty_folder_is_not_offered(tmp_path):
    assert get_reader(str(tmp_path)) is None


def test_grey_pictures_are_offered_and_colour_pictures_are_left_to_napari(tmp_path):
    from PIL import Image

    Image.new("L", (8, 6)).save(tmp_path / "grey.png")
    Image.new("RGB", (8, 6)).save(tmp_path / "colour.png")
    (tmp_path / "empty.png").write_bytes(b"")
    names = ("grey.png", "colour.png", "empty.png")
    offered = [get_reader(str(tmp_path / name)) is not None for name in names]
    assert offered == [True, False, False]


def test_a_broken_file_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "broken.nii.gz"
    path.write_bytes(b"this is no NIfTI")
    with pytest.raises(MedVLPError, match=r"broken\.nii\.gz"):
        get_reader(str(path))(str(path))


def test_an_x_ray_picture_keeps_pixels_because_its_spacing_is_not_known(tmp_path):
    from PIL import Image

    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(6, 8)).save(tmp_path / "x.png")
    (layer,) = get_reader(str(tmp_path / "x.png"))(str(tmp_path / "x.png"))
    assert layer[1]["units"] == ("pixel", "pixel")
    assert layer[1]["scale"] == (1.0, 1.0)
