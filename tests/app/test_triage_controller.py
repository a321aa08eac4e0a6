"""Triage against a fake window, a fake process in front and one in the background."""

import csv
import json

import pytest

from medvlp.errors import WorklistError
from medvlp.io.worklist import Worklist, WorklistItem
from medvlp.store.worklist import WorklistStore
from medvlp.worker.examine import Examination, ScanAnswer
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState

MODEL = "fake@fafafafafafafafa"
NAMES = ("a.png", "b.png", "c.png", "d.png")


def item(name: str, **changes) -> WorklistItem:
    return WorklistItem(name, f"/films/{name}", signature=f"{name}-1", **changes)


class Triage:
    """A window on a worklist, with both processes in the test's hands."""

    def __init__(self, make, window, front, back, path) -> None:
        self.make, self.window, self.front, self.back, self.path = make, window, front, back, path
        self.state = ViewerState()
        self.viewer = ViewerController(self.state, window, front, make_scorer=lambda: back)
        self.triage = self.viewer.triage
        self.triage._open_store = lambda source: WorklistStore(source, path)
        self.triage.decisions._clock = lambda: next(self.seconds)
        self.seconds = iter(range(10, 10_000, 10))
        window.asked.connect(self.state.queries.ask)
        self.model = self.state.worklist

    def open(self, *items: WorklistItem, query="nodule", **changes) -> None:
        listed = items or tuple(item(name) for name in NAMES)
        self.triage.open("/films", query)
        worklist = Worklist("/films", listed, **changes)
        self.back.reply(self.back.last("worklist"), value=worklist)
        self.triage.poll()

    def answer(self, name: str, probability: float | None, content="", model=MODEL) -> None:
        """What the background process says about a scan it was asked about."""
        number = max(
            n
            for n, (kind, arguments) in enumerate(self.back.submitted, 1)
            if kind == "examine" and arguments["source"] == f"/films/{name}"
        )
        texts = self.back.submitted[number - 1][1]["texts"]
        reason = "" if probability is not None else "not learnt"
        answers = tuple(ScanAnswer(text, probability, reason) for text in texts)
        value = Examination(content or f"{name}-content", "XR", model, answers)
        self.back.reply(number, value=value)
        self.triage.poll()

    def read(self) -> None:
        """The process in front has read and encoded what it was asked to open."""
        self.front.reply(self.front.last("open"), value=self.make.scan(self.make.geometry()))
        self.viewer.session.poll()
        self.front.reply(self.front.last("encode"), value=self.make.facts())
        self.viewer.session.poll()

    def opened(self) -> list[str]:
        return [arguments["source"] for kind, arguments in self.front.submitted if kind == "open"]

    def last_message(self) -> str:
        message = self.window.messages[-1]
        return message.text if message is not None else ""

    def status(self, name: str) -> str:
        return self.model[name].status


@pytest.fixture
def triage(make, fake_window, fake_worker, tmp_path):
    path = tmp_path / "decisions.sqlite"
    started = Triage(make, fake_window, fake_worker, type(fake_worker)(), path)
    yield started
    started.triage.shut_down()


def test_a_worklist_opens_with_its_first_scan_and_scores_all_in_the_background(triage):
    triage.open()
    assert triage.model.selected == "a.png"
    assert triage.opened() == ["/films/a.png"]
    assert triage.window.worklist.visible
    examined = [arguments for kind, arguments in triage.back.submitted if kind == "examine"]
    assert [arguments["source"] for arguments in examined] == ["/films/a.png", "/films/b.png"]
    assert examined[0]["texts"] == ["nodule"]


def test_answers_order_the_scans_and_the_selected_one_stays(triage):
    triage.open()
    for name, probability in zip(NAMES, (0.2, None, 0.9, 0.5), strict=True):
        triage.answer(name, probability)
    assert triage.model.shown == ("c.png", "d.png", "a.png", "b.png")
    assert triage.model.selected == "a.png"
    assert triage.model["b.png"].reason == "not learnt"
    assert not triage.triage.scoring.running


def test_the_query_is_asked_on_every_scan_that_is_opened_and_selected(triage):
    triage.open()
    triage.read()
    assert [row.text for row in triage.state.queries] == ["nodule"]
    triage.triage.step(1)
    triage.read()
    triage.viewer.session.poll()
    asks = [arguments for kind, arguments in triage.front.submitted if kind == "ask"]
    assert asks[-1] == {"texts": ["nodule"]}


def test_its_peak_is_jumped_to_even_when_other_questions_are_answered_first(triage):
    triage.open()
    triage.state.queries.ask("liver")
    triage.read()
    triage.viewer.session.poll()
    scan = triage.state.scan.scan
    number = triage.front.last("ask")
    texts = triage.front.submitted[number - 1][1]["texts"]
    triage.front.reply(number, value=[triage.make.heatmap(scan, text) for text in texts])
    triage.viewer.session.poll()
    assert triage.state.queries.selected == "nodule"
    peak = triage.state.heats.peaks("nodule")[0].index
    assert tuple(triage.state.crosshair.index) == tuple(peak)


def test_a_decision_is_in_the_file_before_the_call_returns_and_the_next_scan_opens(triage):
    triage.open()
    triage.read()
    triage.triage.decide("accepted")
    with WorklistStore("x", triage.path) as other:
        assert other.verdicts()["a.png"].status == "accepted"
    assert triage.opened()[-1] == "/films/b.png"


def test_a_scan_that_is_not_on_screen_yet_cannot_be_decided(triage):
    triage.open()
    triage.triage.decide("accepted")
    assert triage.status("a.png") == "new"
    assert "not on screen yet" in triage.last_message()
    triage.read()
    triage.triage.decide("accepted")
    triage.triage.decide("accepted")
    assert (triage.status("a.png"), triage.status("b.png")) == ("accepted", "new")


def test_a_scan_opened_by_hand_is_not_mistaken_for_the_selected_one(triage):
    triage.open()
    triage.read()
    triage.viewer.session.open("/elsewhere/other.png")
    triage.read()
    triage.triage.decide("rejected")
    assert triage.status("a.png") == "new"


def test_a_scan_that_is_on_screen_already_is_asked_and_known_like_one_that_is_opened(triage):
    triage.viewer.session.open("/films/a.png")
    triage.read()
    content = triage.state.scan.scan.scan_id
    triage.open(query="nodule")
    assert triage.opened() == ["/films/a.png"]
    assert [row.text for row in triage.state.queries] == ["nodule"]
    assert triage.model[triage.model.selected].content == content


def test_all_decided_is_said(triage):
    triage.open()
    for _ in NAMES:
        triage.read()
        triage.triage.decide("rejected")
    assert {row.status for row in triage.model} == {"rejected"}
    assert triage.last_message().startswith("All 4 scans are decided.")


def test_decisions_are_undone_and_redone_in_order_and_their_scan_shown(triage):
    triage.open()
    triage.read()
    triage.triage.decide("accepted")
    triage.read()
    triage.triage.decide("unsure")
    triage.state.undo.undo()
    assert (triage.status("a.png"), triage.status("b.png")) == ("accepted", "new")
    assert triage.model.selected == "b.png"
    triage.state.undo.undo()
    assert triage.status("a.png") == "new"
    triage.state.undo.redo()
    triage.state.undo.redo()
    assert (triage.status("a.png"), triage.status("b.png")) == ("accepted", "unsure")
    with WorklistStore("x", triage.path) as other:
        assert {k: v.status for k, v in other.verdicts().items()} == {
            "a.png": "accepted",
            "b.png": "unsure",
        }


def test_notes_are_written_undoable_and_empty_ones_are_no_news(triage):
    triage.open()
    triage.triage.write_note("  rotated,   repeat ")
    assert triage.model["a.png"].note == "rotated, repeat"
    triage.triage.write_note("rotated, repeat")
    triage.state.undo.undo()
    assert triage.model["a.png"].note == ""
    assert not triage.state.undo.can_undo


def test_another_windows_decisions_are_shown_and_not_undone(triage):
    triage.open()
    triage.read()
    triage.triage.decide("accepted")
    with WorklistStore("x", triage.path) as other:
        other.decide("a.png", "rejected")
        other.decide("d.png", "unsure")
    triage.triage.poll()
    assert (triage.status("a.png"), triage.status("d.png")) == ("rejected", "unsure")
    triage.state.undo.undo()
    assert triage.status("a.png") == "rejected"
    assert "Another window" in triage.last_message()


def test_opened_again_it_goes_on_where_it_was_without_scoring_again(triage):
    triage.open()
    for name, probability in zip(NAMES, (0.2, 0.4, 0.9, 0.5), strict=True):
        triage.answer(name, probability)
    triage.read()
    triage.triage.decide("accepted")
    before = len(triage.back.submitted)
    triage.triage.close()
    assert not triage.triage.on
    triage.open(query="")
    assert triage.model.query == "nodule"
    assert triage.model.selected == "c.png"
    assert triage.status("a.png") == "accepted"
    assert triage.model.shown == ("c.png", "d.png", "b.png", "a.png")
    assert [kind for kind, _ in triage.back.submitted[before:]] == ["worklist"]


def test_a_file_that_changed_since_is_scored_again_and_its_decision_questioned(triage):
    triage.open()
    triage.answer("a.png", 0.9)
    triage.read()
    triage.triage.decide("accepted")
    changed = WorklistItem("a.png", "/films/a.png", signature="a.png-2")
    triage.open(changed, item("b.png"), query="nodule")
    assert triage.model["a.png"].probability is None
    triage.answer("a.png", 0.1, content="another")
    assert triage.model["a.png"].changed_since
    assert triage.model["a.png"].undecided


def test_another_query_asks_the_cached_scans_first_and_takes_known_answers_at_once(triage):
    triage.open()
    for name in NAMES[:3]:
        triage.answer(name, 0.5)
    triage.triage.order_by("mass")
    examined = [arguments for kind, arguments in triage.back.submitted if kind == "examine"]
    assert examined[-1]["texts"] == ["mass"]
    assert examined[-1]["scan_id"] == "b.png-content"
    triage.answer("a.png", 0.1)
    triage.triage.order_by("Nodule")
    assert [triage.model[name].probability for name in NAMES] == [0.5, 0.5, 0.5, None]


def test_of_two_queries_in_a_row_the_last_one_counts(triage):
    triage.open()
    waiting = []
    triage.triage.scoring._background = lambda work, then, queue="": waiting.append((work, then))
    triage.triage.order_by("mass")
    triage.triage.order_by("heart")
    assert triage.model.query == "nodule"
    assert triage.triage.scoring.running
    for work, then in waiting[::-1]:
        then(work())
    assert triage.model.query == "heart"


def test_a_worklist_that_was_left_meanwhile_is_not_ordered(triage):
    triage.open()
    waiting = []
    triage.triage.scoring._background = lambda work, then, queue="": waiting.append((work, then))
    triage.triage.order_by("mass")
    triage.triage.close()
    ((work, then),) = waiting
    then(work())
    assert len(triage.model) == 0
    assert not triage.triage.scoring.running


def test_a_late_answer_to_the_query_before_is_kept_but_not_shown(triage):
    triage.open()
    triage.answer("a.png", 0.5)
    triage.triage.order_by("mass")
    assert triage.model["a.png"].probability is None
    triage.answer("a.png", 0.25)
    assert triage.model["a.png"].probability == 0.25


def test_an_empty_query_is_refused_with_a_sentence(triage):
    triage.open()
    triage.triage.order_by("x" * 10_000)
    assert triage.model.query == "nodule"
    assert triage.window.messages[-1].severity == "error"


def test_unreadable_scans_stay_with_their_reason_and_are_not_opened(triage):
    triage.open(item("a.png"), item("torn.dcm", problem="The header is damaged."))
    triage.back.reply(triage.back.last("examine"), "error", message="a.png: no image")
    triage.triage.poll()
    assert triage.model["a.png"].state == "unreadable"
    assert triage.model["a.png"].reason == "a.png: no image"
    triage.model.select("torn.dcm")
    assert triage.opened() == ["/films/a.png"]
    assert "The header is damaged." in triage.last_message()
    triage.triage.decide("rejected")
    assert triage.status("torn.dcm") == "rejected"


def test_scores_of_a_hit_list_order_it_before_anything_was_scored(triage):
    triage.open(item("a.png", score=0.1), item("b.png", score=0.8), query="", **{})
    assert triage.model.shown == ("b.png", "a.png")
    assert triage.model.selected == "b.png"


def test_answers_of_another_model_are_not_mixed(triage):
    triage.open()
    for name in NAMES:
        triage.answer(name, 0.5, model="older@1")
    triage.triage.close()
    triage.open(query="nodule")
    assert {row.probability for row in triage.model} == {0.5}
    triage.read()  # the model in front is another one
    assert {row.probability for row in triage.model} == {None}
    assert triage.triage.scoring.running


def test_the_next_undecided_scan_is_read_ahead_once_nothing_else_is_to_do(triage):
    triage.open()
    triage.read()
    for kind, value in (("ask", None), ("score", None)):
        if kind == "ask":
            triage.viewer.session.poll()
            value = [triage.make.heatmap(triage.state.scan.scan, "nodule")]
        triage.front.reply(triage.front.last(kind), value=value)
    triage.viewer.session.poll()
    ahead = [arguments for kind, arguments in triage.front.submitted if kind == "prefetch"]
    assert [arguments["source"] for arguments in ahead] == ["/films/b.png"]
    triage.viewer.session.open("/films/c.png")
    assert triage.front.last("prefetch") in triage.front.cancelled


def test_a_file_of_decisions_that_cannot_be_used_is_said_and_nothing_opens(triage):
    def refuse(source):
        raise WorklistError("decisions.sqlite is damaged. It was left as it is.")

    triage.triage._open_store = refuse
    triage.open()
    assert not triage.triage.on
    assert len(triage.model) == 0
    assert "left as it is" in triage.last_message()


def test_pause_and_cancel_reach_the_process(triage):
    triage.open()
    triage.window.worklist.pause_toggled.emit()
    triage.answer("a.png", 0.5)
    triage.answer("b.png", 0.5)
    assert triage.window.worklist.scoring == {"paused": True, "unfinished": False}
    assert len([k for k, _ in triage.back.submitted if k == "examine"]) == 2
    triage.window.worklist.scoring_cancelled.emit()
    assert triage.window.worklist.scoring["unfinished"]
    triage.window.worklist.scoring_restarted.emit()
    triage.window.worklist.pause_toggled.emit()
    assert len([k for k, _ in triage.back.submitted if k == "examine"]) == 4


def test_the_export_has_every_scan_in_the_order_of_the_screen(triage, tmp_path):
    triage.open(*(item(name) for name in NAMES[:2]), item("torn.dcm", problem="damaged"))
    triage.answer("a.png", 0.2)
    triage.answer("b.png", 0.7)
    triage.read()
    triage.triage.decide("unsure")
    triage.triage.write_note("ask")
    triage.model.show_status("new")
    triage.window.worklist.export = str(tmp_path / "out.csv")
    triage.triage.export()
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["scan"] for row in rows] == ["b.png", "a.png", "torn.dcm"]
    assert [row["status"] for row in rows] == ["new", "unsure", "new"]
    assert rows[0]["note"] == "ask"
    assert rows[2]["reason"] == "damaged"
    assert "/films" not in (tmp_path / "out.csv").read_text()
    triage.window.worklist.export = str(tmp_path / "out.json")
    triage.triage.export()
    assert json.loads((tmp_path / "out.json").read_text())["query"] == "nodule"


def test_what_was_decided_is_read_for_the_export_beside_the_event_loop(
    triage, tmp_path, monkeypatch
):
    triage.open(item("a.png"))
    triage.read()
    triage.triage.decide("unsure")
    waiting, store = [], triage.triage.decisions.store
    read, times = store.verdicts, []
    monkeypatch.setattr(store, "verdicts", lambda *given: times.append(given) or read(*given))
    monkeypatch.setattr(
        triage.state.scan, "background", lambda work, then, queue="": waiting.append((work, then))
    )
    triage.window.worklist.export = str(tmp_path / "out.csv")
    triage.triage.export()
    assert (times, (tmp_path / "out.csv").exists()) == ([], False)
    (job,) = waiting
    job[1](job[0]())
    assert len(times) == 1
    assert "unsure" in (tmp_path / "out.csv").read_text()


def test_closing_the_window_ends_the_process_in_the_background(triage):
    triage.open()
    triage.window.close()
    assert triage.back.closed
