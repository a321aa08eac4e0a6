"""Studies of a server: found, fetched and opened, with a server that is not there."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from medvlp.errors import Cancelled, ServerError
from medvlp.network.server import Series, Study, StudyFilter
from medvlp_viewer.controllers.server import ServerController
from medvlp_viewer.controllers.server_work import ServerTask, folder_of
from medvlp_viewer.controllers.system import System
from medvlp_viewer.models.server import MOST_STUDIES, ServerQuery
from medvlp_viewer.models.state import ViewerState

ADDRESS = "ARCHIVE@pacs.example:104"
CHEST = Study("1.2.3", "2026-02-14", ("CT",), "CT Chest", 1, 5, "Invented Otto  ·  SECRET-4711")
THIN = Series("1.2.3.9", 3, "CT", "1 mm", 5)
SCOUT = Series("1.2.3.1", 1, "CT", "Topogram", 2)
HEAD = Study("1.2.4", "2026-01-02", ("CT", "SR"), "CT Head", None, None, "Invented Eva")


class Server:
    """Answers with what the test put there."""

    def __init__(self) -> None:
        self.studies, self.error = [CHEST, HEAD], None
        self.asked, self.calls, self.fetched = [], [], []
        self.images, self.missing = 2, 0
        self.while_sending = lambda: None

    def find(self, wanted):
        self.asked.append(wanted)
        if self.error:
            raise self.error
        return self.studies

    def series(self, study):
        if self.error:
            raise self.error
        return {CHEST.uid: [SCOUT, THIN]}[study]

    def get(self, inbox, series=(), progress=None):
        if self.error:
            raise self.error
        self.fetched.append(series)
        for number in range(self.images):
            folder = inbox.folder / "1.2.3.9"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"1.2.3.9.{number}.dcm").write_bytes(b"image")
            inbox.received["1.2.3.9"] += 1
            self.while_sending()
            progress((number + 1) / self.images, f"Image {number + 1} of {self.images}")
        inbox.missing = self.missing


class Later:
    """A background whose works end when the test says so."""

    def __init__(self) -> None:
        self.waiting = deque()

    def __call__(self, work, then=lambda result: None, queue=""):
        self.waiting.append((work, then))

    def finish(self, number=0):
        work, then = self.waiting[number]
        del self.waiting[number]
        then(work())


@pytest.fixture
def desk(fake_window, tmp_path):
    server, state, later, opened = Server(), ViewerState(), Later(), []
    folder = tmp_path / "cache" / "studies"
    system = System(background=later, server_folder=folder)

    def connect(address, aet):
        server.calls.append((address, aet))
        return server

    controller = ServerController(state, fake_window, opened.append, system, connect)
    controller.show()
    return SimpleNamespace(
        **{"server": server, "state": state, "later": later, "opened": opened, "folder": folder},
        **{"controller": controller, "window": fake_window, "model": state.server},
        view=fake_window.server,
    )


def search(desk, **fields):
    desk.view.find_requested.emit(ServerQuery(ADDRESS, "ME", **fields))


def find(desk, **fields):
    search(desk, **fields)
    desk.later.finish()


def test_what_was_typed_is_asked_and_the_answer_is_listed(desk):
    find(
        desk,
        **{"patient_id": "4711", "earliest": "2026-01-31", "modality": "ct"},
        **{"accession": "A-17", "description": "chest"},
    )
    expected = StudyFilter(
        "4711", "A-17", earliest="20260131", modality="ct", description="chest", limit=MOST_STUDIES
    )
    assert desk.server.asked == [expected]
    assert desk.server.calls == [(ADDRESS, "ME")]
    assert desk.model.studies == (CHEST, HEAD)
    assert desk.model.text == "2 studies were found."
    assert not desk.model.busy


def test_the_server_is_remembered_and_nothing_else_of_what_was_typed(desk):
    find(desk, patient_id="4711", description="secret")
    settings = desk.state.settings.value
    assert (settings.server_address, settings.server_aet) == (ADDRESS, "ME")
    assert "4711" not in settings.model_dump_json()
    assert "secret" not in settings.model_dump_json()
    desk.controller.show()
    assert desk.view.filled == (ADDRESS, "ME")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (ServerQuery("pacs.example"), "is no address of a server"),
        (ServerQuery("https://me:secret@pacs.example/x"), "holds a user or a password"),
        (ServerQuery(ADDRESS, "a title that is too long"), "is no AE title"),
        (ServerQuery(ADDRESS, earliest="31.1.2026"), "Expected a day as 2026-01-31"),
        (ServerQuery(ADDRESS, earliest="2026-02-01", latest="2026-01-01"), "after the last"),
        (ServerQuery(ADDRESS, patient_id="a\\b"), "backslash"),
        (ServerQuery(ADDRESS, accession="a\\b"), "backslash"),
    ],
)
def test_what_no_server_can_be_asked_is_said_and_not_remembered(desk, query, words):
    desk.view.find_requested.emit(query)
    assert words in desk.model.text
    assert desk.model.is_error
    assert "secret" not in desk.model.text
    assert not desk.later.waiting
    assert desk.state.settings.value.server_address == ""


def test_an_answer_that_was_overtaken_is_not_shown(desk):
    search(desk)
    desk.server.studies = [HEAD]
    search(desk)
    desk.later.finish(1)
    desk.later.finish(0)
    assert desk.model.studies == (HEAD,)
    assert desk.model.text == "1 study was found."


def test_a_search_is_cancelled_and_its_answer_is_not_shown(desk):
    search(desk)
    assert desk.model.phase == "finding"
    desk.view.cancel_requested.emit()
    assert (desk.model.phase, desk.model.text) == ("idle", "Stopped.")
    desk.later.finish()
    assert desk.model.studies == ()
    assert desk.model.text == "Stopped."


def test_a_refusal_is_one_sentence_in_the_panel(desk):
    desk.server.error = ServerError("pacs.example refused the C-FIND.")
    find(desk)
    assert (desk.model.text, desk.model.is_error) == ("pacs.example refused the C-FIND.", True)
    assert not desk.model.busy


def test_a_missing_package_is_a_sentence_that_names_the_extra(fake_window, monkeypatch):
    def missing(name):
        raise ImportError(name)

    state = ViewerState()
    monkeypatch.setattr("medvlp.network.packages.import_module", missing)
    ServerController(state, fake_window, print, System()).find(ServerQuery(ADDRESS))
    assert 'pip install "medvlp[pacs]"' in state.server.text
    assert state.server.is_error


def test_nothing_found_is_said(desk):
    desk.server.studies = []
    find(desk)
    assert desk.model.text.startswith("No study matches.")
    assert not desk.model.is_error


def test_a_list_that_may_be_cut_short_is_said(desk):
    desk.server.studies = [CHEST] * MOST_STUDIES
    find(desk)
    assert desk.model.text == f"There may be more than these {MOST_STUDIES} studies: ask for less."


def test_a_study_is_fetched_into_a_folder_without_a_name_and_opened(desk):
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    assert desk.model.phase == "fetching"
    desk.later.finish()
    (paths,) = desk.opened
    folder = Path(paths[0])
    assert folder == folder_of(desk.folder, CHEST.uid)
    assert folder.parent == desk.folder
    assert len(list(folder.rglob("*.dcm"))) == 2
    assert CHEST.uid not in str(folder)
    assert not desk.view.visible
    assert os.name == "nt" or desk.folder.stat().st_mode & 0o077 == 0


def test_one_series_is_fetched_and_opened_without_the_others(desk):
    find(desk)
    desk.view.series_requested.emit(CHEST.uid)
    assert desk.model.phase == "listing"
    desk.later.finish()
    assert (desk.model.listed, desk.model.series) == (CHEST.uid, (SCOUT, THIN))
    assert not desk.model.busy
    desk.view.open_requested.emit(CHEST.uid, THIN.uid)
    desk.later.finish()
    assert desk.server.fetched == [(THIN.uid,)]
    assert desk.opened == [[str(folder_of(desk.folder, CHEST.uid) / THIN.uid)]]


def test_the_whole_study_is_fetched_where_no_series_is_chosen(desk):
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.later.finish()
    assert desk.server.fetched == [()]


def test_another_search_forgets_the_series(desk):
    find(desk)
    desk.view.series_requested.emit(CHEST.uid)
    desk.later.finish()
    search(desk)
    assert (desk.model.listed, desk.model.series) == ("", ())


def test_series_that_cannot_be_listed_are_said_and_the_studies_stay(desk):
    find(desk)
    desk.server.error = ServerError("The archive refused.")
    desk.view.series_requested.emit(CHEST.uid)
    desk.later.finish()
    assert desk.model.text == "The archive refused."
    assert desk.model.studies == (CHEST, HEAD)
    desk.view.series_requested.emit("9.9.9")
    assert not desk.later.waiting


def test_the_study_comes_from_where_it_was_found(desk):
    find(desk)
    desk.view.find_requested.emit(ServerQuery("nonsense"))
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.later.finish()
    assert desk.server.calls == [(ADDRESS, "ME")] * 2


def test_the_panel_shows_how_far_the_download_is(desk):
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    seen = []

    def look():
        desk.controller.poll()
        seen.append((desk.model.fraction, desk.model.words))

    desk.server.while_sending = look
    desk.later.finish()
    assert seen == [(0.0, ""), (0.5, "Image 1 of 2")]


def test_a_cancelled_download_stops_at_the_next_image_and_opens_nothing(desk):
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.server.while_sending = desk.controller.cancel
    desk.later.finish()
    assert desk.opened == []
    assert desk.model.text.startswith("Stopped. What has arrived is kept")
    assert len(list(desk.folder.rglob("*.dcm"))) == 1


def test_a_closed_window_gives_everything_up(desk):
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.window.close()
    desk.later.finish()
    assert desk.opened == []
    assert list(desk.folder.rglob("*.dcm")) == []


def test_a_download_that_fails_is_said_in_the_window_too(desk):
    find(desk)
    desk.server.error = ServerError("The archive offers no C-GET.")
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.later.finish()
    assert desk.model.text == "The archive offers no C-GET."
    assert desk.window.messages[-1].text == "The archive offers no C-GET."
    assert desk.opened == []


def test_a_full_disk_is_said(desk):
    find(desk)
    desk.server.error = OSError(28, "No space left on device")
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.later.finish()
    assert desk.model.text == "The study could not be written (No space left on device)."


def test_images_that_did_not_come_are_said_and_the_others_opened(desk):
    desk.server.missing = 3
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.later.finish()
    assert len(desk.opened) == 1
    assert desk.window.messages[-1].severity == "warning"
    assert desk.window.messages[-1].text.startswith("3 images of the study did not come whole.")


def test_a_study_without_images_opens_nothing(desk):
    desk.server.images = 0
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    desk.later.finish()
    assert desk.opened == []
    assert desk.model.text == "No image of this study could be fetched."


def test_downloaded_studies_are_removed_on_request_and_not_while_one_arrives(desk):
    find(desk)
    desk.view.open_requested.emit(CHEST.uid, "")
    assert not desk.controller.can_clear
    desk.controller.clear()
    assert len(desk.later.waiting) == 1
    desk.later.finish()
    assert desk.controller.can_clear
    desk.controller.clear()
    desk.later.finish()
    assert not desk.folder.exists()
    assert desk.window.messages[-1].text == "Downloaded studies removed: 0 MB are free again."


def test_without_a_folder_nothing_is_fetched(fake_window):
    state = ViewerState()
    controller = ServerController(state, fake_window, print, System(), lambda *_: Server())
    controller.find(ServerQuery(ADDRESS))
    controller.open(CHEST.uid)
    assert state.server.studies == (CHEST, HEAD)
    assert not state.server.can_fetch
    assert not state.server.busy
    assert not controller.can_clear


def test_a_call_that_does_not_return_is_left_alone_when_it_is_given_up():
    task, never = ServerTask(), Event()

    def wait():
        task.give_up()
        never.wait()

    with pytest.raises(Cancelled):
        task.run(wait)
    never.set()
