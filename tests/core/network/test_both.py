"""What holds over DIMSE and over DICOMweb alike."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pydicom
import pytest

import medvlp
from medvlp.errors import Cancelled, ServerError
from medvlp.network.inbox import Inbox
from medvlp.network.server import Server, StudyFilter, open_server


@pytest.fixture
def server(archive: Any) -> Server:
    return open_server(archive.address, timeout=5)


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith(".")]


def test_a_server_that_is_there_answers(server: Server) -> None:
    server.echo()


def test_a_study_is_described_without_opening_an_image(
    server: Server, archives: ModuleType
) -> None:
    (study,) = server.find(StudyFilter(patient_id=archives.PATIENT_ID))
    assert (study.uid, study.date, study.modalities) == (archives.STUDY, "2026-02-14", ("CT",))
    assert (study.n_series, study.n_images, study.description) == (1, 5, "CT Chest")
    assert study.patient == "Invented Otto  ·  SECRET-4711"
    (series,) = server.series(archives.STUDY)
    assert (series.uid, series.number, series.modality) == (archives.SERIES, 4, "CT")
    assert (series.n_images, series.description) == (5, "Thorax 1.5 B60f")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (StudyFilter(), 2),
        (StudyFilter(earliest="20260214", latest="20260214"), 1),
        (StudyFilter(latest="20251231"), 1),
        (StudyFilter(earliest="20260215"), 0),
        (StudyFilter(modality="ct"), 2),
        (StudyFilter(modality="DX"), 0),
        (StudyFilter(description="Chest"), 2),
        (StudyFilter(description="Head"), 0),
        (StudyFilter(accession="ACC*"), 2),
        (StudyFilter(patient_id="SECRET-0000"), 0),
        (StudyFilter(limit=1), 1),
    ],
)
def test_every_filter_narrows(
    server: Server, archive: Any, archives: ModuleType, wanted: StudyFilter, found: int
) -> None:
    older = f"{archives.ROOT_UID}.70"
    archive.add(
        archives.ct_images(archives.volume(2), study=older, series=f"{older}.1", date="20251130")
    )
    assert len(server.find(wanted)) == found


def test_a_description_that_repeats_the_patient_is_not_shown(
    server: Server, archive: Any, archives: ModuleType
) -> None:
    archive.files.clear()
    images = archives.ct_images(archives.volume(2))
    for image in images:
        image.StudyDescription = "Chest of Otto"
    archive.add(images)
    assert server.find(StudyFilter())[0].description == ""


def test_pixels_and_geometry_are_those_of_the_archive(
    server: Server, archives: ModuleType, tmp_path: Path
) -> None:
    inbox = Inbox(tmp_path / "got", archives.STUDY)
    server.get(inbox)
    archives.write_files(archives.ct_images(archives.volume()), tmp_path / "sent")

    got, sent = (medvlp.open_scan(tmp_path / name) for name in ("got", "sent"))
    np.testing.assert_array_equal(got.array, sent.array)
    np.testing.assert_array_equal(got.geometry.affine, sent.geometry.affine)
    np.testing.assert_array_equal(np.sort(got.array, axis=None), np.sort(archives.volume(), None))
    assert got.geometry.shape == (5, 12, 16)
    assert inbox.received == {archives.SERIES: 5}
    assert (inbox.missing, inbox.refused) == (0, {})


def test_every_attribute_comes_back(server: Server, archives: ModuleType, tmp_path: Path) -> None:
    server.get(Inbox(tmp_path, archives.STUDY))
    for original in archives.ct_images(archives.volume()):
        path = tmp_path / archives.SERIES / f"{original.SOPInstanceUID}.dcm"
        assert pydicom.dcmread(path) == pydicom.dcmread(BytesIO(archives.file_bytes(original)))


def test_no_path_holds_a_name_or_an_id(
    server: Server, archives: ModuleType, tmp_path: Path
) -> None:
    server.get(Inbox(tmp_path / "got", archives.STUDY))
    names = " ".join(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")).lower()
    assert not any(word in names for word in ("otto", "invented", "secret", "4711", "acc123"))


def test_a_second_get_fetches_nothing_and_touches_nothing(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    server.get(Inbox(tmp_path, archives.STUDY))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.dcm")}
    archive.delivered.clear()
    again = Inbox(tmp_path, archives.STUDY)
    server.get(again)
    assert archive.delivered == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.dcm")} == before
    assert (again.received, again.present) == ({}, {archives.SERIES: 5})


def test_a_cancelled_get_leaves_whole_files_and_is_taken_up_again(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    inbox = Inbox(tmp_path, archives.STUDY)

    def cancel_after_two(fraction: float, message: str) -> None:
        if inbox.answered >= 2:
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        server.get(inbox, (), cancel_after_two)
    kept = sorted(tmp_path.rglob("*.dcm"))
    assert len(kept) == 2
    assert leftovers(tmp_path) == []
    assert all(pydicom.dcmread(path).pixel_array.shape == (12, 16) for path in kept)

    archive.delivered.clear()
    server.get(Inbox(tmp_path, archives.STUDY))
    assert len(list(tmp_path.rglob("*.dcm"))) == 5
    assert len(archive.delivered) == 3


def test_progress_goes_up_to_one(server: Server, archives: ModuleType, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    server.get(Inbox(tmp_path, archives.STUDY), (), lambda *step: told.append(step))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1] == (1.0, "Image 5 of 5")


def test_one_series_of_a_study(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    other = f"{archives.ROOT_UID}.1.3"
    archive.add(archives.ct_images(archives.volume(3), series=other, number=5))
    server.get(Inbox(tmp_path / "one", archives.STUDY), [other])
    assert [p.name for p in (tmp_path / "one").iterdir()] == [other]
    assert len(list((tmp_path / "one" / other).iterdir())) == 3
    server.get(Inbox(tmp_path / "all", archives.STUDY))
    assert {p.name for p in (tmp_path / "all").iterdir()} == {archives.SERIES, other}


def test_a_study_or_series_that_is_not_there(
    server: Server, archives: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(ServerError, match="has no study with this UID"):
        server.get(Inbox(tmp_path, "1.2.3.4"))
    with pytest.raises(ServerError, match="1 of the 1 series asked for are not in this study"):
        server.get(Inbox(tmp_path, archives.STUDY), ["1.2.3.4"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SOPInstanceUID", "../../outside"),
        ("SOPInstanceUID", "/tmp/outside"),
        ("SeriesInstanceUID", ".."),
        ("SeriesInstanceUID", "..\\..\\outside"),
        ("SOPInstanceUID", ""),
        ("StudyInstanceUID", "1.2.3"),
    ],
)
def test_an_image_with_a_wrong_uid_is_turned_away(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path, keyword: str, value: str
) -> None:
    def tampered(data: bytes) -> bytes:
        image = pydicom.dcmread(BytesIO(data))
        if image.InstanceNumber == 2:
            with pydicom.config.disable_value_validation():
                setattr(image, keyword, value)
        file = BytesIO()
        image.save_as(file)
        return file.getvalue()

    archive.rewrite = tampered
    inbox = Inbox(tmp_path / "deep" / "got", archives.STUDY)
    server.get(inbox)
    assert inbox.missing == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 4
    assert all(path.parent == tmp_path / "deep" / "got" / archives.SERIES for path in files)


def test_an_image_that_is_cut_short_is_turned_away(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    def short(data: bytes) -> bytes:
        image = pydicom.dcmread(BytesIO(data))
        if image.InstanceNumber == 3:
            del image.PixelData
        file = BytesIO()
        image.save_as(file)
        return file.getvalue()

    archive.rewrite = short
    inbox = Inbox(tmp_path, archives.STUDY)
    server.get(inbox)
    assert inbox.refused == {"it is incomplete: it ends before its image": 1}
    assert (inbox.missing, inbox.received.total()) == (1, 4)


def test_what_is_sent_is_what_arrives(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    archive.files.clear()
    images = archives.ct_images(archives.volume())
    paths = archives.write_files(images, tmp_path)
    results = server.send(paths)
    assert [result.path for result in results] == paths
    assert all(result.stored and not result.reason for result in results)
    stored = {str(image.SOPInstanceUID): image for image in archive.datasets()}
    for image in images:
        arrived = stored[str(image.SOPInstanceUID)]
        assert arrived == pydicom.dcmread(BytesIO(archives.file_bytes(image)))
        np.testing.assert_array_equal(arrived.pixel_array, image.pixel_array)


def test_a_file_that_cannot_be_sent_does_not_stop_the_others(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    archive.files.clear()
    paths = archives.write_files(archives.ct_images(archives.volume(3)), tmp_path)
    paths[0].write_bytes(b"no DICOM at all" * 40)
    paths[1].write_bytes(paths[1].read_bytes()[:-100])
    first, second, third = server.send(paths)
    assert (first.stored, first.reason) == (
        False,
        "it is no DICOM file, or has no SOP Instance UID",
    )
    assert (second.stored, second.reason) == (False, "it is incomplete: it ends before its image")
    assert third.stored
    assert len(archive.files) == 1


def test_sending_can_be_cancelled(
    server: Server, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    archive.files.clear()
    paths = archives.write_files(archives.ct_images(archives.volume()), tmp_path)

    def cancel_at_three(fraction: float, message: str) -> None:
        if message.startswith("File 3"):
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        server.send(paths, cancel_at_three)
    assert len(archive.files) == 2


def test_compressed_images_travel_as_they_are(
    archives: ModuleType, tmp_path: Path, request: pytest.FixtureRequest, archive: Any
) -> None:
    from pydicom.uid import RLELossless

    if request.node.callspec.params["archive"] == "dimse":
        archive = archives.DicomNode(syntaxes=(archives.ExplicitVRLittleEndian, RLELossless))
        request.addfinalizer(archive.close)
    archive.files.clear()
    images = archives.ct_images(archives.volume())
    for image in images:
        image.compress(RLELossless, generate_instance_uid=False)
    paths = archives.write_files(images, tmp_path / "files")
    server = open_server(archive.address, timeout=5)
    assert all(result.stored for result in server.send(paths))
    server.get(Inbox(tmp_path / "got", archives.STUDY))
    for path in (tmp_path / "got").rglob("*.dcm"):
        assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == RLELossless
    np.testing.assert_array_equal(
        medvlp.open_scan(tmp_path / "got").array, medvlp.open_scan(tmp_path / "files").array
    )


def test_nothing_is_logged(
    server: Server, archives: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    server.find(StudyFilter(patient_id=archives.PATIENT_ID))
    server.get(Inbox(tmp_path, archives.STUDY))
    server.send(list(tmp_path.rglob("*.dcm")))
    text = caplog.text
    assert not any(w in text for w in (archives.STUDY, archives.PATIENT_ID, "Otto", "ACC123"))
