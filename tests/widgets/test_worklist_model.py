from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from medvlp_widgets.models.worklist import WorklistModel
from medvlp_widgets.models.worklist_row import AnsweredRows, WorklistRow


def answered(key: str, probability: float | None, **changes) -> WorklistRow:
    return WorklistRow(key, key, state="examined", probability=probability, **changes)


def test_a_changed_row_is_that_of_the_dataclass():
    row = answered("low", 0.1, note="rotated")
    fields = {"probability": 0.4, "status": "unsure"}
    changed = row.changed(fields)
    assert changed == replace(row, **fields)
    assert (row.probability, row.status) == (0.1, "new")
    with pytest.raises(FrozenInstanceError):
        changed.status = "new"


@pytest.fixture
def model() -> WorklistModel:
    model = WorklistModel()
    rows = (
        answered("low", 0.1),
        WorklistRow("torn", "torn", state="unreadable", reason="The file is empty."),
        WorklistRow("later", "later"),
        answered("high", 0.9),
        answered("odd", None, reason="outside what this model was trained on"),
        answered("middle", 0.5),
    )
    model.load("scans", rows, "nodule")
    return model


def test_the_most_probable_comes_first_and_the_unreadable_last(model):
    assert model.shown == ("high", "middle", "low", "odd", "later", "torn")


def test_turned_around_only_the_answered_ones_turn(model):
    model.sort_by("score", descending=False)
    assert model.shown == ("low", "middle", "high", "odd", "later", "torn")


def test_a_late_answer_moves_its_row_and_keeps_the_selection(model):
    model.select("middle")
    model.update("later", state="examined", probability=0.7)
    assert model.shown[:3] == ("high", "later", "middle")
    assert model.selected == "middle"
    assert (model.step(1), model.step(-1)) == ("low", "later")


def test_steps_end_at_the_ends(model):
    assert model.step(1) == "high"
    model.select("high")
    assert model.step(-1) == ""
    model.select("torn")
    assert model.step(1) == ""


def test_the_next_undecided_one_is_below_and_then_from_the_top(model):
    model.select("middle")
    model.update("low", status="accepted")
    assert model.next_undecided() == "odd"
    for key in ("odd", "later"):
        model.update(key, status="rejected")
    assert model.next_undecided() == "high"  # the unreadable one is passed over
    model.update("high", status="unsure")
    assert model.next_undecided() == ""


def test_a_row_that_is_filtered_out_when_it_was_decided_gives_its_place_to_the_next(model):
    model.show_status("new")
    model.select("middle")
    model.update("middle", status="accepted")
    assert model.shown == ("high", "low", "odd", "later")
    assert (model.step(1), model.step(-1)) == ("low", "high")


def test_statuses_are_filtered_and_counted_the_same_way(model):
    model.update("high", status="accepted")
    model.update("torn", status="rejected")
    for status, keys in {
        "accepted": ("high",),
        "rejected": ("torn",),
        "new": ("middle", "low", "odd", "later"),
        "unreadable": (),
    }.items():
        model.show_status(status)
        assert model.shown == keys
        assert model.counts()[status] == len(keys)


def test_a_scan_whose_file_changed_since_waits_for_a_decision_again(model):
    model.update("high", status="accepted", content="new", decided_on="old")
    assert model["high"].undecided
    assert model.counts()["new"] == 5
    assert model["high"].status_word == "Accepted (file changed)"


def test_names_and_notes_are_searched_word_by_word(model):
    model.update("low", note="Rotated film")
    model.show_text("rotated LOW")
    assert model.shown == ("low",)


def test_another_query_forgets_the_answers_and_keeps_the_decisions(model):
    model.update("high", status="accepted")
    model.set_query("mass")
    assert {row.probability for row in model} == {None}
    assert model["high"].status == "accepted"
    assert model["torn"].reason == "The file is empty."


def test_answers_that_were_looked_up_meanwhile_leave_later_decisions(model):
    answers = AnsweredRows.of(model, "mass", {"low": {"state": "examined", "probability": 0.6}})
    model.update("low", status="accepted")
    model.update("high", note="rotated")
    model.show_answers(answers)
    assert model.query == "mass"
    assert model.shown[0] == "low"
    assert (model["low"].status, model["low"].probability) == ("accepted", 0.6)
    assert (model["high"].note, model["high"].probability) == ("rotated", None)
    assert model.counts()["accepted"] == 1


def test_a_change_that_changes_nothing_is_not_told(model):
    told = []
    model.row_changed.connect(told.append)
    model.update_all({"low": {"status": "new"}, "high": {"note": ""}, "middle": {"reason": "x"}})
    assert told == ["middle"]


def test_by_name_and_by_note_empty_notes_last(model):
    model.update("middle", note="b")
    model.update("torn", note="a")
    model.sort_by("note", descending=False)
    assert model.shown[:2] == ("torn", "middle")
    model.sort_by("name", descending=True)
    assert model.shown == ("torn", "odd", "middle", "low", "later", "high")


def test_a_row_says_in_words_what_it_is():
    row = answered("a.png", None, reason="not learnt.", status="unsure", note="ask again")
    assert row.spoken == "a.png: Unsure. not sure. not learnt. Note: ask again."
    torn = WorklistRow("b", "b", state="unreadable", reason="empty file")
    assert torn.spoken == "b: Unreadable. no scan. empty file."


def test_many_changes_leave_the_same_order_and_counts_as_loading_the_result():
    random = np.random.default_rng(5)
    rows = [WorklistRow(f"{n}.png", f"{n}.png") for n in range(40)]
    model = WorklistModel()
    model.load("films", rows, "nodule")
    values = {
        "state": ("waiting", "working", "examined", "unreadable"),
        "status": ("new", "accepted", "rejected", "unsure"),
        "note": ("", "rotated", "ask"),
        "probability": (None, 0.2, 0.7),
        "content": ("", "a", "b"),
        "decided_on": ("", "a"),
    }
    for step in range(300):
        name = random.choice(list(values))
        value = values[name][random.integers(len(values[name]))]
        model.update(f"{random.integers(40)}.png", **{name: value})
        if step == 150:
            model.sort_by("note", True)
            model.show_status("accepted")
        fresh = WorklistModel()
        fresh.load("films", list(model), "nodule")
        fresh.sort_by(model.sort_column, model.descending)
        fresh.show_status(model.status_filter)
        assert model.shown == fresh.shown
        assert model.counts() == fresh.counts()
        assert model.has_notes == any(row.note for row in model)
