"""Peaks that a reader judged: what counts, what is not known, and the pictures that the reader sees."""

from __future__ import annotations

import numpy as np
import pytest
from nibabel.loadsave import save
from nibabel.nifti1 import Nifti1Image

from benchmarks.quality import ct_read, reading_sheets
from benchmarks.quality.ct_read import Reading, means, read_at
from medvlp.grounding.lexicon import load_lexicon


def record(organ, hit, *, scan="a", control=False, confused=None):
    return {
        "organ": organ, "patient": scan, "scan": scan, "control": control, "read": [], "hit": hit,
        "confused": confused,
    }  # fmt: skip


@pytest.fixture
def read_points(monkeypatch):
    found = (
        Reading("a", (10.0, -20.0, 30.0), frozenset({"vertebrae_T7"})),
        Reading("b", (10.0, -20.0, 30.0), frozenset({"liver"})),
    )
    monkeypatch.setattr(ct_read, "readings", lambda: found)


def test_a_part_means_the_whole_and_the_other_side_does_not():
    assert means(frozenset({"vertebrae_T7"}), "thoracic_spine")
    assert means(frozenset({"thoracic_spine"}), "vertebrae_T7")
    assert means(frozenset({"aorta", "esophagus"}), "esophagus")
    assert not means(frozenset({"kidney_left"}), "kidney_right")
    assert not means(frozenset({"other"}), "liver")
    assert not means(frozenset(), "liver")


def test_a_reading_belongs_to_its_point_in_its_scan(read_points):
    assert read_at("a", (10.0, -20.0, 31.9)) == {"vertebrae_T7"}
    assert read_at("a", (10.0, -20.0, 32.1)) is None
    assert read_at("b", (10.0, -20.0, 30.0)) == {"liver"}
    assert read_at("c", (10.0, -20.0, 30.0)) is None


def test_what_was_not_read_is_said_and_is_no_miss():
    (row, *_) = ct_read.rows([record("liver", 1.0), record("spleen", None)])
    assert (row.value.value, row.value.n) == (1.0, 1)
    assert row.met is None
    assert "1 of 2 peaks were not read" in row.note


def test_the_reader_is_measured_apart_from_the_model():
    records = [record("liver", 1.0), record("", 0.0, scan="b", control=True)]
    rows = {row.measure: row for row in ct_read.rows(records)}
    assert rows["peak in the organ or within 5 mm"].value.value == 1.0
    assert rows["the reader on points whose organ is known"].value.value == 0.0


def test_sides_that_are_confused_count():
    records = [record("kidney_left", 0.0, confused=1.0), record("kidney_right", 1.0, confused=0.0)]
    rows = {row.measure: row for row in ct_read.rows(records)}
    assert rows["left and right confused"].value.value == 0.5
    assert rows["left and right confused"].met is False


def test_what_was_kept_names_organs_of_the_lexicon():
    concepts = load_lexicon().concepts
    assert all(s in concepts or s == "other" for r in ct_read.readings() for s in r.structures)
    fields = ct_read.fields_of_view()
    assert all(concepts[organ].kind == "organ" for field in fields for organ in field.organs)
    assert len({field.scan for field in fields}) == len(fields)
    assert len({organ for field in fields for organ in field.organs}) >= 25


@pytest.fixture
def marked(tmp_path):
    """A scan of unlike spacings with a bright block left of, behind and above a point."""
    hu = np.full((60, 50, 40), -1000, dtype=np.int16)  # x to the right of the file: RAS
    affine = np.diag([3.0, 4.0, 5.0, 1.0])
    affine[:3, 3] = (-90, -100, -100)
    # The point is RAS (0, 0, 0); the block lies at RAS (-30, -24, +40): patient's left, back, head.
    hu[18:23, 17:22, 26:31] = 500
    save(Nifti1Image(hu, affine), tmp_path / "marked.nii.gz")
    return tmp_path


def test_the_ring_is_around_the_point(marked):
    size = reading_sheets.SIZE
    point = reading_sheets.Point("marked.nii.gz", (30.0, 24.0, 40.0))
    picture = np.asarray(reading_sheets.tile(marked, point, 0).convert("L"))
    near = picture[size // 2 - 3 : size // 2 + 3, size + size // 2 - 3 : size + size // 2 + 3]
    assert near.min() == 255


@pytest.mark.parametrize(
    ("column", "beside", "rows", "columns"),
    [
        (0, (0.0, 0.0, 40.0), 24.0, 30.0),  # axial: back below, left on the right
        (2, (0.0, 24.0, 0.0), -40.0, 30.0),  # coronal: head above
        (3, (30.0, 0.0, 0.0), -40.0, 24.0),  # sagittal: front on the left
    ],
)
def test_each_plane_runs_as_it_is_hung(marked, column, beside, rows, columns):
    size, width = reading_sheets.SIZE, reading_sheets.WIDE_MM
    picture = reading_sheets.tile(marked, reading_sheets.Point("marked.nii.gz", beside), 0)
    plane = np.asarray(picture.convert("L"))[:, column * size : (column + 1) * size].astype(int)
    plane[:30, :40] = 0  # the number
    bright = np.argwhere(plane > 240)
    found = (bright.mean(axis=0) - (size - 1) / 2) * width / size
    assert found == pytest.approx((rows, columns), abs=3.0)
