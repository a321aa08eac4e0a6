"""Another model without a restart: nothing that two models found is ever mixed."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp.session import Session
from medvlp_napari import api, scene
from medvlp_napari.layer_scan import METADATA_KEY

pytest.importorskip("napari.components", reason="napari is an extra")


@pytest.fixture
def switch(controller, jobs, model_facts):
    """Choose a model and let the process load it."""

    def run(name: str) -> None:
        controller.choose_model(name)
        jobs.end("load_model", value=model_facts(name))
        controller.poll()

    return run


@pytest.fixture
def answer(controller, jobs, heat, facts):
    """The process encodes with a model and answers the last question."""

    def run(text: str, model: str, cell=(2, 2, 2)) -> None:
        jobs.end("encode", value=facts(jobs.scan, model=model))
        jobs.end("ask", value=[heat(jobs.scan, text, cell=cell)])
        controller.poll()

    return run


def test_the_new_model_is_asked_every_question_and_encodes_anew(controller, jobs, ask, switch):
    ask("liver")
    ask("spleen")
    controller.choose_model("other")
    assert jobs.requests[len(jobs.requests)] == (
        "load_model",
        {"model": "other", "device": "auto"},
    )
    switch("other")
    assert jobs.kinds == ["open", "encode", "ask", "ask", "load_model", "encode", "ask", "ask"]
    assert [row.verdict for row in controller.queries] == ["working…", "working…"]


def test_what_two_models_found_are_two_layers(controller, ask, switch, answer):
    ask("liver")
    first = controller.viewer.layers["liver"]
    switch("other")
    answer("liver", "other")
    second = controller.viewer.layers["liver"]
    assert second is not first
    assert first.name == "liver (fake)"
    assert (first.visible, second.visible) == (False, True)
    assert first.data.heatmap.values[1, 1, 1] == second.data.heatmap.values[2, 2, 2] == 1.0
    assert first.metadata[METADATA_KEY]["model_id"] != second.metadata[METADATA_KEY]["model_id"]
    assert first.colormap.name == second.colormap.name


def test_the_status_says_how_far_two_models_agree(controller, ask, switch, answer):
    heard: list[str] = []
    ask("liver")
    switch("other")
    controller.status_changed.connect(heard.append)
    answer("liver", "other")
    first, second = (
        controller.viewer.layers[name].data.heatmap for name in ("liver (fake)", "liver")
    )
    apart = np.linalg.norm(np.subtract(first.peak_mm, second.peak_mm))
    assert apart > 10
    assert heard[-1].startswith("liver, fake against other: +0 points with other")
    assert f"peaks {apart:.0f} mm apart" in heard[-1]


def test_only_the_chosen_models_peaks_are_marked(controller, ask, switch, answer):
    ask("liver")
    switch("other")
    answer("liver", "other")
    marks = controller.viewer.layers["peaks"]
    found = controller.viewer.layers["liver"].data.heatmap
    np.testing.assert_array_equal(marks.data, [peak.index for peak in found.peaks(5)])


def test_going_back_shows_what_the_first_model_found_without_asking(
    controller, jobs, ask, switch, answer
):
    ask("liver")
    first = controller.viewer.layers["liver"]
    switch("other")
    answer("liver", "other")
    asked = jobs.kinds.count("ask")
    switch("fake")
    assert jobs.kinds.count("ask") == asked
    assert (first.name, first.visible) == ("liver", True)
    assert not controller.viewer.layers["liver (other)"].visible
    assert controller.queries["liver"].verdict == "80 %"


def test_an_answer_of_the_former_model_that_comes_late_is_dropped(
    controller, jobs, ask, heat, model_facts
):
    ask("liver")
    controller.queries.ask("spleen")
    controller.ask("spleen")
    late = len(jobs.requests)
    controller.choose_model("other")
    assert late in jobs.cancelled
    jobs.end("ask", value=[heat(jobs.scan, "spleen")])
    jobs.end("load_model", value=model_facts("other"))
    controller.poll()
    assert "spleen" not in controller.viewer.layers
    assert controller.queries["spleen"].pending


def test_a_question_asked_while_the_model_loads_waits_for_it(controller, jobs, ask, model_facts):
    ask("liver")
    controller.choose_model("other")
    controller.queries.ask("spleen")
    controller.ask("spleen")
    assert jobs.kinds[-1] == "load_model"
    jobs.end("load_model", value=model_facts("other"))
    controller.poll()
    texts = [arguments["texts"] for kind, arguments in jobs.requests.values() if kind == "ask"]
    assert texts == [["liver"], ["liver"], ["spleen"]]


def test_a_model_that_cannot_be_loaded_leaves_the_former_one(controller, jobs, ask):
    heard: list[str] = []
    controller.model_changed.connect(heard.append)
    ask("liver")
    controller.choose_model("other")
    jobs.end("load_model", "error", "There is not enough memory for other.")
    controller.poll()
    assert controller.model_name == "small"
    assert heard == ["small"]
    assert "not enough memory" in controller.progress.message
    assert controller.queries["liver"].verdict == "80 %"
    assert controller.viewer.layers["liver"].visible


def test_cancelling_the_load_leaves_the_former_model_and_asks_nothing(controller, jobs, ask):
    ask("liver")
    controller.choose_model("other")
    controller.queries.ask("spleen")
    controller.ask("spleen")
    controller.cancel()
    jobs.end("load_model", "cancelled")
    controller.poll()
    assert jobs.kinds.count("ask") == 1
    assert controller.queries["spleen"].reason == "Cancelled."
    assert not controller.busy


def test_choosing_the_model_that_is_in_use_does_nothing(controller, jobs):
    controller.choose_model(controller.model_name)
    assert jobs.kinds == []


def test_removing_a_row_leaves_what_the_other_model_found(controller, ask, switch, answer):
    ask("liver")
    switch("other")
    answer("liver", "other")
    controller.queries.remove("liver")
    assert "liver" not in controller.viewer.layers
    assert "liver (fake)" in controller.viewer.layers


def test_deleting_the_other_models_layer_leaves_the_row(controller, ask, switch, answer):
    ask("liver")
    switch("other")
    answer("liver", "other")
    del controller.viewer.layers["liver (fake)"]
    assert controller.queries["liver"].verdict == "80 %"


def test_a_script_asks_two_models_side_by_side(viewer_with_ct, fake_model):
    class Other(type(fake_model)):
        name, sha256 = "other", "0b" * 32

    viewer, layer = viewer_with_ct
    session = Session(fake_model, cache=False)
    api.ask(viewer, ["kidney", "lung"], layer, session=session)
    api.score_organs(viewer, layer, session=session)
    maps = api.choose_model(viewer, session, Other())
    assert [heatmap.query.text for heatmap in maps] == ["kidney", "lung"]
    names = [heat.name for heat in scene.heat_layers(viewer, layer)]
    assert names == ["kidney (fake)", "lung (fake)", "kidney", "lung"]
    assert "organs" not in viewer.layers
    assert scene.heat_layer(viewer, layer, "kidney", session.model.model_id).visible
    (first,) = [heat for heat in scene.heat_layers(viewer, layer) if heat.name == "kidney (fake)"]
    found = api.agreement(first, viewer.layers["kidney"])
    assert (found.probability_difference, found.peak_distance_mm) == (0.0, 0.0)
    assert found.overlap == pytest.approx(1.0)
    with pytest.raises(MedVLPError, match="not heat"):
        api.agreement(first, layer)
