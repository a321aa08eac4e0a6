"""Reading a layer away from the main thread: asked, cancelled, deleted, refused meanwhile."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from medvlp.errors import RefusedScanError
from medvlp_napari.background import Background
from medvlp_napari.controller import Controller
from medvlp_widgets import OverlayModel, ProgressModel, QueryModel

pytest.importorskip("napari.components", reason="napari is an extra")


@pytest.fixture
def tasks() -> list:
    """Work that was started and has not run yet."""
    return []


@pytest.fixture
def controller(jobs, viewer_with_ct, tasks) -> Controller:
    viewer, layer = viewer_with_ct
    models = (QueryModel(), OverlayModel(), ProgressModel())
    made = Controller(viewer, jobs, *models, start=tasks.append)
    made.set_source(layer)
    return made


def put_question(controller: Controller, text: str) -> None:
    controller.queries.ask(text)
    controller.ask(text)


def test_questions_wait_until_the_layer_was_read_once(controller, jobs, tasks):
    put_question(controller, "liver")
    put_question(controller, "spleen")
    assert jobs.kinds == []
    assert controller.busy
    assert controller.progress.title == "Reading the layer"
    (read,) = tasks
    read()
    assert jobs.kinds == []  # nothing happens outside the main thread
    controller.poll()
    assert jobs.kinds == ["open", "encode", "ask", "ask"]


def test_cancel_while_the_layer_is_read_sends_nothing(controller, jobs, tasks):
    put_question(controller, "liver")
    controller.cancel()
    tasks[0]()
    controller.poll()
    assert jobs.kinds == []
    assert controller.queries["liver"].reason == "Cancelled."
    assert not controller.busy
    put_question(controller, "liver")
    tasks[1]()
    controller.poll()
    assert jobs.kinds == ["open", "encode", "ask"]


def test_deleting_the_layer_while_it_is_read_sends_nothing(controller, jobs, tasks):
    put_question(controller, "liver")
    controller.viewer.layers.clear()
    tasks[0]()
    controller.poll()
    assert jobs.kinds == []
    assert not controller.busy
    assert not controller.progress.running


def test_the_layer_that_is_read_last_is_the_one_in_the_process(controller, jobs, tasks, ct):
    put_question(controller, "liver")
    other = controller.viewer.add_image(ct.array[:, :20], units=("mm",) * 3, name="other")
    controller.set_source(other)
    put_question(controller, "liver")
    for task in reversed(tasks):
        task()
    controller.poll()
    opened = [a["source"].array.shape for kind, a in jobs.requests.values() if kind == "open"]
    assert opened == [(22, 20, 36), (22, 40, 36)]
    assert jobs.kinds == ["open", "encode", "ask"] * 2


def test_a_refused_layer_says_why_in_every_row_and_ends_the_progress(controller, jobs, tasks):
    flat = controller.viewer.add_image(np.zeros((3, 4, 5), np.uint8), name="flat")
    controller.set_source(flat)
    put_question(controller, "liver")
    put_question(controller, "spleen")
    tasks[0]()
    controller.poll()
    assert all("not a CT in Hounsfield" in row.reason for row in controller.queries)
    assert controller.progress.failed
    assert not controller.progress.running


def test_choosing_a_model_while_the_layer_is_read_asks_each_question_once(
    controller, jobs, tasks, model_facts
):
    put_question(controller, "liver")
    controller.choose_model("other")
    jobs.end("load_model", value=model_facts("other"))
    controller.poll()
    for task in tasks:
        task()
    controller.poll()
    assert jobs.kinds == ["load_model", "open", "encode", "ask"]


def test_errors_become_sentences():
    progress, failed = ProgressModel(), []
    background = Background(progress, start=lambda task: task())

    def raises(error: Exception):
        def work(_progress):
            raise error

        return work

    for error in (RefusedScanError("No CT."), MemoryError(), KeyError("x")):
        background.run("Reading", raises(error), lambda _value: None, failed.append)
    assert failed[0] == "No CT."
    assert "not enough memory" in failed[1]
    assert failed[2] == "Unexpected KeyError: 'x'"
    assert progress.failed


def test_work_runs_in_a_thread_of_naparis_and_is_handed_over_in_this_one(qtbot):
    here, seen = threading.get_ident(), []
    background = Background(ProgressModel())

    def work(progress):
        progress(0.5, "half")
        return threading.get_ident()

    def done(there):
        seen.extend((there, threading.get_ident()))

    background.run("Reading", work, done, pytest.fail)
    qtbot.waitUntil(lambda: background.poll() or bool(seen), timeout=20_000)
    assert seen[0] != here
    assert seen[1] == here
