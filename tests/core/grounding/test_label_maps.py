"""Label maps from files, checked to lie on the scan."""

from __future__ import annotations

import json
from itertools import permutations

import numpy as np
import pytest

from medvlp.errors import LabelMapError
from medvlp.geometry import Geometry
from medvlp.grounding.label_maps import (
    label_map_of,
    load_label_map,
    onto_scan,
    totalsegmentator_names,
)


def write_nifti(path, array, geometry):
    import nibabel as nib

    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ geometry.affine[:, [2, 1, 0, 3]]
    nib.save(nib.Nifti1Image(array.transpose(2, 1, 0), affine), path)


def write_itk(path, array, geometry):
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(array)
    image.SetOrigin(geometry.affine[:3, 3].tolist())
    image.SetSpacing(geometry.spacing[::-1])
    image.SetDirection(geometry.directions[::-1].T.ravel().tolist())
    sitk.WriteImage(image, str(path))


@pytest.mark.parametrize("name", ["organs.nii.gz", "organs.nii", "organs.nrrd", "organs.mha"])
def test_every_format_lands_on_the_same_voxels(phantom, tmp_path, name):
    writer = write_nifti if ".nii" in name else write_itk
    writer(tmp_path / name, phantom.labels(), phantom.geometry)
    labels = load_label_map(tmp_path / name, phantom.geometry)
    assert np.array_equal(labels.array, phantom.labels())
    assert labels.name(5) == "liver"
    assert "no table" in labels.names_from


@pytest.mark.parametrize("axes", list(permutations(range(3))))
def test_a_map_stored_in_another_order_is_turned(phantom, axes):
    flips = (True, False, True)
    labels = phantom.labels()
    turned = labels.transpose(axes)[tuple(slice(None, None, -1 if f else 1) for f in flips)]
    geometry = phantom.geometry.permuted(axes, flips)
    assert np.array_equal(onto_scan(turned, geometry, phantom.geometry, "x"), labels)


def test_a_coarser_map_of_the_same_region_is_accepted(phantom):
    coarse = phantom.geometry.resampled((20, 20, 30))
    labels = phantom.labels()[::2, ::2, ::2]
    on = onto_scan(labels, coarse, phantom.geometry, "coarse")
    assert on.shape == phantom.geometry.shape
    assert set(np.unique(on)) == set(np.unique(labels))
    assert on[8, 18, 12] == 5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda g: g.cropped((0, 0, 6), g.shape), "does not lie on the scan.*expected.*found"),
        (lambda g: Geometry.axial(g.shape, (4.0, 4.0, 5.0), (-118.0, -80.0, 900.0)), "found"),
        (lambda g: g.cropped((10, 0, 0), (30, 40, 60)), "found"),
    ],
)
def test_a_map_of_another_place_is_refused_in_millimetres(phantom, tmp_path, change, words):
    geometry = change(phantom.geometry)
    labels = phantom.labels()[tuple(slice(0, n) for n in geometry.shape)]
    write_nifti(tmp_path / "x.nii.gz", labels, geometry)
    with pytest.raises(LabelMapError, match=words) as caught:
        load_label_map(tmp_path / "x.nii.gz", phantom.geometry)
    assert "mm" in str(caught.value)


def test_a_rotated_map_is_refused(phantom, tmp_path):
    angle = np.radians(8)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    geometry = Geometry(phantom.geometry.shape, turn @ phantom.geometry.affine)
    write_nifti(tmp_path / "x.nii.gz", phantom.labels(), geometry)
    with pytest.raises(LabelMapError, match="rotated"):
        load_label_map(tmp_path / "x.nii.gz", phantom.geometry)


@pytest.mark.parametrize("name", ["organs_labels.json", "organs.json"])
@pytest.mark.parametrize(
    "table", [{"hepar": 5}, {"5": "hepar"}, {"names": {"hepar": 5}}], ids=["name", "id", "names"]
)
def test_names_come_from_a_table_beside_the_file(phantom, tmp_path, name, table):
    write_nifti(tmp_path / "organs.nii.gz", phantom.labels(), phantom.geometry)
    (tmp_path / name).write_text(json.dumps(table))
    labels = load_label_map(tmp_path / "organs.nii.gz", phantom.geometry)
    assert labels.name(5) == "hepar"
    assert labels.name(7) == "label_7"
    assert name in labels.names_from


@pytest.mark.parametrize("text", ["", "[1, 2]", '{"liver": "big"}', '{"names": 3}'])
def test_a_damaged_table_is_refused(phantom, tmp_path, text):
    write_nifti(tmp_path / "organs.nii.gz", phantom.labels(), phantom.geometry)
    (tmp_path / "organs.json").write_text(text)
    with pytest.raises(LabelMapError, match=r"organs\.json is not a table"):
        load_label_map(tmp_path / "organs.nii.gz", phantom.geometry)


@pytest.mark.parametrize(
    "name", ["no.nii.gz", "broken.nii.gz", "broken.nrrd", "broken.dcm", "x.txt"]
)
def test_a_file_that_is_none_is_refused(phantom, tmp_path, name):
    if name != "no.nii.gz":
        (tmp_path / name).write_bytes(b"not a label map" * 40)
    with pytest.raises(LabelMapError):
        load_label_map(tmp_path / name, phantom.geometry)


def test_an_array_must_be_of_the_scans_shape_and_of_whole_numbers(phantom):
    assert label_map_of(phantom.labels(), phantom.geometry).name(51) == "heart"
    with pytest.raises(LabelMapError, match="expected shape"):
        label_map_of(phantom.labels()[1:], phantom.geometry)
    with pytest.raises(LabelMapError, match="whole numbers"):
        label_map_of(phantom.labels().astype(float), phantom.geometry)


def test_a_dicom_segmentation_is_read_with_its_names(phantom, tmp_path):
    path = tmp_path / "seg.dcm"
    write_dicom_seg(path, phantom.labels(), phantom.geometry)
    labels = load_label_map(path, phantom.geometry)
    assert {labels.name(i) for i in np.unique(labels.array) if i} == {"liver", "heart"}
    liver = next(i for i, name in labels.names.items() if name == "liver")
    assert np.array_equal(labels.array == liver, phantom.labels() == 5)


def write_dicom_seg(path, labels, geometry):
    """SEG with two segments on synthetic source images."""
    import highdicom as hd
    from pydicom.sr.codedict import codes
    from pydicom.uid import CTImageStorage, generate_uid

    sources = [source_image(k, geometry, CTImageStorage, generate_uid) for k in range(40)]
    study, series, frame = (generate_uid() for _ in range(3))
    for image in sources:
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.FrameOfReferenceUID = frame
    segments = [
        hd.seg.SegmentDescription(
            segment_number=number,
            segment_label=label,
            segmented_property_category=codes.SCT.Organ,
            segmented_property_type=code,
            algorithm_type="MANUAL",
        )
        for number, label, code in ((1, "Liver", codes.SCT.Liver), (2, "Heart", codes.SCT.Heart))
    ]
    array = np.where(labels == 5, 1, np.where(labels == 51, 2, 0)).astype(np.uint8)
    hd.seg.Segmentation(
        source_images=sources,
        pixel_array=array,
        segmentation_type="BINARY",
        segment_descriptions=segments,
        series_instance_uid=generate_uid(),
        series_number=2,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="none",
        manufacturer_model_name="none",
        software_versions="0",
        device_serial_number="0",
    ).save_as(path)


def source_image(k, geometry, storage, uid):
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.SOPInstanceUID = storage, uid()
    image.Modality, image.PatientID, image.PatientName = "CT", "0", "Nobody^"
    image.PatientBirthDate = image.PatientSex = image.StudyID = image.AccessionNumber = ""
    image.StudyDate = image.StudyTime = image.ReferringPhysicianName = ""
    image.SeriesNumber, image.InstanceNumber = 1, k + 1
    image.Rows, image.Columns = geometry.shape[1:]
    image.ImagePositionPatient = geometry.index_to_world((k, 0, 0)).tolist()
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.PixelSpacing = [geometry.spacing[1], geometry.spacing[2]]
    image.SliceThickness = geometry.spacing[0]
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation, image.SamplesPerPixel = 15, 1, 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.PixelData = bytes(2 * image.Rows * image.Columns)
    return image


def test_the_class_table_is_that_of_totalsegmentator(real_data):
    table = json.loads((real_data / "ct_totalseg" / "class_map_total.json").read_text())
    assert totalsegmentator_names() == {int(k): v for k, v in table.items()}


def test_the_real_label_map_of_a_real_ct_lies_on_it(real_data):
    from medvlp.io.open import open_scan

    folder = real_data / "ct_totalseg"
    scan = open_scan(folder / "example_ct.nii.gz")
    labels = load_label_map(folder / "example_ct_seg_fast.nii.gz", scan.geometry)
    assert labels.array.shape == scan.array.shape
    liver = scan.array[labels.array == 5]
    assert 20 < float(np.median(liver)) < 160
    other = open_scan(real_data / "ct_lidc" / "ct.nii.gz")
    with pytest.raises(LabelMapError, match="does not lie on the scan"):
        load_label_map(folder / "example_ct_seg_fast.nii.gz", other.geometry)
