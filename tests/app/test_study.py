"""The study list: what is shown, which series is on screen, recent files, and privacy."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from medvlp.io.series import SeriesInfo
from medvlp.io.survey import Survey, SurveyedSeries
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.study import StudyController
from medvlp_viewer.models.recent import LONGEST, RecentModel, short_name
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin, StudyModel


def info(identity, usable=True, modality="CT"):
    return SeriesInfo(identity, 3, "THORAX", modality, 7, (7, 12, 10), (2.5, 0.8, 0.6), usable)


def study_of(path="/data/study", *ids, **changes):
    series = tuple(SurveyedSeries(info(i), (path,), i, "THORAX") for i in ids)
    return Survey((path,), path.rpartition("/")[2], series, **changes)


def scan_from(make, series):
    scan = make.scan(make.geometry())
    return replace(scan, provenance={"series": series} if series else {"format": "NIfTI"})


class Desk:
    """The controllers of opening, on fakes."""

    def __init__(self, make, window, worker, recent=None):
        self.state, self.worker, self.window, self.make = ViewerState(), worker, window, make
        self.session = SessionController(self.state, worker)
        self.studies = StudyController(
            self.state, window, self.session, worker, recent or RecentModel()
        )

    def reply(self, kind, value=None, how="result", message=""):
        self.worker.reply(self.worker.last(kind), how, value, message)
        self.session.poll()

    def submitted(self, kind):
        return [arguments for k, arguments in self.worker.submitted if k == kind]

    @property
    def chosen(self):
        return [
            (row.source.paths, row.entry.series) for row in self.state.study.rows() if row.chosen
        ]


@pytest.fixture
def desk(make, fake_window, fake_worker):
    return Desk(make, fake_window, fake_worker)


def test_a_dropped_folder_is_opened_and_then_listed(desk, make):
    desk.window.paths_dropped.emit(["/data/study"])
    assert [kind for kind, _ in desk.worker.submitted] == ["open", "survey"]
    assert desk.submitted("survey") == [{"paths": ["/data/study"], "identifiers": False}]
    assert len(desk.state.study.rows()) == 1
    desk.reply("survey", study_of("/data/study", "aaaa", "bbbb"), "progress")
    assert desk.chosen == []
    desk.reply("open", scan_from(make, "bbbb"))
    assert desk.chosen == [(("/data/study",), "bbbb")]


def test_of_several_things_all_are_listed_and_the_first_is_opened(desk):
    desk.window.paths_dropped.emit(["/data/a.nii.gz", "/data/b", "/data/c.zip"])
    (opened,) = desk.submitted("open")
    assert opened["source"] == "/data/a.nii.gz"
    assert desk.submitted("survey")[0]["paths"] == ["/data/a.nii.gz", "/data/b", "/data/c.zip"]
    assert [s.paths[0] for s in desk.state.study.sources] == [
        "/data/a.nii.gz",
        "/data/b",
        "/data/c.zip",
    ]


def test_slices_that_were_dropped_one_by_one_become_one_study(desk, make):
    files = [f"/data/IM{n}" for n in range(3)]
    desk.window.paths_dropped.emit(files)
    assert desk.submitted("open")[0]["source"] == files
    series = (SurveyedSeries(info("aaaa"), tuple(files), "aaaa", "THORAX"),)
    desk.reply("survey", Survey(tuple(files), "3 DICOM files", series), "progress")
    assert len(desk.state.study.sources) == 1
    desk.reply("open", scan_from(make, "aaaa"))
    assert desk.chosen == [(tuple(files), "aaaa")]


def test_a_click_opens_that_series_and_nothing_is_listed_again(desk, make):
    desk.studies.open(["/data/study"])
    desk.reply("survey", study_of("/data/study", "aaaa", "bbbb"), "progress")
    desk.reply("open", scan_from(make, "aaaa"))
    entry = desk.state.study.rows()[2].entry
    desk.window.series_chosen.emit(entry)
    assert desk.submitted("open")[-1] == {"source": "/data/study", "series": "bbbb"}
    assert len(desk.submitted("survey")) == 1
    assert desk.chosen == [(("/data/study",), "aaaa")]
    desk.reply("open", scan_from(make, "bbbb"))
    assert desk.chosen == [(("/data/study",), "bbbb")]


def test_a_series_that_is_chosen_twice_at_once_is_opened_once(desk, make):
    desk.studies.open(["/data/study"])
    desk.reply("survey", study_of("/data/study", "aaaa", "bbbb"), "progress")
    first, second = (row.entry for row in desk.state.study.rows()[1:])
    for entry in (second, second, first, second):
        desk.window.series_chosen.emit(entry)
    assert [job["series"] for job in desk.submitted("open")] == [None, "bbbb", "aaaa", "bbbb"]
    desk.reply("open", None, "error", "gone")
    desk.window.series_chosen.emit(second)
    assert len(desk.submitted("open")) == 5


def test_what_cannot_be_used_says_so_and_is_not_opened(desk):
    entry = SurveyedSeries(
        replace(info("aaaa", usable=False, modality="MR"), reason="an MR image"),
        ("/d",),
        "aaaa",
        "T1",
    )
    desk.studies.choose(entry)
    assert desk.submitted("open") == []
    assert "an MR image" in desk.window.messages[-1].text


def test_a_file_that_is_one_scan_is_listed_from_the_scan(desk, make):
    desk.studies.open(["/data/ct.nii.gz"])
    assert desk.submitted("survey") == []
    desk.reply("open", scan_from(make, None))
    (row,) = desk.state.study.rows()
    assert (row.entry.label, row.chosen) == ("ct.nii.gz", True)
    assert row.entry.info.shape == (12, 20, 24)
    assert row.entry.thumbnail.grey.max() > 0


def test_a_file_that_cannot_be_read_stays_in_the_list_and_the_chosen_one_stays_chosen(desk, make):
    desk.studies.open(["/data/ct.nii.gz"])
    desk.reply("open", scan_from(make, None))
    desk.studies.open(["/data/wrong.nii"])
    desk.reply("open", None, "error", "wrong.nii is damaged.")
    assert desk.chosen == [(("/data/ct.nii.gz",), None)]
    assert "not opened" in desk.state.study.sources[1].survey.problem
    desk.window.source_chosen.emit(("/data/wrong.nii",))
    assert desk.submitted("open")[-1]["source"] == "/data/wrong.nii"


def test_a_cancelled_survey_leaves_no_line_that_waits_for_ever(desk):
    desk.studies.open(["/data/study"])
    desk.reply("survey", how="cancelled")
    assert "cancelled" in desk.state.study.sources[0].survey.problem
    assert "survey" not in {job.kind for job in desk.state.jobs.jobs}


def test_names_are_read_only_while_the_switch_is_on(desk):
    desk.studies.open(["/data/study"])
    desk.reply("survey", study_of("/data/study", "aaaa"), "progress")
    desk.state.settings.change(show_patient_names=True)
    desk.state.settings.change(show_patient_names=False)
    assert [job["identifiers"] for job in desk.submitted("survey")] == [False, True, False]


def with_patient(survey):
    return replace(survey, series=tuple(replace(s, patient="Doe^Jane  17") for s in survey.series))


def test_names_leave_the_list_at_once_and_late_ones_do_not_come_back(desk):
    desk.state.settings.change(show_patient_names=True)
    desk.studies.open(["/data/study"])
    named = with_patient(study_of("/data/study", "aaaa"))
    desk.reply("survey", named, "progress")
    assert desk.state.study.rows()[1].entry.patient == "Doe^Jane  17"
    desk.state.settings.change(show_patient_names=False)
    assert desk.state.study.rows()[1].entry.patient == ""
    desk.worker.reply(desk.worker.last("survey") - 1, "progress", named)
    desk.session.poll()
    desk.reply("survey", named, "progress")
    assert desk.state.study.rows()[1].entry.patient == ""


def test_a_picture_that_comes_late_changes_its_series_only(desk, make):
    waiting = []
    desk.state.scan.background = lambda work, then: waiting.append((work, then))
    desk.state.settings.change(show_patient_names=True)
    desk.studies.open(["/data/study"])
    desk.reply("survey", with_patient(study_of("/data/study", "aaaa")), "progress")
    desk.window.series_chosen.emit(desk.state.study.rows()[1].entry)
    desk.reply("open", scan_from(make, "aaaa"))
    desk.state.settings.change(show_patient_names=False)
    desk.reply("survey", study_of("/data/study", "aaaa", "bbbb"), "progress")
    for work, then in waiting:
        then(work())
    first, second = desk.state.study.sources[0].survey.series
    assert first.thumbnail is not None
    assert (first.patient, second.thumbnail) == ("", None)


def test_a_source_that_was_forgotten_does_not_come_back(desk):
    desk.studies.open(["/data/study"])
    desk.state.study.keep_opened_only()
    desk.reply("survey", study_of("/data/study", "aaaa"), "progress")
    assert desk.state.study.sources == ()


def test_other_studies_can_be_forgotten(desk, make):
    for path in ("/data/one", "/data/two"):
        desk.studies.open([path])
        desk.reply("survey", study_of(path, "aaaa"), "progress")
    desk.reply("open", scan_from(make, "aaaa"))
    desk.state.study.keep_opened_only()
    assert [s.paths for s in desk.state.study.sources] == [("/data/two",)]


def test_notes_of_the_scan_on_screen_are_those_of_its_reader(make):
    from medvlp.scan import ScanWarning

    study = StudyModel()
    study.expect(["/data/study"])
    study.put(study_of("/data/study", "aaaa"))
    scan = scan_from(make, "aaaa")
    study.set_opened(
        Origin(("/data/study",)), replace(scan, warnings=(ScanWarning("gap", "A gap of 9 mm."),))
    )
    assert study.rows()[1].notes == ("A gap of 9 mm.",)


def test_the_sample_says_what_it_is_until_something_is_asked(desk, make):
    desk.studies.open_sample()
    desk.reply("open", scan_from(make, None))
    assert "simulated CT" in desk.window.messages[-1].text
    assert desk.studies.recent.sources == ()
    desk.state.queries.ask("liver")
    desk.window.messages.clear()
    desk.studies.open_sample()
    desk.reply("open", scan_from(make, None))
    assert all("simulated" not in m.text for m in desk.window.messages if m)


# Recent files


def test_what_was_opened_comes_back_newest_first(tmp_path):
    path = tmp_path / "config" / "recent.json"
    recent = RecentModel(path)
    for number in range(LONGEST + 2):
        recent.add([f"/data/{number}"])
    recent.add(["/data/5"])
    again = RecentModel(path).sources
    assert again[0] == ("/data/5",)
    assert len(again) == len(set(again)) == LONGEST
    assert path.stat().st_mode & 0o077 == 0
    recent.clear()
    assert RecentModel(path).sources == ()
    assert "/data" not in path.read_text()


@pytest.mark.parametrize("content", ["", "{", '{"schema": "medvlp/recent/2", "sources": []}', "[]"])
def test_a_list_that_cannot_be_read_is_empty(tmp_path, content):
    path = tmp_path / "recent.json"
    path.write_text(content)
    assert RecentModel(path).sources == ()


def test_only_what_could_be_read_is_remembered_and_what_is_gone_is_forgotten(
    make, fake_window, fake_worker, tmp_path
):
    file = tmp_path / "ct.nii.gz"
    file.touch()
    recent = RecentModel()
    desk = Desk(make, fake_window, fake_worker, recent)
    desk.studies.open([str(file)])
    assert recent.sources == ()
    desk.reply("open", scan_from(make, None))
    assert recent.sources == ((str(file),),)
    file.unlink()
    desk.studies.open_recent(0)
    desk.reply("open", None, "error", "gone")
    assert recent.sources == ()


def test_a_user_who_wants_no_list_gets_none(make, fake_window, fake_worker):
    recent = RecentModel()
    recent.add(["/data/old"])
    desk = Desk(make, fake_window, fake_worker, recent)
    desk.state.settings.change(remember_recent=False)
    assert recent.sources == ()
    desk.studies.open(["/data/ct.nii.gz"])
    desk.reply("open", scan_from(make, None))
    assert recent.sources == ()


def test_the_menu_tells_scans_of_one_name_apart():
    assert short_name(["/data/patient 7/ct.nii.gz"]) == "patient 7/ct.nii.gz"
    assert short_name(["/d/e/IM1", "/d/e/IM2", "/d/e/IM3"]) == "e/IM1 and 2 more"


def test_the_recent_menu_follows_the_list(make, fake_window, fake_worker):
    from medvlp_viewer.controllers.commands_study import open_commands

    desk = Desk(make, fake_window, fake_worker)
    nothing = SimpleNamespace(
        studies=desk.studies, open_file=None, open_folder=None, open_sample=None
    )
    commands = {command.name: command for command in open_commands(nothing)}
    assert commands["open-recent-1"].label() == ""
    desk.studies.recent.add(["/data/a/ct.nii.gz"])
    assert commands["open-recent-1"].label() == "1  a/ct.nii.gz"
    commands["open-recent-1"].run()
    assert desk.submitted("open")[-1]["source"] == "/data/a/ct.nii.gz"
    commands["clear-recent"].run()
    assert not commands["open-recent-1"].enabled()


def test_the_file_holds_paths_and_nothing_else(tmp_path):
    recent = RecentModel(tmp_path / "recent.json")
    recent.add(["/data/x"])
    content = json.loads((tmp_path / "recent.json").read_text())
    assert content == {"schema": "medvlp/recent/1", "sources": [["/data/x"]]}
