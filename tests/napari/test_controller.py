"""The dock widget's behaviour without Qt: jobs are scripted, the viewer is napari's model."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from medvlp.grounding.heatmap import Heatmap
from medvlp.worker import Event
from medvlp_napari.navigation import current_slice

pytest.importorskip("napari.components", reason="napari is an extra")


def test_the_layer_is_sent_and_encoded_once_then_only_asked(controller, jobs, ask):
    ask("liver")
    ask("spleen")
    assert jobs.kinds == ["open", "encode", "ask", "ask"]


def test_an_answer_becomes_a_layer_and_a_row(controller, ask):
    ask("liver")
    assert "liver" in controller.viewer.layers
    assert controller.queries["liver"].verdict == "80 %"


def test_moving_the_layer_sends_it_again(controller, jobs, ask):
    ask("liver")
    controller.viewer.layers["phantom"].translate = (1.0, 2.0, 3.0)
    ask("spleen")
    assert jobs.kinds.count("open") == 2
    assert controller.viewer.layers["spleen"].translate == pytest.approx((1.0, 2.0, 3.0))


def test_hiding_a_row_hides_its_layer_alone(controller, ask):
    ask("liver")
    ask("spleen")
    controller.queries.set_visible("liver", False)
    layers = controller.viewer.layers
    assert not layers["liver"].visible
    assert layers["spleen"].visible


def test_removing_a_row_removes_its_layer_and_its_marks(controller, ask):
    ask("liver")
    ask("spleen")
    controller.queries.remove("liver")
    assert "liver" not in controller.viewer.layers
    assert set(controller.viewer.layers["peaks"].features["query"]) == {"spleen"}


def test_deleting_the_layer_in_napari_removes_the_row(controller, ask):
    ask("liver")
    del controller.viewer.layers["liver"]
    assert len(controller.queries) == 0


def test_the_overlay_controls_change_every_heat_layer(controller, ask):
    ask("liver")
    ask("spleen")
    controller.overlay.opacity = 0.2
    controller.overlay.visible = False
    for name in ("liver", "spleen"):
        assert controller.viewer.layers[name].opacity == pytest.approx(0.2)
        assert not controller.viewer.layers[name].visible


def test_peaks_are_visited_in_turn_and_around(controller, jobs, heat, facts):
    controller.queries.ask("mass")
    controller.ask("mass")
    for kind in ("open", "encode"):
        jobs.end(kind, value=facts(jobs.scan))
    two = heat(jobs.scan, "mass")
    values = np.array(two.values)
    values[3, 4, 5] = 0.7
    jobs.end("ask", value=[Heatmap(two.query, values, two.geometry, two.scan_geometry, 0.8)])
    controller.poll()
    seen = []
    for step in (0, 1, 1, -1):
        controller.step_peak("mass", step)
        seen.append(current_slice(controller.viewer, controller.source))
    first, second = (peak.index[0] for peak in two.__class__(two.query, values, two.geometry, two.scan_geometry, 0.8).peaks(5))  # fmt: skip
    assert first != second
    assert seen == [first, second, first, second]


def test_a_failed_question_says_why_and_others_go_on(controller, jobs, ask):
    ask("liver")
    controller.queries.ask("bad")
    controller.ask("bad")
    jobs.end("ask", "error", "The text is too long.")
    controller.poll()
    assert controller.queries["bad"].reason == "The text is too long."
    assert controller.queries["liver"].verdict == "80 %"
    assert controller.progress.failed


@pytest.mark.parametrize("kind", ["error", "died"])
def test_when_encoding_fails_every_waiting_question_says_so(controller, jobs, kind):
    for text in ("liver", "spleen"):
        controller.queries.ask(text)
        controller.ask(text)
    jobs.end("open")
    jobs.end("encode", kind, "There was not enough memory.")
    controller.poll()
    assert not controller.busy
    assert [row.verdict for row in controller.queries] == ["failed", "failed"]
    assert controller.queries["liver"].reason == "There was not enough memory."


def test_after_a_failure_the_next_question_starts_again_from_the_scan(controller, jobs, ask):
    controller.queries.ask("liver")
    controller.ask("liver")
    jobs.end("open")
    jobs.end("encode", "died", "Killed.")
    controller.poll()
    ask("liver")
    assert jobs.kinds.count("encode") == 2
    assert controller.queries["liver"].verdict == "80 %"


def test_cancel_reaches_every_job_and_ends_as_cancelled(controller, jobs):
    controller.queries.ask("liver")
    controller.ask("liver")
    controller.cancel()
    assert jobs.cancelled == [1, 2, 3]
    jobs.end("open", "cancelled", "Cancelled.")
    controller.poll()
    assert not controller.progress.running
    assert not controller.busy


def test_progress_of_the_process_is_shown(controller, jobs):
    controller.queries.ask("liver")
    controller.ask("liver")
    jobs.end("open")
    jobs._events.append(Event(2, "progress", 0.4, "slab 4 of 10"))
    controller.poll()
    assert controller.progress.title == "Encoding the scan"
    assert (controller.progress.fraction, controller.progress.message) == (0.4, "slab 4 of 10")


def test_an_answer_to_a_removed_row_is_dropped(controller, jobs, heat, facts):
    controller.queries.ask("liver")
    controller.ask("liver")
    for kind in ("open", "encode"):
        jobs.end(kind, value=facts(jobs.scan))
    controller.queries.remove("liver")
    jobs.end("ask", value=[heat(jobs.scan, "liver")])
    controller.poll()
    assert "liver" not in controller.viewer.layers


def test_an_answer_about_a_deleted_layer_is_dropped(controller, jobs, heat, facts):
    controller.queries.ask("liver")
    controller.ask("liver")
    for kind in ("open", "encode"):
        jobs.end(kind, value=facts(jobs.scan))
    jobs.end("ask", value=[heat(jobs.scan, "liver")])
    controller.viewer.layers.clear()
    controller.poll()
    assert len(controller.viewer.layers) == 0


def test_going_back_to_a_layer_shows_its_answers_again(controller, ask, ct):
    ask("liver")
    first = controller.source
    other = controller.viewer.add_image(ct.array, units=("mm",) * 3, name="other")
    controller.set_source(other)
    assert len(controller.queries) == 0
    assert "liver" in controller.viewer.layers
    controller.set_source(first)
    assert controller.queries["liver"].verdict == "80 %"


def test_a_layer_that_is_no_ct_is_refused_in_the_row(controller):
    flat = controller.viewer.add_image(np.zeros((3, 4, 5), np.uint8), name="flat")
    controller.set_source(flat)
    controller.queries.ask("liver")
    controller.ask("liver")
    assert "not a CT in Hounsfield units" in controller.queries["liver"].reason
    assert not controller.busy


def test_without_a_layer_the_question_says_what_to_do(controller):
    controller.set_source(None)
    controller.queries.ask("liver")
    controller.ask("liver")
    assert controller.queries["liver"].reason == "Open or select an image first."


def test_the_status_names_model_and_device(controller, ask):
    heard: list[str] = []
    controller.status_changed.connect(heard.append)
    ask("liver")
    assert heard == ["fake on cpu (numpy)"]


def test_organs_are_outlined_and_replaced_but_not_those_of_a_former_model(
    controller, jobs, ask, facts, model_facts, ct
):
    organs = {"liver": np.full((4, 5, 6), 0.9, np.float16)}
    table = SimpleNamespace(row=lambda _name: None)
    controller.score()
    jobs.end("open")
    jobs.end("encode", value=facts(jobs.scan, organs))
    jobs.end("score", value=table)
    controller.poll()
    layers = controller.viewer.layers
    layers["organs"].opacity = 0.2
    controller.source.translate = (1.0, 2.0, 3.0)  # encoded again, by the same model
    controller.score()
    jobs.end("encode", value=facts(jobs.scan, organs))
    jobs.end("score", value=table)
    controller.poll()
    assert [layer.name for layer in layers] == ["phantom", "organs"]
    assert layers["organs"].opacity == pytest.approx(0.2)
    controller.choose_model("other")
    jobs.end("load_model", value=model_facts("other"))
    controller.poll()
    assert "organs" not in layers


def test_moving_the_layer_takes_heat_marks_and_organs_along(controller, jobs, ask, facts, heat):
    organs = {"liver": np.full((4, 5, 6), 0.9, np.float16)}
    controller.queries.ask("liver")
    controller.ask("liver")
    controller.score()
    jobs.end("open")
    jobs.end("encode", value=facts(jobs.scan, organs))
    jobs.end("ask", value=[heat(jobs.scan, "liver")])
    jobs.end("score", value=SimpleNamespace(row=lambda _name: None))
    controller.poll()
    layers, source = controller.viewer.layers, controller.source
    offsets = {
        name: np.subtract(layers[name].data_to_world((2, 3, 5)), source.data_to_world((2, 3, 5)))
        for name in ("liver", "peaks")
    }
    corner = np.asarray(layers["organs"].data_to_world((0, 0, 0)))
    source.affine = np.array([[1, 0, 0, 7], [0, 0.8, -0.6, -3], [0, 0.6, 0.8, 11], [0, 0, 0, 1.0]])
    for name, offset in offsets.items():
        moved = np.subtract(layers[name].data_to_world((2, 3, 5)), source.data_to_world((2, 3, 5)))
        np.testing.assert_allclose(moved, offset, atol=1e-6)
    expected = source.affine.affine_matrix @ [*corner, 1.0]
    np.testing.assert_allclose(layers["organs"].data_to_world((0, 0, 0)), expected[:3], atol=1e-6)


def test_deleting_the_layer_stops_its_jobs(controller, jobs, ask):
    controller.queries.ask("liver")
    controller.ask("liver")
    controller.score()
    controller.viewer.layers.remove("phantom")
    assert jobs.cancelled == [1, 2, 3, 4]
    assert not controller.busy
    assert not controller.progress.running


def test_deleting_a_layer_leaves_the_jobs_of_another_alone(controller, jobs, ask, ct, heat, facts):
    other = controller.viewer.add_image(ct.array, units=("mm",) * 3, name="other")
    controller.queries.ask("liver")
    controller.ask("liver")
    controller.viewer.layers.remove(other)
    assert jobs.cancelled == []
    jobs.end("encode", value=facts(jobs.scan))
    jobs.end("ask", value=[heat(jobs.scan, "liver")])
    controller.poll()
    assert controller.queries["liver"].verdict == "80 %"


def test_a_script_that_asks_while_the_widget_is_open_makes_a_row(controller, fake_session):
    from medvlp_napari import api

    api.ask(controller.viewer, ["kidney", "lung"], controller.source, session=fake_session)
    assert [row.text for row in controller.queries] == ["kidney", "lung"]
    assert [row.hue.number for row in controller.queries] == [1, 2]
