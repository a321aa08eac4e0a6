"""Saving as DICOM, on fakes and a small DICOM series of an invented patient."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from medvlp import open_scan
from medvlp.grounding.organs import OrganRow, OrganTable
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState

COMMANDS = (
    "save-dicom-heat",
    "save-dicom-map",
    "save-dicom-organs",
    "save-dicom-report",
    "save-dicom-picture",
)
ROOT = "1.2.826.0.1.3680043.8.498.88"


def write_series(scan, folder):
    """The scan of the fakes as CT images, one file a slice."""
    folder.mkdir()
    for k, plane in enumerate(scan.array):
        image = Dataset()
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, f"{ROOT}.{k + 1}"
        image.StudyInstanceUID, image.SeriesInstanceUID = f"{ROOT}.1000", f"{ROOT}.2000"
        image.FrameOfReferenceUID, image.PatientID = f"{ROOT}.3000", "SECRET-4711"
        image.PatientName, image.Modality = "Invented^Patient", "CT"
        image.ImagePositionPatient = scan.geometry.index_to_world((k, 0, 0)).tolist()
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = [1.0, 1.0], 5.0
        image.Rows, image.Columns = plane.shape
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 16, 15
        image.PixelRepresentation, image.RescaleSlope, image.RescaleIntercept = 1, 1, 0
        image.RescaleType = "HU"
        image.PixelData = plane.astype("<i2").tobytes()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.save_as(folder / f"{k:03d}.dcm", enforce_file_format=True)


def nested(item):
    """All content items below one."""
    for child in item.get("ContentSequence", []):
        yield child
        yield from nested(child)


class Desk:
    """A viewer on fakes with one scan, encoded and scored, and one answer."""

    def __init__(self, make, window, worker, folder, dicom=True):
        self.make, self.window, self.worker, self.folder = make, window, worker, folder
        self.state = ViewerState()
        self.controller = ViewerController(self.state, window, worker)
        self.scan = make.scan(make.geometry())
        write_series(self.scan, folder / "series")
        if dicom:
            self.scan = open_scan(folder / "series")
        self.controller.open(str(folder / "series"))
        self.reply("open", self.scan)
        self.reply("encode", make.facts())
        self.reply(
            "score", OrganTable((OrganRow("liver", "liver", True, False, 1.0),), "builtin", "")
        )
        self.out = folder / "out.dcm"
        window.keep.target = str(self.out)

    def reply(self, kind, value=None):
        self.worker.reply(self.worker.last(kind), "result", value, "")
        self.controller.session.poll()

    def ask(self, text, **changes):
        self.state.queries.ask(text)
        self.window.ask(text)
        self.controller.session.poll()
        heatmap = self.make.heatmap(self.scan, text, **changes)
        self.reply("ask", [heatmap])
        return heatmap

    def command(self, name):
        return next(c for c in self.controller.commands if c.name == name)

    @property
    def said(self):
        return self.window.messages[-1]


@pytest.fixture
def desk(make, fake_window, fake_worker, tmp_path):
    return Desk(make, fake_window, fake_worker, tmp_path)


def test_the_heat_that_is_shown_becomes_segments_in_its_colours(desk):
    heatmap = desk.ask("lung mass")
    desk.ask("liver")
    desk.ask("spleen")
    desk.state.queries.set_visible("spleen", False)
    desk.state.overlay.threshold = 0.4
    desk.command("save-dicom-heat").run()
    assert desk.said.text == f"DICOM saved: {desk.out}"
    seg = dcmread(desk.out)
    assert seg.PatientID == "SECRET-4711"
    assert [s.SegmentLabel for s in seg.SegmentSequence] == ["lung mass", "liver"]
    colours = [tuple(s.RecommendedDisplayCIELabValue) for s in seg.SegmentSequence]
    assert colours[0] != colours[1]
    first = [
        group.SegmentIdentificationSequence[0].ReferencedSegmentNumber == 1
        for group in seg.PerFrameFunctionalGroupsSequence
    ]
    expected = int((heatmap.on(desk.scan) >= 0.4).sum())
    assert int((seg.pixel_array[np.array(first)] > 0).sum()) == expected > 0


def test_hidden_heat_is_not_saved_and_it_is_said(desk):
    desk.ask("lung mass")
    desk.state.queries.set_visible("lung mass", False)
    desk.command("save-dicom-heat").run()
    assert "No heat is shown" in desk.said.text
    assert not desk.out.exists()


def test_the_heat_of_the_selected_query_becomes_a_map_of_real_values(desk):
    desk.ask("liver")
    heatmap = desk.ask("lung mass")
    desk.state.queries.select("lung mass")
    desk.command("save-dicom-map").run()
    assert desk.said.text == f"DICOM saved: {desk.out}"
    saved = dcmread(desk.out)
    assert saved.SOPClassUID.name == "Parametric Map Storage"
    assert saved.SeriesDescription == "medvlp: lung mass"
    mapping = saved.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    values = saved.pixel_array * float(mapping.RealWorldValueSlope)
    positions = [
        float(group.PlanePositionSequence[0].ImagePositionPatient[2])
        for group in saved.PerFrameFunctionalGroupsSequence
    ]
    order = np.argsort(positions)  # the scan's slices run to the head
    assert values[order] == pytest.approx(heatmap.on(desk.scan), abs=1e-4)


def test_a_query_without_heat_is_not_saved_as_a_map_and_it_is_said(desk):
    desk.ask("lung mass")
    desk.ask("pizza", probability=None, abstained=True, reason="Outside.")
    desk.state.queries.select("pizza")
    desk.command("save-dicom-map").run()
    assert "has no heat" in desk.said.text
    assert not desk.out.exists()


def test_answers_become_a_report_and_the_panes_a_picture(desk, monkeypatch):
    import io

    from PIL import Image

    heatmap = desk.ask("lung mass")
    desk.command("save-dicom-report").run()
    report = dcmread(desk.out)
    assert report.SOPClassUID.name == "Comprehensive 3D SR Storage"
    assert report.VerificationFlag == "UNVERIFIED"
    points = [item.GraphicData for item in nested(report) if item.ValueType == "SCOORD3D"]
    assert [list(point) for point in points] == [pytest.approx(heatmap.peak_mm)]
    png = io.BytesIO()
    Image.new("RGB", (30, 20), (9, 99, 199)).save(png, format="PNG")
    taken = type("Taken", (), {"png": lambda self: png.getvalue()})
    monkeypatch.setattr(desk.window.keep, "picture_of_panes", taken)
    desk.command("save-dicom-picture").run()
    image = dcmread(desk.out)
    assert image.SeriesDescription == "medvlp: lung mass"
    assert image.pixel_array[5, 5].tolist() == [9, 99, 199]


def test_the_commands_need_what_they_save(desk, make, fake_window, fake_worker, tmp_path):
    enabled = [desk.command(name).enabled() for name in COMMANDS]
    assert enabled == [False, False, bool(desk.controller.keep.facts.organs), True, True]
    desk.ask("lung mass")
    assert desk.command("save-dicom-heat").enabled()
    desk.controller.open("/data/other.nii.gz")
    desk.reply("open", desk.make.scan(desk.make.geometry()))
    assert not any(desk.command(name).enabled() for name in COMMANDS)


def test_a_source_that_is_gone_is_a_message(desk):
    desk.ask("lung mass")
    for file in (desk.folder / "series").iterdir():
        file.unlink()
    desk.command("save-dicom-report").run()
    assert desk.said.severity == "error"
    assert "no longer holds the series" in desk.said.text
    assert not desk.out.exists()
    assert "Saving out.dcm" not in [job.title for job in desk.state.jobs.jobs]


def test_nothing_is_written_when_the_dialog_is_cancelled(desk):
    desk.ask("lung mass")
    desk.window.keep.target = None
    for name in COMMANDS:
        desk.command(name).run()
    assert not desk.out.exists()
