"""Contours filled on a grid, against areas worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from medvlp.errors import LabelMapError
from medvlp.geometry import Geometry
from medvlp.io.dicom.structure_set import Region, fill_regions, inside, read_regions


def square(row, column, size):
    ends = [(row, column), (row, column + size), (row + size, column + size), (row + size, column)]
    return np.array(ends, float)


def test_a_rectangle_between_pixels_holds_the_pixels_within():
    mask = inside([square(1.5, 2.5, 3)], (8, 9))
    expected = np.zeros((8, 9), bool)
    expected[2:5, 3:6] = True
    assert np.array_equal(mask, expected)


def test_polygons_that_share_an_edge_share_no_pixel_and_leave_none_out():
    left, right = square(1, 1, 3), square(1, 4, 3)
    a, b = inside([left], (7, 9)), inside([right], (7, 9))
    assert a.sum() == b.sum() == 9
    assert not (a & b).any()


def test_a_triangle_has_the_pixels_that_its_lines_enclose():
    mask = inside([np.array([(0.5, 0.5), (0.5, 5.5), (5.5, 0.5)])], (7, 7))
    assert [int(row.sum()) for row in mask] == [0, 4, 3, 2, 1, 0, 0]
    assert mask[1, 1]
    assert not mask[4, 2]


def test_a_contour_inside_another_is_a_hole_and_one_outside_the_image_is_cut():
    mask = inside([square(-3.5, 0.5, 8), square(0.5, 2.5, 2)], (6, 6))
    assert mask.sum() == 5 * 5 - 4
    assert not mask[1, 3]


@pytest.fixture
def oblique() -> Geometry:
    """Slices of 3 mm, rows of 2 mm, columns of 1 mm, turned by 20 degrees about the patient's x."""
    angle = np.radians(20)
    turn = np.eye(4)
    turn[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    axial = Geometry.axial((6, 10, 14), (3.0, 2.0, 1.0), (-5.0, 7.0, -40.0))
    return Geometry(axial.shape, turn @ axial.affine)


def on_slice(geometry, k, corners):
    return geometry.index_to_world(np.column_stack([np.full(len(corners), k), corners]))


def test_contours_land_on_their_voxels_of_an_oblique_anisotropic_scan(oblique):
    box = square(1.5, 4.5, 3)
    region = Region("a", tuple(on_slice(oblique, k, box) for k in (1, 2, 3)))
    labels = fill_regions([region], oblique, "rt.dcm")
    expected = np.zeros(oblique.shape, np.uint8)
    expected[1:4, 2:5, 5:8] = 1
    assert np.array_equal(labels, expected)
    flips = (True, False, True)
    reversed_ = oblique.permuted((0, 1, 2), flips)
    assert np.array_equal(fill_regions([region], reversed_, "rt.dcm"), expected[::-1, :, ::-1])


def test_slices_between_drawn_ones_take_the_nearer_and_beyond_them_none(oblique):
    narrow, wide = square(1.5, 4.5, 1), square(1.5, 4.5, 2)
    fine = oblique.resampled((18, 10, 14))  # three slices in the place of one
    region = Region("a", (on_slice(oblique, 2, narrow), on_slice(oblique, 3, wide)))
    labels = fill_regions([region], fine, "rt.dcm")
    assert [int(plane.sum()) for plane in labels] == [0] * 6 + [1] * 3 + [4] * 3 + [0] * 6


def test_contours_across_slices_or_beside_the_scan_are_refused(oblique):
    steep = np.column_stack([[1.0, 1.0, 3.0, 3.0], square(1.5, 4.5, 3)])
    with pytest.raises(LabelMapError, match=r"'a': a contour runs through 3\.0 slices"):
        fill_regions([Region("a", (oblique.index_to_world(steep),))], oblique, "rt.dcm")
    away = on_slice(oblique, 40, square(1.5, 4.5, 3))
    with pytest.raises(LabelMapError, match="does not lie on the scan"):
        fill_regions([Region("a", (away,))], oblique, "rt.dcm")


def structure_set(points, name="Liver", kind="CLOSED_PLANAR"):
    roi, contours, contour, dataset = Dataset(), Dataset(), Dataset(), Dataset()
    roi.ROINumber, roi.ROIName = 3, name
    contour.ContourGeometricType, contour.ContourData = kind, points
    contours.ReferencedROINumber, contours.ContourSequence = 3, [contour]
    dataset.StructureSetROISequence, dataset.ROIContourSequence = [roi], [contours]
    return dataset


def test_regions_are_read_with_their_names_and_points_are_not_regions():
    (region,) = read_regions(structure_set([0, 0, 1, 4, 0, 1, 4, 2, 1]), "rt.dcm")
    assert region.name == "Liver"
    assert region.contours[0].tolist() == [[0, 0, 1], [4, 0, 1], [4, 2, 1]]
    with pytest.raises(LabelMapError, match="no closed contour"):
        read_regions(structure_set([0, 0, 1], kind="POINT"), "rt.dcm")
    with pytest.raises(LabelMapError, match="region 'Liver': a contour's coordinates are damaged"):
        read_regions(structure_set([0, 0, 1, 4]), "rt.dcm")


def test_contours_of_one_slice_stay_together_whatever_the_last_digits_of_their_depth(oblique):
    parts = tuple(
        on_slice(oblique, depth, square(1.5, column, 2))
        for depth, column in ((2.0049, 1.5), (2.0051, 6.5))
    )
    labels = fill_regions([Region("two parts", parts)], oblique, "rs.dcm")
    assert [int(part.sum()) for part in labels] == [0, 0, 8, 0, 0, 0]
    assert labels[2, 2:4, 2:4].all()
    assert labels[2, 2:4, 7:9].all()
