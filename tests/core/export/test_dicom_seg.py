"""Segments lie at the millimetres of the heat and of the organs, and say what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from medvlp.errors import RefusedScanError
from medvlp.export.dicom_seg import heat_segmentation, organ_segmentation, write_segmentation
from medvlp.export.dicom_source import read_images
from medvlp.export.organ_planes import GridOrgans, LabelledOrgans
from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.label_maps import LabelMap
from medvlp.io.open import open_scan

HotSpot = Callable[..., Heatmap]
KINDS = ["oblique", "reversed", "gapped"]


@dataclass(frozen=True)
class Named:
    name: str = "fake"
    sha256: str = "fa" * 32


MODEL = Named()


def masks_of(path: Path) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Per segment: ``(n, 3)`` LPS of every pixel of its frames, and whether it is set.

    Worked out from the file's own header, without the library that wrote it.
    """
    from pydicom import dcmread

    image = dcmread(path)
    shared = image.SharedFunctionalGroupsSequence[0]
    cosines = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, dtype=float)
    between_rows, between_columns = shared.PixelMeasuresSequence[0].PixelSpacing
    rows, columns = np.indices((image.Rows, image.Columns))
    found: dict[int, list] = {}
    pixels = image.pixel_array.reshape(-1, image.Rows, image.Columns)
    for frame, group in zip(pixels, image.PerFrameFunctionalGroupsSequence, strict=True):
        position = np.array(group.PlanePositionSequence[0].ImagePositionPatient, dtype=float)
        at = group if "SegmentIdentificationSequence" in group else shared
        number = at.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        across = columns[..., None] * between_columns * cosines[:3]
        places = position + across + rows[..., None] * between_rows * cosines[3:]
        found.setdefault(number, []).append((places.reshape(-1, 3), frame.ravel() > 0))
    return {n: tuple(np.concatenate(p) for p in zip(*f, strict=True)) for n, f in found.items()}


def heat_at(heatmap: Heatmap, places: np.ndarray) -> np.ndarray:
    tokens = heatmap.geometry.world_to_index(places)
    return map_coordinates(heatmap.values, tokens.T, order=1, mode="nearest")


@pytest.mark.parametrize("kind", KINDS)
def test_heat_is_outlined_at_its_own_millimetres(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path, kind: str
) -> None:
    folder = dicom_ct(kind)
    scan = open_scan(folder)
    heatmap = hot_spot(scan, (4, 9, 19), "pleural effusion")
    source = read_images(folder, scan, "Segmentation")
    write_segmentation(heat_segmentation([heatmap], source, MODEL), tmp_path / "seg.dcm")
    places, inside = masks_of(tmp_path / "seg.dcm")[1]
    heat = heat_at(heatmap, places)
    assert heat[inside].min() >= 0.5 - 1e-4
    assert heat[~inside].max() <= 0.5 + 1e-4
    expected = heatmap.on(scan) >= 0.5
    voxel = abs(np.linalg.det(scan.geometry.affine[:3, :3]))
    if kind != "gapped":
        assert inside.sum() == expected.sum()
    assert inside.sum() * 0.75 * 1.25 * 3.0 == pytest.approx(expected.sum() * voxel, rel=0.2)
    centre = places[inside].mean(axis=0)
    assert np.linalg.norm(centre - heatmap.peak_mm) < 3.0


def test_highdicom_reads_the_same_volume(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    from highdicom.seg import segread

    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    heatmaps = [hot_spot(scan, (4, 9, 19), "lung mass"), hot_spot(scan, (5, 12, 17), "liver")]
    source = read_images(folder, scan, "Segmentation")
    write_segmentation(heat_segmentation(heatmaps, source, MODEL), tmp_path / "seg.dcm")
    seg = segread(tmp_path / "seg.dcm")
    for number, heatmap in enumerate(heatmaps, start=1):
        volume = seg.get_volume(segment_numbers=[number])
        geometry = Geometry(volume.array.shape[:3], volume.affine)
        cells = np.argwhere(volume.array[..., 0] > 0)
        assert len(cells) == (heatmap.on(scan) >= 0.5).sum()
        assert heat_at(heatmap, geometry.index_to_world(cells)).min() >= 0.5 - 1e-4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", ["label map", "grid"])
def test_organs_lie_where_they_are(
    dicom_ct: Callable[..., Path], tmp_path: Path, kind: str, of: str
) -> None:
    folder = dicom_ct(kind)
    scan = open_scan(folder)
    labels = np.zeros(scan.array.shape, dtype=np.uint8)
    labels[2:6, 4:12, 14:24], labels[5:10, 14:20, 3:9] = 7, 3
    names = {7: "kidney_left", 3: "liver"}
    if of == "label map":
        organs = LabelledOrgans(LabelMap(labels, names), scan.geometry)
    else:
        weights = {name: (labels == label).astype(np.float16) for label, name in names.items()}
        organs = GridOrgans(weights, names.values(), scan.geometry, scan.geometry)
    source = read_images(folder, scan, "Segmentation")
    write_segmentation(organ_segmentation(organs, source, MODEL), tmp_path / "seg.dcm")
    found = masks_of(tmp_path / "seg.dcm")
    for number, name in enumerate(organs.names, start=1):
        label = {n: i for i, n in names.items()}[name]
        places, inside = found[number]
        index = np.rint(scan.geometry.world_to_index(places)).astype(int)
        index = np.clip(index, 0, np.array(scan.array.shape) - 1)
        expected = labels[tuple(index.T)] == label
        assert inside.sum() > 0
        # A slice of a gapped series may lie half way between two voxels of the regular scan.
        assert (inside != expected).sum() <= (0.35 * inside.sum() if kind == "gapped" else 0)


def test_medvlp_reads_its_own_organs_back_by_name(
    dicom_ct: Callable[..., Path], tmp_path: Path
) -> None:
    from medvlp.grounding.label_maps import load_label_map

    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    labels = np.zeros(scan.array.shape, dtype=np.uint16)
    labels[2:6, 4:12, 14:24], labels[5:10, 14:20, 3:9] = 700, 3
    named = LabelMap(labels, {700: "kidney_left", 3: "odd organ"})
    source = read_images(folder, scan, "Segmentation")
    segmentation = organ_segmentation(LabelledOrgans(named, scan.geometry), source, MODEL)
    write_segmentation(segmentation, tmp_path / "seg.dcm")
    frame = str(scan.provenance["frame_of_reference"])
    back = load_label_map(tmp_path / "seg.dcm", scan.geometry, frame)
    assert sorted(back.names.values()) == ["kidney_left", "odd organ"]
    for label, name in named.names.items():
        mine = next(i for i, n in back.names.items() if n == name)
        np.testing.assert_array_equal(back.array == mine, labels == label)


def test_an_x_ray_is_outlined_on_its_own_pixels(
    dicom_xray: Path, hot_spot: HotSpot, tmp_path: Path
) -> None:
    from highdicom.seg import segread

    scan = open_scan(dicom_xray)
    heatmap = hot_spot(scan, (20, 31), "pneumothorax")
    source = read_images(dicom_xray, scan, "Segmentation")
    write_segmentation(heat_segmentation([heatmap], source, MODEL), tmp_path / "seg.dcm")
    seg = segread(tmp_path / "seg.dcm")
    mask = seg.pixel_array.reshape(scan.array.shape) > 0
    np.testing.assert_array_equal(mask, heatmap.slice(0) >= 0.5)
    assert "FrameOfReferenceUID" not in seg
    assert list(seg.PatientOrientation) == ["L", "F"]
    lungs = np.zeros((30, 25), dtype=np.float32)
    lungs[5:20, 3:10] = 1.0
    grid = heatmap.geometry
    organs = GridOrgans({"lung_right": lungs}, ["lung_right", "heart"], grid, scan.geometry)
    assert organs.names == ("lung_right",)
    write_segmentation(organ_segmentation(organs, source, MODEL), tmp_path / "organs.dcm")
    mask = segread(tmp_path / "organs.dcm").pixel_array.reshape(scan.array.shape) > 0
    heat = replace(heatmap, values=lungs).slice(0)
    np.testing.assert_array_equal(mask, heat >= 0.5)


def test_a_segment_says_what_it_is_and_who_drew_it(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot
) -> None:
    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    source = read_images(folder, scan, "Segmentation")
    texts = ["pleural effusion", "left kidney", "no pneumothorax", "strange\\thing"]
    heatmaps = [hot_spot(scan, (4, 9, 19), text) for text in texts]
    seg = heat_segmentation(heatmaps, source, MODEL, colours=[(230, 159, 0)] * 4)
    effusion, kidney, absent, strange = seg.SegmentSequence
    kind = effusion.SegmentedPropertyTypeCodeSequence[0]
    assert (kind.CodeValue, kind.CodingSchemeDesignator) == ("60046008", "SCT")
    kind = kidney.SegmentedPropertyTypeCodeSequence[0]
    side = kind.SegmentedPropertyTypeModifierCodeSequence[0]
    assert (kind.CodeMeaning, side.CodeMeaning) == ("Kidney", "Left")
    assert absent.SegmentLabel == "pneumothorax"
    kind = strange.SegmentedPropertyTypeCodeSequence[0]
    assert kind.CodingSchemeDesignator == "99MEDVLP"
    assert kind.CodeMeaning == "strange thing"
    by = effusion.SegmentationAlgorithmIdentificationSequence[0]
    assert by.AlgorithmName == "fake"
    assert "fafafafa" in by.AlgorithmVersion
    lightness, a, b = (v / 65535 for v in effusion.RecommendedDisplayCIELabValue)
    assert lightness == pytest.approx(0.71, abs=0.05)
    assert b > a > 0.5
    assert len({s.TrackingUID for s in seg.SegmentSequence}) == 4
    again = heat_segmentation(heatmaps[:1], source, MODEL)
    assert again.SegmentSequence[0].TrackingUID == effusion.TrackingUID
    assert again.SOPInstanceUID != seg.SOPInstanceUID


def test_masks_of_somebody_else_are_not_said_to_be_the_models(
    dicom_ct: Callable[..., Path],
) -> None:
    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    labels = np.ones(scan.array.shape, dtype=np.uint8)
    organs = LabelledOrgans(LabelMap(labels, {1: "liver"}), scan.geometry)
    source = read_images(folder, scan, "Segmentation")
    for origin, name in (("totalsegmentator", "TotalSegmentator"), ("label map", "given masks")):
        (segment,) = organ_segmentation(organs, source, MODEL, origin).SegmentSequence
        by = segment.SegmentationAlgorithmIdentificationSequence[0]
        assert by.AlgorithmName == segment.SegmentAlgorithmName == name


def test_identifiers_are_those_of_the_source_and_no_others(
    dicom_ct: Callable[..., Path],
    hot_spot: HotSpot,
    check_identifiers: Callable[..., None],
    tmp_path: Path,
) -> None:
    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    source = read_images(folder, scan, "Segmentation")
    heatmap = hot_spot(scan, (4, 9, 19))
    write_segmentation(heat_segmentation([heatmap], source, MODEL), tmp_path / "seg.dcm")
    check_identifiers(tmp_path / "seg.dcm", source.images[0])


def test_nothing_hot_enough_is_no_segmentation(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot
) -> None:
    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    source = read_images(folder, scan, "Segmentation")
    assert heat_segmentation([hot_spot(scan, (4, 9, 19), sure=False)], source, MODEL) is None
    nothing = GridOrgans({}, [], scan.geometry, scan.geometry)
    assert organ_segmentation(nothing, source, MODEL) is None


def test_what_has_no_place_in_the_patient_is_refused(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    folder = dicom_ct("placeless")
    scan = open_scan(folder)
    source = read_images(folder, scan, "Segmentation")
    with pytest.raises(RefusedScanError, match="frame of reference"):
        heat_segmentation([hot_spot(scan, (4, 9, 19))], source, MODEL)
    with pytest.raises(RefusedScanError, match="no longer holds"):
        read_images(tmp_path / "reversed", scan, "Segmentation")


@pytest.mark.parametrize("text", ["left pleural effusion", "nodule in the left lung"])
def test_the_side_of_a_question_is_coded(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, text: str
) -> None:
    folder = dicom_ct("oblique")
    scan = open_scan(folder)
    source = read_images(folder, scan, "Segmentation")
    (segment,) = heat_segmentation(
        [hot_spot(scan, (4, 9, 19), text)], source, MODEL
    ).SegmentSequence
    kind = segment.SegmentedPropertyTypeCodeSequence[0]
    (side,) = kind.SegmentedPropertyTypeModifierCodeSequence
    assert side.CodeMeaning == "Left"
    both = hot_spot(scan, (4, 9, 19), "bilateral pleural effusion")
    (segment,) = heat_segmentation([both], source, MODEL).SegmentSequence
    kind = segment.SegmentedPropertyTypeCodeSequence[0]
    assert "SegmentedPropertyTypeModifierCodeSequence" not in kind
