"""Saving and session files, on fakes: contents, and what is said when something is wrong."""

from __future__ import annotations

import csv
import io
import json

import pytest

from medvlp.errors import ScanTooLargeError
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.session_file import (
    SessionError,
    found_origin,
    read_session,
    relative_paths,
)
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin
from medvlp_viewer.views.pane import Viewpoint


class Desk:
    """A viewer on fakes with one scan, encoded, and one answer."""

    def __init__(self, make, window, worker, folder):
        self.make, self.window, self.worker, self.folder = make, window, worker, folder
        self.state = ViewerState()
        self.controller = ViewerController(self.state, window, worker)
        self.scan = make.scan(make.oblique())
        self.path = folder / "data" / "ct.nii.gz"
        self.path.parent.mkdir()
        self.path.touch()
        self.controller.open(str(self.path))
        self.finish(self.scan)
        self.window.keep.target = str(self.out)

    def reply(self, kind, value=None, how="result", message=""):
        self.worker.reply(self.worker.last(kind), how, value, message)
        self.controller.session.poll()

    def finish(self, scan):
        self.reply("open", scan)
        self.reply("encode", self.make.facts())
        self.reply("score")

    def ask(self, text, **changes):
        self.state.queries.ask(text)
        self.window.ask(text)
        self.controller.session.poll()
        self.reply("ask", [self.make.heatmap(self.scan, text, **changes)])

    def run(self, name):
        next(c for c in self.controller.commands if c.name == name).run()

    @property
    def out(self):
        return self.folder / "out.medvlp.json"

    @property
    def said(self):
        return self.window.messages[-1]

    def session(self, **changes):
        """Path of a session file with some values changed."""
        self.run("save-session")
        content = json.loads(self.out.read_text()) | changes
        self.out.write_text(json.dumps(content))
        return str(self.out)


@pytest.fixture
def desk(make, fake_window, fake_worker, tmp_path):
    return Desk(make, fake_window, fake_worker, tmp_path)


def test_scores_hold_every_answer_and_the_reason_where_there_is_none(desk):
    desk.ask("lung mass")
    desk.ask("dog", probability=None, abstained=True, reason="Outside.")
    desk.run("save-csv")
    row, unsure = csv.DictReader(io.StringIO(desk.out.read_text()))
    assert (unsure["abstained"], unsure["probability"], unsure["reason"]) == (
        "True",
        "",
        "Outside.",
    )
    assert (row["query"], row["probability"]) == ("lung mass", "0.9")
    peak = desk.state.heats.get("lung mass").peak_mm
    assert [float(row[f"peak_{a}_mm"]) for a in "xyz"] == pytest.approx(peak)
    desk.run("save-json")
    report = json.loads(desk.out.read_text())
    assert report["model"] == {"name": "fake", "sha256": "fa" * 32}
    assert report["queries"][0]["query"] == "lung mass"
    assert str(desk.folder) not in desk.out.read_text()


def test_scores_can_be_saved_only_once_something_was_answered(desk):
    command = next(c for c in desk.controller.commands if c.name == "save-csv")
    assert not command.enabled()
    refreshed = desk.window.refreshed
    desk.ask("lung mass")
    assert command.enabled()
    assert desk.window.refreshed > refreshed
    desk.controller.open("/data/other.nii.gz")
    desk.reply("open", desk.make.scan(desk.make.geometry()))
    assert not command.enabled()


def test_pictures_are_of_the_panes_or_of_the_active_one(desk):
    desk.run("save-panes")
    assert desk.out.read_bytes() == b"picture of all panes"
    desk.controller.panes.activate("coronal")
    desk.run("save-pane")
    assert desk.out.read_bytes() == b"picture of coronal"
    assert desk.window.keep.offered[-1] == ("medvlp-coronal.png", ".png")


def test_a_place_that_cannot_be_written_is_a_message(desk):
    desk.window.keep.target = str(desk.path / "below a file" / "x.png")
    desk.run("save-panes")
    assert desk.said.severity == "error"
    assert "could not be written" in desk.said.text
    assert not desk.state.jobs.busy


def test_an_unexpected_failure_ends_the_job_with_a_message(desk, monkeypatch, caplog):
    def broken():
        raise ValueError("/data/jane/picture")

    monkeypatch.setattr(
        desk.window.keep,
        "picture_of_panes",
        lambda: type("Broken", (), {"png": staticmethod(broken)}),
    )
    desk.run("save-panes")
    assert desk.said.text == "Picture was not saved: unexpected ValueError."
    assert "ValueError" in caplog.text
    assert "jane" not in caplog.text
    assert str(desk.folder) not in caplog.text
    assert not desk.state.jobs.busy


def test_nothing_is_written_when_the_dialog_is_cancelled(desk):
    desk.window.keep.target = None
    desk.ask("lung mass")
    for name in ("save-panes", "save-pane", "save-csv", "save-json", "save-report", "save-session"):
        desk.run(name)
    assert sorted(p.name for p in desk.folder.iterdir()) == ["data"]


def test_slow_work_is_shown_as_a_job_and_leaves_the_event_loop(desk):
    waiting = []
    desk.state.scan.background = lambda work, then, queue: waiting.append((work, then))
    desk.run("save-panes")
    assert [job.title for job in desk.state.jobs.jobs] == ["Saving out.medvlp.json"]
    assert not desk.out.exists()
    work, then = waiting.pop()
    then(work())
    assert desk.out.exists()
    assert not desk.state.jobs.busy


def test_the_report_tells_scan_model_answers_and_what_was_noticed(desk):
    desk.ask("lung mass")
    desk.run("save-report")
    content = desk.window.keep.content
    facts = dict(content.facts)
    assert facts["Size"] == "12 × 20 × 24"
    assert facts["Spacing"] == "5 × 0.7 × 0.9 mm"
    assert facts["Model"] == "fake, SHA-256 " + "fa" * 32
    assert content.queries[0][:2] == ("lung mass", "90 %")
    assert "picture of all panes" in desk.out.read_text()


# Session files


def test_a_session_holds_no_pixels_no_absolute_path_and_its_schema(desk):
    desk.ask("lung mass")
    desk.run("save-session")
    text = desk.out.read_text()
    content = json.loads(text)
    assert content["schema"] == "medvlp/viewer-session/2"
    assert content["scan"] == {
        "paths": ["data/ct.nii.gz"],
        "series": None,
        "scan_id": desk.scan.scan_id,
    }
    assert str(desk.folder) not in text
    assert len(text) < 5000


def test_answers_that_come_after_a_restored_session_do_not_move_the_crosshair(desk):
    desk.ask("lung mass")
    desk.ask("liver")
    desk.state.queries.select("lung mass")
    desk.state.crosshair.move_to((-3.0, 2.0, -11.0))
    desk.window.panes["axial"].where = Viewpoint(3.0, 4.0, 5.0)
    world = desk.state.crosshair.world.copy()
    path = desk.session()
    desk.state.queries.clear()
    desk.window.panes["axial"].where = Viewpoint(1.0, 0.0, 0.0)
    desk.controller.open(path)
    assert desk.worker.submitted[-1][1]["scan_id"] == desk.scan.scan_id
    desk.reply("open", desk.scan)
    desk.reply("encode", desk.make.facts())
    maps = [desk.make.heatmap(desk.scan, text) for text in ("lung mass", "liver")]
    desk.reply("ask", maps)
    assert desk.state.crosshair.world == pytest.approx(world)
    assert desk.state.queries.selected == "lung mass"
    assert desk.window.panes["axial"].where == Viewpoint(3.0, 4.0, 5.0)
    desk.ask("spleen")  # a question asked later jumps as always
    assert desk.state.queries.selected == "spleen"


def test_a_scan_that_is_not_where_the_session_says_is_a_message_and_all_stays(desk):
    path = desk.session()
    desk.path.unlink()
    before = len(desk.worker.submitted)
    desk.controller.open(path)
    assert "missing" in desk.said.text
    assert "data/ct.nii.gz" in desk.said.text
    assert len(desk.worker.submitted) == before
    assert desk.state.scan.scan is desk.scan


def test_a_session_that_names_a_session_as_its_scan_is_refused(desk):
    name = desk.out.name.replace(".json", ".JSON")
    for told in (desk.out.name, name):
        (desk.folder / told).touch()
        path = desk.session(scan={"paths": [told], "series": None, "scan_id": "x"})
        desk.controller.open(path)
        assert "another session" in desk.said.text
        assert desk.state.scan.scan is desk.scan


def test_a_scan_too_large_that_is_opened_anyway_gets_the_view_of_its_session(desk):
    path = desk.session(interpolate=False)
    desk.state.queries.clear()
    desk.state.display.set_smooth(True)
    desk.controller.open(path)
    desk.reply("open", ScanTooLargeError("large"), "error", "large")
    desk.said.action.run()
    assert desk.worker.submitted[-1][1]["scan_id"] == desk.scan.scan_id
    desk.reply("open", desk.scan)
    assert not desk.state.display.smooth
    desk.state.display.set_smooth(True)
    desk.controller.open(str(desk.path))
    desk.reply("open", desk.scan)
    assert desk.state.display.smooth  # the session was for that one opening


def test_a_session_moves_with_its_folder(desk, tmp_path):
    path = desk.session()
    moved = tmp_path / "moved"
    (moved / "data").mkdir(parents=True)
    desk.path.rename(moved / "data" / "ct.nii.gz")
    new = desk.out.rename(moved / "view.medvlp.json")
    desk.controller.open(str(new))
    assert desk.worker.submitted[-1][1]["source"] == str(moved / "data" / "ct.nii.gz")
    assert path


def test_a_scan_that_changed_is_refused_and_the_view_stays(desk):
    path = desk.session()
    desk.ask("lung mass")
    desk.controller.open(path)
    desk.reply("open", None, "error", "ct.nii.gz: the scan has changed.")
    assert desk.said.text == "ct.nii.gz: the scan has changed."
    assert [row.text for row in desk.state.queries] == ["lung mass"]
    desk.controller.open(str(desk.path))
    desk.finish(desk.scan)
    assert [row.text for row in desk.state.queries] == ["lung mass"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"schema": "medvlp/viewer-session/3"}', "found 'medvlp/viewer-session/3'"),
        ("[1, 2]", "found None"),
        ("no json", "expected JSON"),
        (
            '{"schema": "medvlp/viewer-session/1", "window": {"level": 1, "width": 0}}',
            "annotations",
        ),
    ],
)
def test_a_file_that_is_no_usable_session_says_what_is_wrong(tmp_path, content, told):
    path = tmp_path / "a.medvlp.json"
    path.write_text(content)
    with pytest.raises(SessionError, match=r"a\.medvlp\.json") as raised:
        read_session(path)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    "change",
    [
        {"crosshair": {"position": [0, 0, float("nan")], "visible": True}},
        {"overlay": {"opacity": 2.0, "threshold": 0.1, "colour_map": "x", "visible": True}},
        {"overlay": {"opacity": 0.5, "threshold": 0.1, "colour_map": "mist", "visible": True}},
        {"pixels": [1, 2, 3]},
        {"scan": {"paths": [], "series": None, "scan_id": ""}},
    ],
)
def test_values_that_make_no_sense_are_refused_by_name(desk, change):
    path = desk.session(**change)
    desk.controller.session_files.open(path)
    assert desk.said.severity == "error"
    assert next(iter(change)) in desk.said.text


def test_another_model_is_told(desk):
    path = desk.session(model={"name": "large", "sha256": "bb" * 32})
    desk.controller.session_files.open(path)
    desk.reply("open", desk.scan)
    desk.reply("encode", desk.make.facts())
    assert "large (bbbbbbbbbbbb)" in desk.said.text


def test_paths_are_relative_in_both_directions(tmp_path):
    origin = Origin((str(tmp_path / "scans" / "a.dcm"), str(tmp_path / "scans" / "b.dcm")), "x")
    told = relative_paths(origin.source, tmp_path / "sessions")
    assert told == ("../scans/a.dcm", "../scans/b.dcm")
    for path in origin.source:
        (tmp_path / "scans").mkdir(exist_ok=True)
        open(path, "w").close()
    from medvlp_viewer.models.session_parts import ScanPart

    part = ScanPart(paths=told, series="x", scan_id="")
    assert found_origin(part, tmp_path / "sessions" / "s.medvlp.json") == origin
