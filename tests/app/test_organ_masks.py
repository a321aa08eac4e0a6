"""Organ masks from a file: chosen or dropped, read by the process, used until another scan."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from medvlp.grounding.label_names import names_masks
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState


@pytest.fixture
def desk(make, fake_window, fake_worker):
    state = ViewerState()
    viewer = ViewerController(state, fake_window, fake_worker)
    desk = SimpleNamespace(
        state=state,
        viewer=viewer,
        window=fake_window,
        worker=fake_worker,
        scan=make.scan(make.geometry()),
    )

    def reply(kind, value=None, how="result", message=""):
        fake_worker.reply(fake_worker.last(kind), how, value, message)
        viewer.session.poll()

    def submitted(kind):
        return [arguments for k, arguments in fake_worker.submitted if k == kind]

    def opened():
        viewer.open("/data/ct.nii.gz")
        reply("open", desk.scan)
        reply("encode", facts(desk.scan))

    desk.reply, desk.submitted, desk.opened = reply, submitted, opened
    return desk


def facts(scan, organs=()):
    model = SimpleNamespace(name="fake", sha256="fa", device="cpu", model_id="fake@fa")
    cells = scan.geometry.resampled((6, 10, 12))
    maps = {name: np.ones(cells.shape, np.float16) for name in organs}
    return SimpleNamespace(model=model, seconds={}, in_domain=1.0, organs=maps, geometry=cells)


def test_masks_that_are_dropped_are_used_for_outlines_scores_and_questions(desk):
    desk.opened()
    desk.state.queries.ask("nodule in the liver")
    desk.viewer.session.ask(desk.state.queries.rows[0].key)
    desk.viewer.session.poll()
    asked, opened = len(desk.submitted("ask")), len(desk.submitted("open"))
    desk.window.paths_dropped.emit(["/data/ct_organs.nii.gz"])
    assert desk.submitted("use_organs") == [{"organs": "/data/ct_organs.nii.gz"}]
    assert len(desk.submitted("open")) == opened
    desk.reply("score", SimpleNamespace(source="builtin", rows=()))
    desk.reply("use_organs", facts(desk.scan, ["my organ"]))
    desk.viewer.session.poll()
    assert desk.submitted("score")[-1] == {"organs": "/data/ct_organs.nii.gz"}
    assert len(desk.submitted("ask")) == asked + 1
    desk.state.outline.choose("my organ", "My organ")
    assert desk.state.outline.chosen == "my organ"
    assert "ct_organs.nii.gz are in use" in desk.window.messages[-1].text


def test_refused_masks_leave_everything_as_it_was(desk):
    desk.opened()
    desk.viewer.organ_masks.use("/data/ct_organs.nii.gz")
    desk.reply("use_organs", None, "error", "ct_organs.nii.gz does not lie on the scan.")
    assert desk.window.messages[-1].severity == "error"
    assert "does not lie on the scan" in desk.window.messages[-1].text
    assert desk.viewer.session.score_arguments == {}
    assert desk.state.jobs.shown != desk.worker.last("use_organs")


def test_another_scan_has_its_own_organs(desk):
    desk.opened()
    desk.viewer.organ_masks.use("/data/ct_organs.nii.gz")
    desk.reply("use_organs", facts(desk.scan))
    desk.viewer.organ_masks.use("/data/late_organs.nii.gz")
    late = desk.worker.last("use_organs")
    desk.opened()
    assert late in desk.worker.cancelled
    assert desk.submitted("score")[-1] == {}
    desk.worker.reply(late, "result", facts(desk.scan))
    desk.viewer.session.poll()
    assert desk.submitted("score")[-1] == {}


def test_masks_are_read_again_by_a_process_that_was_started_anew(desk):
    desk.opened()
    desk.viewer.organ_masks.use("/data/ct_organs.nii.gz")
    desk.reply("use_organs", facts(desk.scan))
    desk.reply("score", None, "died", "The process ended.")
    assert len(desk.submitted("use_organs")) == 2
    assert desk.viewer.session.score_arguments == {}


def test_without_a_ct_a_dropped_map_is_opened_like_any_file(desk):
    desk.window.paths_dropped.emit(["/data/ct_organs.nii.gz"])
    assert desk.submitted("use_organs") == []
    assert desk.submitted("open")[-1]["source"] == "/data/ct_organs.nii.gz"


@pytest.mark.parametrize(
    ("name", "is_mask"),
    [
        ("a.seg.nrrd", True), ("ct_seg.nii.gz", True), ("Organs.mha", True), ("RS.1.2.840.dcm", True),
        ("patient-labels.nrrd", True), ("ct.nii.gz", False), ("segovia.nii", False),
        ("organs.json", False), ("organs", False),
    ],
)  # fmt: skip
def test_masks_are_known_by_their_names(name, is_mask):
    assert names_masks(name) == is_mask
