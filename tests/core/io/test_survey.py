"""What the study browser lists: every series, with a picture, notes, and no identifiers."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from medvlp import Geometry, open_scan
from medvlp.errors import Cancelled
from medvlp.io.survey import survey, survey_of_file, with_scan
from medvlp.io.thumbnail import SIDE, reduced


@pytest.fixture
def study(ct_writer, radiograph, body, tmp_path, save_datasets):
    """A localiser, a thin and a thick series, and a radiograph."""
    folder = tmp_path / "study"
    scout = ct_writer(tags={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"], "SeriesNumber": 1})
    save_datasets(folder / "a", scout.datasets(body[:1]))
    save_datasets(folder / "b", ct_writer(tags={"SeriesDescription": "LUNG"}).datasets(body[:3]))
    save_datasets(folder / "c", ct_writer().datasets(body))
    save_datasets(folder / "d", [radiograph()])
    return folder


def zipped(folder, target):
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    return target


def test_each_series_opens_by_what_its_entry_says(study, body, tmp_path):
    for path in (study, zipped(study, tmp_path / "study.zip")):
        (found,) = survey([path])
        assert found.name == path.name
        assert [e.info.usable for e in found.series] == [True, True, True, False]
        for entry in found.series[:3]:
            scan = open_scan(list(entry.source), series=entry.series)
            assert scan.array.shape == entry.info.shape
            assert scan.provenance["series"] == entry.info.id
        assert [e.label for e in found.series[:2]] == ["THORAX 2.5", "LUNG"]
        assert "localiser" in found.series[3].info.reason


def test_no_identifier_is_told_unless_it_was_asked_for(study, tmp_path):
    named = tmp_path / "Doe_Jane_CT"
    study.rename(named)
    (found,) = survey([named])
    assert found.name == ""
    told = json.dumps([found.notes, *[[e.label, e.notes, e.patient] for e in found.series]])
    assert "doe" not in told.lower()
    assert "MRN12345" not in told
    (shown,) = survey([named], identifiers=True)
    assert {e.patient for e in shown.series} == {"Doe Jane  ·  MRN12345"}


def test_the_picture_lies_as_its_geometry_says(ct_writer, tmp_path):
    """One bright corner block in an anisotropic, tilted slice: where is it in the patient?"""
    writer = ct_writer(orientation=(0.8, 0.6, 0.0, -0.6, 0.8, 0.0), pixel_spacing=(0.8, 0.6))
    hu = np.full((5, 300, 200), -1000, np.int16)
    hu[:, 240:270, 20:50] = 400
    writer.write(tmp_path, hu)
    ((entry,),) = [one.series for one in survey([tmp_path])]
    picture = entry.thumbnail
    assert max(picture.grey.shape) <= SIDE
    row, column = (float(i.mean()) for i in np.nonzero(picture.grey > 200))
    expected = writer.world((2, 254.5, 34.5))
    assert picture.geometry.index_to_world((row, column)) == pytest.approx(expected, abs=1.0)


def test_blocks_are_averaged_and_windowed():
    values = np.array([[0, 200], [0, 200]], np.int16).repeat(SIDE, 0).repeat(SIDE, 1)
    picture = reduced(values, Geometry.radiograph((2 * SIDE, 2 * SIDE), (0.5, 0.5)), 100, 400)
    assert picture.grey.shape == (SIDE, SIDE)
    # (0 - 100) / 400 + 0.5 = 0.25, (200 - 100) / 400 + 0.5 = 0.75
    assert picture.grey[5, 5] == 64
    assert picture.grey[5, -5] == 191
    assert picture.geometry.spacing == pytest.approx((1.0, 1.0))


def test_uneven_slices_and_copies_are_noted_before_anything_is_opened(ct_writer, body, tmp_path):
    writer = ct_writer()
    positions = writer.positions(7)
    positions[5:] += (0, 0, 4.0)
    writer.write(tmp_path / "gap", body, positions)
    writer.write(
        tmp_path / "twice", np.concatenate([body, body]), np.tile(writer.positions(7), (2, 1))
    )
    gap, twice = survey([tmp_path / "gap", tmp_path / "twice"])
    assert "2.50 to 6.50 mm" in gap.series[0].notes[0]
    assert twice.series[0].notes[0].startswith("7 of 14 slices")


def test_slices_dropped_one_by_one_are_one_series_also_without_extension(ct_writer, body, tmp_path):
    files = []
    for number, path in enumerate(ct_writer().write(tmp_path, body)):
        files.append(path.rename(tmp_path / f"IM{number}"))
    chosen = [files[3], *files[:3], *files[4:]]
    (found,) = survey(chosen)
    assert len(found.series) == 1
    np.testing.assert_array_equal(open_scan(found.series[0].source).array, body)


def test_several_things_are_listed_in_their_order_with_what_is_wrong_with_them(study, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a scan")
    seen = []
    results = survey([text, study], found=seen.append)
    assert results == seen
    assert "notes.txt" in results[0].problem
    assert results[0].series == ()
    assert len(results[1].series) == 4


def test_files_that_are_scans_of_their_own_are_listed_beside_each_other(tmp_path, body):
    import SimpleITK as sitk

    for name, part in (("one.nrrd", body), ("two.mha", body[:4]), ("labels.nrrd", body * 0 + 1)):
        sitk.WriteImage(sitk.GetImageFromArray(part), str(tmp_path / name))
    (found,) = survey([tmp_path])
    assert [(e.label, e.info.usable) for e in found.series] == [
        ("one.nrrd", True),
        ("two.mha", True),
        ("labels.nrrd", False),
    ]
    second = found.series[1]
    assert open_scan(second.source, series=second.series).array.shape == (4, 12, 10)
    (packed,) = survey([zipped(tmp_path, tmp_path.parent / "packed.zip")])
    second = packed.series[1]
    assert open_scan(second.source, series=second.series).array.shape == (4, 12, 10)


def test_listing_can_be_cancelled(study):
    def stop(fraction, text):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        survey([study], progress=stop)


def test_progress_never_runs_backwards(study, tmp_path):
    told = []
    survey([study, zipped(study, tmp_path / "s.zip")], progress=lambda f, text: told.append(f))
    assert told == sorted(told)
    assert max(told) <= 1.0


def test_many_volumes_are_listed_by_name_and_completed_when_one_is_opened(tmp_path, body):
    import SimpleITK as sitk

    for number in range(5):
        sitk.WriteImage(sitk.GetImageFromArray(body), str(tmp_path / f"{number}.nrrd"))
    (found,) = survey([tmp_path])
    assert sorted(entry.label for entry in found.series) == [f"{n}.nrrd" for n in range(5)]
    assert all(entry.info.usable and entry.thumbnail is None for entry in found.series)
    entry = found.series[2]
    scan = open_scan(entry.source, series=entry.series)
    whole = with_scan(entry, scan)
    assert whole.info.shape == body.shape
    assert whole.thumbnail is not None
    assert (whole.source, whole.label) == (entry.source, entry.label)
    alone = survey_of_file(entry.source[0], scan)
    (read,) = survey([entry.source[0]])
    assert alone.series[0].info == read.series[0].info
    assert alone.paths == read.paths
