"""Enhanced multi-frame CT gives the same scan as single-frame files of the same slices."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from medvlp import GeometryError, RefusedScanError, open_scan
from medvlp.io.open import list_series


def enhanced(datasets: list[Any], shared_rescale: bool = True) -> Any:
    """One multi-frame object out of single frames, by the macros of PS3.3 C.7.6.16.2."""
    from pydicom.dataset import Dataset
    from pydicom.uid import EnhancedCTImageStorage

    def item(**attributes: Any) -> list[Any]:
        ds = Dataset()
        for keyword, value in attributes.items():
            setattr(ds, keyword, value)
        return [ds]

    first = datasets[0]
    multi = deepcopy(first)
    multi.SOPClassUID = multi.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(multi, keyword)
    for keyword in ("RescaleSlope", "RescaleIntercept", "RescaleType", "SliceThickness"):
        delattr(multi, keyword)
    multi.NumberOfFrames = len(datasets)
    multi.PixelData = b"".join(ds.PixelData for ds in datasets)
    shared = Dataset()
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=first.ImageOrientationPatient)
    shared.PixelMeasuresSequence = item(PixelSpacing=first.PixelSpacing, SliceThickness=2.0)
    frames = []
    for ds in datasets:
        frame = Dataset()
        frame.PlanePositionSequence = item(ImagePositionPatient=ds.ImagePositionPatient)
        scale = item(
            RescaleSlope=ds.RescaleSlope, RescaleIntercept=ds.RescaleIntercept, RescaleType="HU"
        )
        (shared if shared_rescale else frame).PixelValueTransformationSequence = scale
        frames.append(frame)
    multi.SharedFunctionalGroupsSequence = [shared]
    multi.PerFrameFunctionalGroupsSequence = frames
    return multi


@pytest.mark.parametrize("syntax", [None, "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.90"])
@pytest.mark.parametrize("shared_rescale", [True, False])
def test_frames_in_any_order_give_the_single_frame_scan(
    ct_writer, body, tmp_path, save_datasets, syntax, shared_rescale
):
    block = np.kron(body, np.ones((1, 4, 4), dtype=np.int16))
    datasets = ct_writer(orientation=(0.8, 0.6, 0.0, 0.0, 0.0, -1.0)).datasets(block)
    save_datasets(tmp_path / "single", datasets)
    shuffled = [datasets[i] for i in (4, 0, 6, 2, 1, 5, 3)]
    (path,) = save_datasets(tmp_path / "multi", [enhanced(shuffled, shared_rescale)], syntax)
    single, multi = open_scan(tmp_path / "single"), open_scan(path)
    np.testing.assert_array_equal(multi.array, single.array)
    assert multi.geometry.is_close(single.geometry)


def test_frames_with_a_gap_are_regularised_like_a_series(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer().datasets(body)
    (path,) = save_datasets(tmp_path, [enhanced(datasets[:3] + datasets[4:])])
    scan = open_scan(path)
    assert scan.array.shape == body.shape
    assert [w.code for w in scan.warnings] == ["gaps-regularised"]


def test_an_enhanced_object_is_listed_with_its_frames(ct_writer, body, tmp_path, save_datasets):
    (path,) = save_datasets(tmp_path, [enhanced(ct_writer().datasets(body))])
    (info,) = list_series(path)
    assert (info.n_slices, info.shape, info.usable) == (7, body.shape, True)


def test_two_stacks_in_one_object_are_two_choices(ct_writer, body, tmp_path, save_datasets):
    axial = ct_writer().datasets(body)
    turned = ct_writer(orientation=(1, 0, 0, 0, 0, -1)).datasets(body[:3] + 7)
    multi = enhanced([turned[0], *axial, *turned[1:]])
    for frame, ds in zip(
        multi.PerFrameFunctionalGroupsSequence, [turned[0], *axial, *turned[1:]], strict=True
    ):
        plane = deepcopy(multi.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence)
        plane[0].ImageOrientationPatient = ds.ImageOrientationPatient
        frame.PlaneOrientationSequence = plane
    (path,) = save_datasets(tmp_path, [multi])
    first, second = list_series(path)
    assert (first.n_slices, second.n_slices) == (7, 3)
    np.testing.assert_array_equal(open_scan(path).array, body)
    array = open_scan(path, series=second.id).array
    assert {int(a.sum()) for a in array} == {int(a.sum()) for a in body[:3] + 7}


def test_frames_without_positions_are_refused(ct_writer, body, tmp_path, save_datasets):
    multi = enhanced(ct_writer().datasets(body))
    del multi.PerFrameFunctionalGroupsSequence
    (path,) = save_datasets(tmp_path, [multi])
    with pytest.raises(GeometryError, match="7 frames"):
        open_scan(path)


def test_a_frame_description_too_few_is_refused(ct_writer, body, tmp_path, save_datasets):
    multi = enhanced(ct_writer().datasets(body))
    del multi.PerFrameFunctionalGroupsSequence[-1]
    (path,) = save_datasets(tmp_path, [multi])
    with pytest.raises(GeometryError, match="7 frames but 6"):
        open_scan(path)


def test_a_perfusion_map_is_refused(real_data):
    with pytest.raises(RefusedScanError, match="perfusion"):
        open_scan(real_data / "dicom_odd" / "eCT_Supplemental.dcm")
