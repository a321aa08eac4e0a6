"""Several series in one folder: the largest usable one is taken, the others are named."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp import RefusedScanError, UnreadableScanError, open_scan
from medvlp.io.open import list_series


@pytest.fixture
def study(ct_writer, radiograph, body, tmp_path, save_datasets):
    """A localiser, a thin and a thick series, a radiograph, an MR image and a text file."""
    scout = ct_writer(tags={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"], "SeriesNumber": 1})
    save_datasets(tmp_path / "a", scout.datasets(np.kron(body[:1], np.ones((1, 9, 9), np.int16))))
    save_datasets(tmp_path / "b", ct_writer(tags={"SeriesNumber": 2}).datasets(body[:3] + 5))
    save_datasets(tmp_path / "c" / "deep", ct_writer(tags={"SeriesNumber": 30}).datasets(body))
    save_datasets(tmp_path / "d", [radiograph(SeriesNumber=4)])
    magnetic = ct_writer(tags={"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4", "Modality": "MR"})
    save_datasets(tmp_path / "e", magnetic.datasets(body))
    (tmp_path / "notes.txt").write_text("hello")
    return tmp_path


def test_the_largest_usable_series_is_opened_and_the_others_are_named(study, body):
    scan = open_scan(study)
    np.testing.assert_array_equal(scan.array, body)
    others = scan.provenance["other_series"]
    assert len(others) == 4
    assert {o["reason"] for o in others} == {"", "a localiser (scout) of a CT", "an MR image"}
    assert [w.code for w in scan.warnings] == ["other-series"]
    assert "2 other usable" in scan.warnings[0].message


def test_volumes_beside_the_dicom_files_are_not_passed_over_in_silence(study, body):
    import nibabel

    nibabel.Nifti1Image(body.T, np.eye(4)).to_filename(study / "later.nii.gz")
    (said,) = [w.message for w in open_scan(study).warnings if w.code == "files-beside"]
    assert said.startswith("1 volumes in other formats")
    assert "later" not in said  # a file name may be a patient's


def test_listing_puts_first_what_would_be_opened(study, body):
    infos = list_series(study)
    assert [i.usable for i in infos] == [True, True, True, False, False]
    assert infos[0].shape == body.shape
    assert infos[0].number == 30
    assert infos[0].spacing_mm == pytest.approx((2.5, 0.8, 0.6))
    assert len({i.id for i in infos}) == 5


@pytest.mark.parametrize("as_text", [False, True])
def test_a_series_is_picked_by_number(study, body, as_text):
    scan = open_scan(study, series="2" if as_text else 2)
    np.testing.assert_array_equal(scan.array, body[:3] + 5)


def test_a_series_is_picked_by_id_or_its_beginning(study, body):
    wanted = next(i for i in list_series(study) if i.number == 2)
    for name in (wanted.id, wanted.id[:8]):
        np.testing.assert_array_equal(open_scan(study, series=name).array, body[:3] + 5)


def test_a_series_is_picked_by_position_when_no_number_matches(study, body):
    np.testing.assert_array_equal(open_scan(study, series=0).array, body)


def test_picking_an_unusable_series_says_what_it_is(study):
    with pytest.raises(RefusedScanError, match="localiser"):
        open_scan(study, series=1)


def test_picking_a_series_that_is_not_there_lists_what_is(study):
    with pytest.raises(RefusedScanError, match=r"no series '77'.*number 30"):
        open_scan(study, series="77")


def test_a_modality_narrows_the_choice(study):
    assert open_scan(study, modality="XR").modality == "XR"


def test_the_choice_does_not_depend_on_the_order_of_files(ct_writer, body, tmp_path, save_datasets):
    first, second = (ct_writer(tags={"SeriesNumber": n}).datasets(body + n) for n in (5, 6))
    save_datasets(tmp_path / "x" / "a", first)
    save_datasets(tmp_path / "x" / "b", second)
    save_datasets(tmp_path / "y" / "a", second)
    save_datasets(tmp_path / "y" / "b", first)
    assert open_scan(tmp_path / "x").scan_id == open_scan(tmp_path / "y").scan_id


def test_a_localiser_inside_the_series_is_kept_apart(ct_writer, body, tmp_path, save_datasets):
    axial = ct_writer().datasets(body)
    (scout,) = ct_writer(
        orientation=(1, 0, 0, 0, 0, -1), tags={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    ).datasets(body[:1])
    scout.SeriesInstanceUID = axial[0].SeriesInstanceUID
    save_datasets(tmp_path, [scout, *axial])
    np.testing.assert_array_equal(open_scan(tmp_path).array, body)
    assert len(list_series(tmp_path)) == 2


def test_another_orientation_in_the_series_is_kept_apart(ct_writer, body, tmp_path, save_datasets):
    axial = ct_writer().datasets(body)
    coronal = ct_writer(orientation=(1, 0, 0, 0, 0, -1)).datasets(body[:2])
    for ds in coronal:
        ds.SeriesInstanceUID = axial[0].SeriesInstanceUID
    save_datasets(tmp_path, [*coronal, *axial])
    np.testing.assert_array_equal(open_scan(tmp_path).array, body)


def test_rounding_of_the_orientation_does_not_split_a_series(
    ct_writer, body, tmp_path, save_datasets
):
    """Cosines on either side of 0.0005, where rounding to three digits would tell them apart."""
    datasets = ct_writer().datasets(body)
    for number, ds in enumerate(datasets):
        tiny = 0.000499 if number % 2 else 0.000501
        ds.ImageOrientationPatient = [1.0, tiny, 0.0, -tiny, 1.0, 0.0]
    save_datasets(tmp_path, datasets)
    np.testing.assert_array_equal(open_scan(tmp_path).array, body)
    assert len(list_series(tmp_path)) == 1


def test_a_folder_without_anything_usable_says_what_it_holds(ct_writer, body, tmp_path):
    magnetic = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4", "Modality": "MR"}
    ct_writer(tags=magnetic).write(tmp_path / "a", body)
    ct_writer(tags={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}).write(
        tmp_path / "b", body[:1]
    )
    with pytest.raises(RefusedScanError) as caught:
        open_scan(tmp_path)
    assert "an MR image" in str(caught.value)
    assert "localiser" in str(caught.value)


def test_damaged_files_in_a_folder_are_counted(ct_writer, body, tmp_path):
    paths = ct_writer().write(tmp_path, body)
    (tmp_path / "broken.dcm").write_bytes(paths[0].read_bytes()[:400])
    scan = open_scan(tmp_path)
    np.testing.assert_array_equal(scan.array, body)
    assert [w.code for w in scan.warnings] == ["files-damaged"]


def test_a_folder_of_damaged_files_is_unreadable(ct_writer, body, tmp_path):
    for path in ct_writer().write(tmp_path, body):
        path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(UnreadableScanError, match="None of the 7 DICOM files"):
        open_scan(tmp_path)


def test_a_dicomdir_stands_for_its_folder(ct_writer, body, tmp_path):
    from pydicom.fileset import FileSet

    study = {"StudyDate": "20200101", "StudyTime": "120000", "StudyID": "1"}
    paths = ct_writer(tags=study).write(tmp_path / "in", body)
    files = FileSet()
    for path in paths:
        files.add(path)
    files.write(tmp_path / "medium")
    np.testing.assert_array_equal(open_scan(tmp_path / "medium" / "DICOMDIR").array, body)
    np.testing.assert_array_equal(open_scan(tmp_path / "medium").array, body)


def test_every_series_of_the_odd_folder_is_listed(real_data):
    infos = list_series(real_data / "dicom_odd")
    usable = [i for i in infos if i.usable]
    assert sorted(i.modality for i in usable) == ["CT"] * (len(usable) - 3) + ["XR"] * 3
    assert all(i.reason for i in infos if not i.usable)


def test_the_ct_beside_its_label_map_is_opened(real_data):
    scan = open_scan(real_data / "ct_lidc")
    assert scan.array.shape == (166, 240, 240)
    assert [w.code for w in scan.warnings] == ["other-series"]


def test_a_folder_of_many_pictures_is_refused(real_data):
    with pytest.raises(RefusedScanError, match="Open one of the files"):
        open_scan(real_data / "cxr_jsrt")


def test_file_names_stay_out_of_the_provenance(real_data, tmp_path):
    for name in ("ct.nii.gz", "seg.nii.gz"):
        (tmp_path / f"Jane_Doe_{name}").symlink_to(real_data / "ct_lidc" / name)
    assert "Jane" not in str(open_scan(tmp_path).provenance)
