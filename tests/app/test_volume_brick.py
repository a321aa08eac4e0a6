import numpy as np
import pytest

from medvlp import Geometry, Scan
from medvlp_viewer.models.brick import BrickJob, reduction


def brick_of(scan, maximum):
    job = BrickJob(scan, maximum)
    job.run()
    assert job.finished
    assert job.fraction == 1.0
    return job.brick


@pytest.mark.parametrize("position", ["HFS", "HFP", "FFS", "FFP", "sagittal acquisition"])
@pytest.mark.parametrize("maximum", [10**9, 9000])
def test_a_reduced_scan_is_bright_at_the_same_millimetres(make, position, maximum):
    geometry = make.geometry(position, (30, 44, 52), (2.5, 1.0, 1.0))
    scan = make.scan(geometry, (8.0, -5.0, 15.0), 6.0)
    brick = brick_of(scan, maximum)
    assert brick.array.size <= maximum
    hot = np.argwhere(brick.array > 500)
    centre = Geometry(brick.array.shape, brick.affine).index_to_world(hot).mean(axis=0)
    assert centre == pytest.approx((8.0, -5.0, 15.0), abs=0.6)


def test_it_is_right_handed_for_vtk_which_counts_columns_first(make):
    mirrored = make.oblique().permuted((0, 1, 2), (True, False, False))
    assert np.linalg.det(mirrored.affine[:3, :3][:, ::-1]) < 0
    for geometry in (mirrored, make.geometry("HFS"), make.oblique()):
        scan = make.scan(geometry)
        brick = brick_of(scan, 10**9)
        hot = np.argwhere(brick.array > 500)
        centre = Geometry(brick.array.shape, brick.affine).index_to_world(hot).mean(axis=0)
        expected = geometry.index_to_world(np.argwhere(scan.array > 500)).mean(axis=0)
        assert centre == pytest.approx(expected)
        assert np.linalg.det(brick.affine[:3, :3][:, ::-1]) > 0


def test_means_of_blocks_are_exact_and_lie_at_the_centres_of_the_blocks():
    array = np.arange(5 * 7, dtype=np.int16).reshape(1, 5, 7) * 10
    scan = Scan(array, Geometry.axial((1, 5, 7), (9.0, 1.0, 1.0)), "CT", "HU")
    brick = brick_of(scan, 6)
    assert brick.array.shape == (1, 2, 3)
    # Of five rows two blocks of two are used, from row 0; of seven columns three, from column 0.
    assert brick.array[0, 0, 0] == array[0, :2, :2].mean()
    assert brick.array[0, 1, 2] == array[0, 2:4, 4:6].mean()
    assert brick.affine @ (0, 1, 2, 1) == pytest.approx((4.5, 2.5, 0.0, 1.0))


def test_thick_slices_are_kept_while_rows_and_columns_are_thinned():
    geometry = Geometry.axial((60, 512, 512), (5.0, 0.7, 0.7))
    slices, rows, columns = reduction(geometry, 160**3)
    assert slices == 1
    assert rows == columns
    assert rows > 1


def test_a_cancelled_reduction_has_no_result(make):
    job = BrickJob(make.scan(make.geometry()))
    job.cancel()
    job.run()
    assert job.finished
    assert job.brick is None


def test_a_reduction_that_fails_is_finished_too(make, monkeypatch):
    job = BrickJob(make.scan(make.geometry()))
    monkeypatch.setattr("medvlp_viewer.models.brick._block_means", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        job.run()
    assert job.finished
    assert job.brick is None
