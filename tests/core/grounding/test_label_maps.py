"""Label maps from files, checked to lie on the scan."""

from __future__ import annotations

import json
from itertools import permutations

import numpy as np
import pytest

from medvlp.errors import Cancelled, LabelMapError
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
    ],
)
def test_a_map_of_another_place_is_refused_in_millimetres(phantom, tmp_path, change, words):
    geometry = change(phantom.geometry)
    labels = phantom.labels()[tuple(slice(0, n) for n in geometry.shape)]
    write_nifti(tmp_path / "x.nii.gz", labels, geometry)
    with pytest.raises(LabelMapError, match=words) as caught:
        load_label_map(tmp_path / "x.nii.gz", phantom.geometry)
    assert "mm" in str(caught.value)


def turned(geometry, degrees):
    """The geometry turned about the feet-head axis through the middle of its field of view."""
    angle = np.radians(degrees)
    middle = geometry.corners().mean(axis=0)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    turn[:3, 3] = middle - turn[:3, :3] @ middle
    return Geometry(geometry.shape, turn @ geometry.affine)


def test_a_rotated_map_is_resampled_to_the_nearest_label(phantom):
    geometry = turned(phantom.geometry, 8)
    on = onto_scan(phantom.labels(), geometry, phantom.geometry, "x")
    rng = np.random.default_rng(0)
    where = np.concatenate([np.argwhere(on > 0)[::7], rng.integers(0, on.shape, (500, 3))])
    index = geometry.world_to_index(phantom.geometry.index_to_world(where))
    near = np.rint(index).astype(int)
    clear = np.abs(index - near).max(axis=1) < 0.49
    inside = np.all((near >= 0) & (near < on.shape), axis=1)
    expected = np.zeros(len(where), on.dtype)
    expected[inside] = phantom.labels()[tuple(near[inside].T)]
    assert np.array_equal(on[tuple(where.T)][clear], expected[clear])
    assert {5, 51} <= set(np.unique(on))
    assert not np.array_equal(on, phantom.labels())


def test_a_rotated_map_of_another_place_is_refused(phantom):
    far = turned(phantom.geometry, 8)
    moved = far.affine.copy()
    moved[0, 3] += 150
    with pytest.raises(LabelMapError, match=r"rotated against it and .*% of what it labels"):
        onto_scan(phantom.labels(), Geometry(far.shape, moved), phantom.geometry, "x")


def test_a_cropped_map_leaves_the_rest_background_and_says_what_it_cuts(phantom, tmp_path):
    liver = np.argwhere(phantom.labels() == 5)
    low, high = liver.min(axis=0), liver.max(axis=0) + 1
    start = (int(low[0]) + 1, 0, 0)
    shape = (int(high[0]) + 1 - start[0], *phantom.geometry.shape[1:])
    part = phantom.labels()[start[0] : start[0] + shape[0]]
    write_nifti(tmp_path / "x.nii.gz", part, phantom.geometry.cropped(start, shape))
    labels = load_label_map(tmp_path / "x.nii.gz", phantom.geometry)
    assert np.array_equal(labels.array[start[0] : start[0] + shape[0]], part)
    assert not labels.array[: start[0]].any()
    assert 5 in labels.cut
    whole = tmp_path / "whole.nii.gz"
    write_nifti(whole, phantom.labels(), phantom.geometry)
    assert load_label_map(whole, phantom.geometry).cut == frozenset()


def test_a_map_of_the_whole_series_lies_on_a_part_of_it(phantom, tmp_path):
    write_nifti(tmp_path / "x.nii.gz", phantom.labels(), phantom.geometry)
    part = phantom.geometry.cropped((4, 3, 2), (20, 30, 40))
    labels = load_label_map(tmp_path / "x.nii.gz", part)
    assert np.array_equal(labels.array, phantom.labels()[4:24, 3:33, 2:42])


@pytest.mark.parametrize("name", ["organs_labels.json", "organs.json"])
@pytest.mark.parametrize(
    "table", [{"fegato": 5}, {"5": "fegato"}, {"names": {"fegato": 5}}], ids=["name", "id", "names"]
)
def test_names_come_from_a_table_beside_the_file(phantom, tmp_path, name, table):
    write_nifti(tmp_path / "organs.nii.gz", phantom.labels(), phantom.geometry)
    (tmp_path / name).write_text(json.dumps(table))
    labels = load_label_map(tmp_path / "organs.nii.gz", phantom.geometry)
    assert labels.name(5) == "fegato"
    assert labels.name(7) == "label_7"
    assert name in labels.names_from


def test_names_come_from_a_csv_table_and_mean_organs(phantom, tmp_path):
    write_nifti(tmp_path / "organs.nii.gz", phantom.labels(), phantom.geometry)
    (tmp_path / "organs.csv").write_text("Label,Colour,Name\n5,red,LIVER\n51,blue,Hearty thing\n")
    labels = load_label_map(tmp_path / "organs.nii.gz", phantom.geometry)
    assert (labels.name(5), labels.name(51)) == ("liver", "Hearty thing")
    assert "organs.csv" in labels.names_from


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Colour,Name\nred,liver\n", "has no column 'value' .found Colour, Name"),
        ("Value,Name\n5,liver\nsix,heart\n", "row 3: expected a whole number under 'Value'"),
    ],
)
def test_a_damaged_csv_table_names_the_row(phantom, tmp_path, text, says):
    write_nifti(tmp_path / "organs.nii.gz", phantom.labels(), phantom.geometry)
    (tmp_path / "organs.csv").write_text(text)
    with pytest.raises(LabelMapError, match=says):
        load_label_map(tmp_path / "organs.nii.gz", phantom.geometry)


def test_two_values_of_one_organ_become_one(phantom, tmp_path):
    labels = phantom.labels().copy()
    labels[labels == 51] = 6
    write_nifti(tmp_path / "organs.nii.gz", labels, phantom.geometry)
    (tmp_path / "organs.json").write_text(json.dumps({"Liver": 5, "hepar": 6}))
    read = load_label_map(tmp_path / "organs.nii.gz", phantom.geometry)
    assert np.array_equal(read.array == 5, np.isin(labels, (5, 6)))


def test_names_that_slicer_writes_are_read_with_their_terminology(phantom, tmp_path):
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(phantom.labels().astype(np.uint8))
    image.SetOrigin(phantom.geometry.affine[:3, 3].tolist())
    image.SetSpacing(phantom.geometry.spacing[::-1])
    image.SetDirection(phantom.geometry.directions[::-1].T.ravel().tolist())
    context = "Segmentation category and type - 3D Slicer General Anatomy list"
    lung = "SCT^123037004^Anatomical Structure~SCT^39607008^Lung~SCT^24028007^Right"
    header = {
        "Segment0_ID": "Segment_1", "Segment0_Name": "Segment_1", "Segment0_LabelValue": "5",
        "Segment0_Tags": f"Segmentation.Status:completed|TerminologyEntry:{context}~{lung}~x~^^~^^|",
        "Segment1_ID": "Segment_2", "Segment1_Name": "my own thing", "Segment1_LabelValue": "51",
    }  # fmt: skip
    for key, value in header.items():
        image.SetMetaData(key, value)
    sitk.WriteImage(image, str(tmp_path / "a.seg.nrrd"))
    labels = load_label_map(tmp_path / "a.seg.nrrd", phantom.geometry)
    assert (labels.name(5), labels.name(51)) == ("lung_right", "my own thing")
    assert labels.names_from == "from the file itself"


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


def test_a_segmentation_of_another_frame_of_reference_is_refused(phantom, tmp_path):
    from medvlp.io.dicom.privacy import hashed

    path = tmp_path / "seg.dcm"
    frame = write_dicom_seg(path, phantom.labels(), phantom.geometry)
    assert load_label_map(path, phantom.geometry, hashed(frame)).names
    with pytest.raises(LabelMapError, match=r"seg\.dcm was drawn in another frame of reference"):
        load_label_map(path, phantom.geometry, hashed("1.2.3"))


def write_dicom_seg(path, labels, geometry):
    """SEG with two segments on synthetic source images; its frame of reference."""
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
    return frame


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


def write_structure_set(path, geometry, corners, slices, frame):
    """One region called ``Liver``: a polygon of (row, column) corners on some slices."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, RTStructureSetStorage, generate_uid

    dataset, roi, drawn = Dataset(), Dataset(), Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = RTStructureSetStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
    dataset.SOPClassUID, dataset.Modality = RTStructureSetStorage, "RTSTRUCT"
    roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = 7, "Liver", frame
    drawn.ReferencedROINumber, drawn.ContourSequence = 7, []
    for k in slices:
        points = geometry.index_to_world([(k, row, column) for row, column in corners])
        contour = Dataset()
        contour.ContourGeometricType = "CLOSED_PLANAR"
        contour.NumberOfContourPoints = len(points)
        contour.ContourData = [f"{value:.4f}" for value in points.ravel()]
        drawn.ContourSequence.append(contour)
    dataset.StructureSetROISequence, dataset.ROIContourSequence = [roi], [drawn]
    dataset.save_as(path, enforce_file_format=True)


def test_a_structure_set_is_filled_on_the_scan_it_was_drawn_on_and_refused_elsewhere(
    phantom, tmp_path
):
    from medvlp.io.dicom.privacy import hashed

    path = tmp_path / "rs.dcm"
    corners = [(9.5, 7.5), (9.5, 25.5), (25.5, 25.5), (25.5, 7.5)]
    write_structure_set(path, phantom.geometry, corners, range(4, 16), "1.2.3")
    labels = load_label_map(path, phantom.geometry, hashed("1.2.3"))
    assert labels.names == {1: "liver"}
    assert np.array_equal(labels.array == 1, phantom.labels() == 5)
    oblique = turned(phantom.geometry, 25)
    write_structure_set(path, oblique, corners, range(4, 16), "1.2.3")
    assert np.array_equal(load_label_map(path, oblique).array == 1, phantom.labels() == 5)
    with pytest.raises(LabelMapError, match="another frame of reference"):
        load_label_map(path, oblique, hashed("1.2.4"))


def test_filling_contours_reports_its_progress_and_is_given_up(phantom, tmp_path):
    from medvlp.grounding.organ_sources import organ_labels

    path = tmp_path / "rs.dcm"
    corners = [(9.5, 7.5), (9.5, 25.5), (25.5, 25.5), (25.5, 7.5)]
    write_structure_set(path, phantom.geometry, corners, range(4, 16), "1.2.3")
    reported = []
    labels = load_label_map(
        path, phantom.geometry, progress=lambda done, said: reported.append((done, said))
    )
    assert np.array_equal(labels.array, load_label_map(path, phantom.geometry).array)
    shares = [done for done, _ in reported]
    assert len(shares) == 1 + 12  # at the start, and after every slice that was drawn
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[1] < shares[-1] <= 1
    assert {said for _, said in reported} == {"Filling the contours of region 1 of 1"}

    def stop_after_three(done, said):
        reported.append((done, said))
        if len(reported) == 3:
            raise Cancelled

    reported.clear()
    with pytest.raises(Cancelled):
        organ_labels(path, phantom.geometry, progress=stop_after_three)
    assert len(reported) == 3


def test_the_class_table_is_that_of_totalsegmentator(real_data):
    table = json.loads((real_data / "ct_totalseg" / "class_map_total.json").read_text())
    assert totalsegmentator_names() == {int(k): v for k, v in table.items()}


def test_the_real_label_map_of_a_real_ct_lies_on_it(real_data):
    from medvlp.io.open import open_scan

    folder = real_data / "ct_totalseg"
    scan = open_scan(folder / "example_ct.nii.gz")
    labels = load_label_map(folder / "example_ct_seg_fast.nii.gz", scan.geometry)
    assert labels.names_from == "from the file itself"  # TotalSegmentator's extended header
    assert labels.names == {k: v for k, v in totalsegmentator_names().items() if k in labels.names}
    assert labels.array.shape == scan.array.shape
    liver = scan.array[labels.array == 5]
    assert 20 < float(np.median(liver)) < 160
    other = open_scan(real_data / "ct_lidc" / "ct.nii.gz")
    with pytest.raises(LabelMapError, match="does not lie on the scan"):
        load_label_map(folder / "example_ct_seg_fast.nii.gz", other.geometry)
