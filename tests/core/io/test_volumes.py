"""NIfTI, NRRD and MHA: exact geometry, Hounsfield units or refused."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from medvlp import GeometryError, RefusedScanError, UnreadableScanError, open_scan

REAL_LABEL_MAPS = ("seg", "mask")
OBLIQUE_RAS = np.array(
    [[1.4, 0.3, -0.2, 11.0], [-0.28, 1.2, 0.5, -7.0], [0.35, -0.4, 2.2, 90.0], [0, 0, 0, 1.0]]
)


def corners(shape):
    return list(product(*[(0, n - 1) for n in shape]))


def itk_world(image, index):
    return np.array(image.TransformContinuousIndexToPhysicalPoint([float(i) for i in index[::-1]]))


def save_nifti(path, hu, affine, code=1, dtype=np.int16, **header):
    """``hu`` is (slices, rows, columns)."""
    import nibabel as nib

    image = nib.Nifti1Image(hu.transpose(2, 1, 0).astype(dtype), affine)
    image.set_sform(affine, code)
    image.set_qform(None, 0)
    for key, value in header.items():
        image.header[key] = value
    nib.save(image, path)
    return path


def test_every_real_volume_is_opened_or_refused(real_data):
    found = sorted(real_data.rglob("*.nii.gz"))
    assert len(found) >= 28
    for path in found:
        label_map = any(word in path.name for word in REAL_LABEL_MAPS)
        if label_map or path.name == "example_mr_sm.nii.gz":
            with pytest.raises(RefusedScanError, match="label map" if label_map else "Hounsfield"):
                open_scan(path)
        else:
            scan = open_scan(path)
            assert scan.modality == "CT", path.name
            assert scan.warnings == (), path.name


@pytest.mark.parametrize(
    "name",
    [
        "ct_totalseg/example_ct.nii.gz",
        "ct_totalseg/example_ct_sm.nii.gz",
        "ct_lidc/ct.nii.gz",
        "ct_thorax/tptbox-lumbar_ct.nii.gz",
        "ct_covidctmd/cap001_ct.nii.gz",
    ],
)
def test_a_real_volume_agrees_with_simpleitk(real_data, name):
    import SimpleITK as sitk

    scan = open_scan(real_data / name)
    image = sitk.ReadImage(str(real_data / name))
    assert scan.array.dtype == np.int16
    np.testing.assert_array_equal(scan.array, sitk.GetArrayFromImage(image))
    for index in corners(scan.array.shape):
        np.testing.assert_allclose(
            scan.geometry.index_to_world(index), itk_world(image, index), atol=1e-3
        )


def test_ras_becomes_lps_and_axes_are_reversed(body, tmp_path):
    path = save_nifti(tmp_path / "a.nii", body, OBLIQUE_RAS)
    scan = open_scan(path)
    np.testing.assert_array_equal(scan.array, body)
    k, row, column = 3, 7, 4
    ras = OBLIQUE_RAS @ (column, row, k, 1)
    expected = (-ras[0], -ras[1], ras[2])
    np.testing.assert_allclose(scan.geometry.index_to_world((k, row, column)), expected, atol=1e-4)


def test_a_skewed_affine_is_kept_and_said(body, tmp_path):
    affine = np.diag([1.0, 1.0, 2.0, 1.0])
    affine[1, 2] = 0.4
    scan = open_scan(save_nifti(tmp_path / "a.nii", body, affine))
    assert [w.code for w in scan.warnings] == ["axes-skewed"]
    assert scan.geometry.index_to_world((1, 0, 0)) == pytest.approx((0, -0.4, 2.0))


def test_the_qform_is_used_when_there_is_no_sform(body, tmp_path):
    import nibabel as nib

    affine = np.array([[-2.0, 0, 0, 5], [0, 0, 1.5, 6], [0, 1.0, 0, 7], [0, 0, 0, 1]])
    image = nib.Nifti1Image(body.transpose(2, 1, 0), affine)
    image.set_sform(None, 0)
    image.set_qform(affine, 1)
    nib.save(image, tmp_path / "q.nii.gz")
    scan = open_scan(tmp_path / "q.nii.gz")
    assert scan.geometry.index_to_world((1, 1, 1)) == pytest.approx((-3, -7.5, 8), abs=1e-4)
    assert scan.warnings == ()


def test_a_file_without_orientation_says_so(body, tmp_path):
    path = save_nifti(tmp_path / "a.nii", body, np.diag([1, 1, 2.0, 1]), code=0)
    assert [w.code for w in open_scan(path).warnings] == ["orientation-unknown"]


def test_disagreeing_affines_are_said(body, tmp_path):
    import nibabel as nib

    image = nib.Nifti1Image(body.transpose(2, 1, 0), np.eye(4))
    image.set_sform(np.diag([1, 1, 2.0, 1]), 1)
    image.set_qform(np.diag([1, 1, 3.0, 1]), 1)
    nib.save(image, tmp_path / "a.nii")
    scan = open_scan(tmp_path / "a.nii")
    assert scan.geometry.spacing[0] == pytest.approx(2.0)
    (warning,) = scan.warnings
    assert warning.code == "affines-disagree"
    assert "6.00 mm" in warning.message


def test_metres_become_millimetres(body, tmp_path):
    import nibabel as nib

    image = nib.Nifti1Image(body.transpose(2, 1, 0), np.diag([0.001, 0.001, 0.002, 1]))
    image.header.set_xyzt_units("meter")
    nib.save(image, tmp_path / "a.nii")
    assert open_scan(tmp_path / "a.nii").geometry.spacing == pytest.approx((2, 1, 1), rel=1e-5)


@pytest.mark.parametrize(
    ("dtype", "excess"), [(np.int32, 0.0), (np.float32, 0.3), (np.float64, -0.4)]
)
def test_other_number_types_are_rounded_to_int16(body, tmp_path, dtype, excess):
    path = save_nifti(tmp_path / "a.nii.gz", body + excess, np.eye(4), dtype=dtype)
    np.testing.assert_array_equal(open_scan(path).array, body)


def test_scale_factors_are_applied(body, tmp_path):
    import nibabel as nib

    image = nib.Nifti1Image(body.transpose(2, 1, 0), np.eye(4))
    image.header.set_slope_inter(0.5, -100.0)
    nib.save(image, tmp_path / "a.nii")
    assert np.abs(open_scan(tmp_path / "a.nii").array - (body * 0.5 - 100)).max() <= 0.5


def test_values_that_are_not_finite_become_air_and_are_said(body, tmp_path):
    values = body.astype(np.float32)
    values[0, 0, :3] = (np.nan, np.inf, -np.inf)
    scan = open_scan(save_nifti(tmp_path / "a.nii", values, np.eye(4), dtype=np.float32))
    assert (scan.array[0, 0, :3] == -1024).all()
    assert [w.code for w in scan.warnings] == ["values-not-finite"]


def test_values_beyond_int16_are_clipped_and_said(body, tmp_path):
    values = body.astype(np.int32)
    values[0, 0, :2] = (70_000, -70_000)
    scan = open_scan(save_nifti(tmp_path / "a.nii", values, np.eye(4), dtype=np.int32))
    assert scan.array[0, 0, :2].tolist() == [32767, -32768]
    assert [w.code for w in scan.warnings] == ["values-clipped"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda hu: hu + 1024, "below -50"),
        (lambda hu: (hu - hu.min()) / np.ptp(hu), "label map"),
        (lambda hu: (hu - hu.mean()) / hu.std() * 30, "below -50"),
        (lambda hu: np.where(hu > 0, 3, 0), "label map"),
    ],
    ids=["no intercept", "unit range", "standardised", "labels"],
)
def test_what_is_not_in_hounsfield_units_is_refused(body, tmp_path, change, reason):
    values = change(body.astype(np.float64) / 3 + 100)
    path = save_nifti(tmp_path / "a.nii", np.rint(values), np.eye(4))
    with pytest.raises(RefusedScanError, match=reason):
        open_scan(path)


def test_a_time_series_is_refused(body, tmp_path):
    import nibabel as nib

    nib.save(nib.Nifti1Image(np.stack([body, body], -1), np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(RefusedScanError, match="4 dimensions"):
        open_scan(tmp_path / "a.nii")


def test_a_fourth_dimension_of_one_is_no_time_series(body, tmp_path):
    import nibabel as nib

    nib.save(nib.Nifti1Image(body.transpose(2, 1, 0)[..., None], np.eye(4)), tmp_path / "a.nii")
    np.testing.assert_array_equal(open_scan(tmp_path / "a.nii").array, body)


def test_a_colour_volume_is_refused(tmp_path):
    import nibabel as nib

    colour = np.zeros((4, 4, 4), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    nib.save(nib.Nifti1Image(colour, np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(RefusedScanError, match="colour"):
        open_scan(tmp_path / "a.nii")


def test_a_singular_affine_is_refused(body, tmp_path):
    affine = np.diag([1.0, 1.0, 1.0, 1.0])
    affine[:3, 2] = affine[:3, 1]
    with pytest.raises(GeometryError, match="singular"):
        open_scan(save_nifti(tmp_path / "a.nii", body, affine))


def test_an_affine_that_is_no_number_names_the_file_and_what_to_do(body, tmp_path):
    path = save_nifti(tmp_path / "a.nii", body, np.eye(4))
    data = bytearray(path.read_bytes())
    data[280:284] = np.array([np.nan], dtype="<f4").tobytes()
    path.write_bytes(data)
    with pytest.raises(GeometryError, match=r"^a\.nii: .*Write the file again"):
        open_scan(path)


def test_a_header_that_claims_a_huge_volume_is_refused_before_allocating(body, tmp_path):
    path = save_nifti(tmp_path / "a.nii", body, np.eye(4))
    data = bytearray(path.read_bytes())
    data[40:48] = np.array([3, 30000, 30000, 30000], dtype="<i2").tobytes()
    path.write_bytes(data)
    with pytest.raises(RefusedScanError, match="30000 x 30000 x 30000"):
        open_scan(path)


@pytest.mark.parametrize("suffix", [".nrrd", ".mha", ".mhd", ".nhdr"])
def test_itk_formats_keep_an_oblique_geometry(body, tmp_path, suffix):
    import SimpleITK as sitk
    from scipy.spatial.transform import Rotation

    image = sitk.GetImageFromArray(body)
    image.SetSpacing((0.7, 0.9, 3.1))
    image.SetOrigin((-20.0, 13.0, -400.0))
    matrix = Rotation.from_euler("xyz", (10, -20, 30), degrees=True).as_matrix()
    image.SetDirection(matrix.ravel())
    path = tmp_path / f"scan{suffix}"
    sitk.WriteImage(image, str(path))
    scan = open_scan(path)
    np.testing.assert_array_equal(scan.array, body)
    assert scan.geometry.spacing == pytest.approx((3.1, 0.9, 0.7))
    for index in corners(body.shape):
        np.testing.assert_allclose(
            scan.geometry.index_to_world(index), itk_world(image, index), atol=1e-3
        )
    assert scan.warnings == ()


def test_nifti_and_nrrd_of_one_ct_are_one_scan(real_data, tmp_path):
    import SimpleITK as sitk

    path = real_data / "ct_totalseg" / "example_ct_sm.nii.gz"
    sitk.WriteImage(sitk.ReadImage(str(path)), str(tmp_path / "a.nrrd"))
    first, second = open_scan(path), open_scan(tmp_path / "a.nrrd")
    np.testing.assert_array_equal(first.array, second.array)
    assert first.geometry.is_close(second.geometry)


def test_an_nrrd_without_patient_space_says_so(body, tmp_path):
    header = (
        "NRRD0004\ntype: short\ndimension: 3\nsizes: 10 12 7\nencoding: raw\nendian: little\n\n"
    )
    (tmp_path / "a.nrrd").write_bytes(header.encode() + body.tobytes())
    scan = open_scan(tmp_path / "a.nrrd")
    np.testing.assert_array_equal(scan.array, body)
    assert [w.code for w in scan.warnings] == ["orientation-unknown"]


def test_a_vector_image_is_refused(body, tmp_path):
    import SimpleITK as sitk

    sitk.WriteImage(
        sitk.GetImageFromArray(np.stack([body] * 3, -1), isVector=True), str(tmp_path / "a.mha")
    )
    with pytest.raises(RefusedScanError, match="3 values per voxel"):
        open_scan(tmp_path / "a.mha")


@pytest.mark.parametrize("target", ["/etc/hostname", "../secret.raw", "C:\\secret.raw"])
def test_a_header_cannot_point_outside_its_folder(tmp_path, target):
    (tmp_path / "a.mhd").write_text(
        "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_SHORT\n"
        f"ElementDataFile = {target}\n"
    )
    with pytest.raises(UnreadableScanError, match="outside its own folder"):
        open_scan(tmp_path / "a.mhd")


def test_a_flat_file_is_an_x_ray_on_request(tmp_path):
    import SimpleITK as sitk

    values = np.linspace(0, 1, 48).reshape(6, 8).astype(np.float32) ** 2
    sitk.WriteImage(sitk.GetImageFromArray(values), str(tmp_path / "a.mha"))
    scan = open_scan(tmp_path / "a.mha", modality="XR")
    np.testing.assert_allclose(scan.array, values, atol=1e-6)
    with pytest.raises(RefusedScanError):
        open_scan(tmp_path / "a.mha")


def test_a_volume_is_no_x_ray(real_data):
    with pytest.raises(RefusedScanError, match="two-dimensional"):
        open_scan(real_data / "ct_totalseg" / "example_ct_sm.nii.gz", modality="XR")
