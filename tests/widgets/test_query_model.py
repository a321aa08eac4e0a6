from __future__ import annotations

import pytest

from medvlp_widgets.models.queries import QueryModel, describe_peak, split_queries


def test_asking_the_same_question_again_updates_its_row(answer):
    model = QueryModel()
    model.ask("Pleural  effusion")
    model.answer(answer("pleural effusion", 0.4))
    model.ask("pleural EFFUSION")
    assert len(model) == 1
    assert model["pleural effusion"].pending
    assert model["pleural effusion"].text == "Pleural effusion"


def test_an_abstention_has_no_probability_and_gives_its_reason(answer):
    model = QueryModel()
    row = model.answer(answer("pizza", None))
    assert row.verdict == "not sure"
    assert row.probability is None
    assert "outside what this model was trained on" in row.spoken
    assert row.peak == ""


def test_a_failure_says_so_and_is_not_an_abstention():
    model = QueryModel()
    model.ask("liver")
    model.fail("liver", "The process ended.")
    assert model["liver"].verdict == "failed"
    assert model["liver"].reason == "The process ended."


def test_a_failure_of_a_removed_row_is_ignored():
    model = QueryModel()
    model.ask("liver")
    model.remove("liver")
    model.fail("liver", "too late")
    assert len(model) == 0


def test_an_answer_after_a_failure_clears_the_reason(answer):
    model = QueryModel()
    model.ask("liver")
    model.fail("liver", "broken")
    row = model.answer(answer("liver", 0.9))
    assert (row.reason, row.verdict) == ("", "90 %")


def test_colours_are_numbered_and_a_removed_number_is_used_again():
    model = QueryModel()
    for text in ("a", "b", "c"):
        model.ask(text)
    model.remove("b")
    assert model.ask("d").hue.number == 2
    assert [row.hue.number for row in model] == [1, 3, 2]


def test_the_eighth_query_has_a_number_of_its_own_though_its_colour_returns():
    model = QueryModel()
    rows = [model.ask(str(i)) for i in range(8)]
    assert rows[7].hue.name == rows[0].hue.name
    assert rows[7].hue.number == 8


def test_removing_the_selected_row_selects_none_and_says_so():
    model, heard = QueryModel(), []
    model.ask("liver")
    model.select("liver")
    model.selection_changed.connect(heard.append)
    model.remove("liver")
    assert heard == [""]


def test_history_holds_each_question_once_newest_first():
    model = QueryModel()
    for text in ("liver", "spleen", "Liver"):
        model.ask(text)
    assert model.history == ("Liver", "spleen")


def test_clearing_keeps_the_history():
    model = QueryModel()
    model.ask("liver")
    model.clear()
    assert (len(model), model.history) == (0, ("liver",))


@pytest.mark.parametrize(
    ("mm", "words"),
    [((12.3, -30.0, 55.0), "12 L, 30 A, 55 S mm"), ((-1.0, 2.0, -3.0), "1 R, 2 P, 3 I mm")],
)
def test_a_peak_in_millimetres_names_patient_directions(mm, words):
    assert describe_peak(mm, (0, 0, 0)) == words


def test_a_peak_without_spacing_is_given_in_pixels():
    assert describe_peak(None, (120, 44)) == "row 120, column 44"
    assert describe_peak(None, None) == ""


def test_semicolons_separate_questions_and_commas_do_not():
    assert split_queries(" mass, left ;; liver ; ") == ["mass, left", "liver"]
