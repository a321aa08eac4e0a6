"""Choosing a model: switched without a restart, tried, and left again where it fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from medvlp.errors import LicenceError
from medvlp.models.offers import Offer
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.picker_words import advice, status_words
from medvlp_viewer.models.state import ViewerState

OFFERS = (
    Offer("small", "Small", "built-in", ("CT", "XR"), 12_000_000, 25_000_000),
    Offer("clip", "A CLIP", "on-disk", ("CT", "XR")),
    Offer("films", "BioViL", "on-disk", ("XR",)),
    Offer("theirs", "Theirs", "needs-licence", ("CT",), licence="Terms"),
    Offer("broken", "Broken", "files-missing", ("CT",), missing=("model.safetensors",)),
    Offer(
        "google/medsiglip-448",
        "MedSigLIP",
        "can-be-pulled",
        ("CT", "XR"),
        licence="Terms",
        repository="google/medsiglip-448",
    ),
)


class Viewer:
    def __init__(self, make, window, worker):
        self.make, self.window, self.worker = make, window, worker
        self.second, self.puller = type(worker)(), type(worker)()
        self.state = ViewerState()
        self.state.picker.set_offers(OFFERS)
        self.controller = ViewerController(
            self.state,
            window,
            worker,
            make_scorer=lambda: self.puller,
            second=lambda: self.second,
        )
        self.commands = {command.name: command for command in self.controller.commands}
        self.scan = make.scan(make.oblique())

    def open(self):
        self.controller.open("left")
        self.reply("open", self.scan)
        self.reply("encode", self.make.facts())

    def reply(self, kind, value=None, outcome="result", message=""):
        self.worker.reply(self.worker.last(kind), outcome, value, message)
        self.controller.session.poll()

    def loaded(self, name):
        facts = self.make.facts().model
        facts.name = name
        self.reply("load_model", facts)

    def choose(self, key, command="use"):
        self.state.picker.select(key)
        assert self.commands[f"models-{command}"].enabled()
        self.commands[f"models-{command}"].run()

    def kinds(self, kind):
        return [arguments for name, arguments in self.worker.submitted if name == kind]

    @property
    def message(self):
        return self.window.messages[-1].text


@pytest.fixture
def viewer(make, fake_window, fake_worker):
    return Viewer(make, fake_window, fake_worker)


def test_the_picker_lists_what_is_on_disk_and_what_can_be_pulled(viewer, monkeypatch):
    monkeypatch.setattr(
        "medvlp_viewer.controllers.models.list_offers", lambda others: list(OFFERS[:2])
    )
    viewer.commands["models-choose"].run()
    assert viewer.window.models_shown
    assert [offer.key for offer in viewer.state.picker.offers] == ["small", "clip"]
    assert viewer.state.picker.selected == "small"


def test_another_model_is_loaded_in_the_process_and_answers_again(viewer):
    viewer.open()
    viewer.state.queries.ask("lung mass")
    viewer.window.asked.emit("lung mass")
    viewer.controller.session.poll()
    viewer.reply("ask", [viewer.make.heatmap(viewer.scan)])
    viewer.choose("clip")
    assert status_words(OFFERS[1], viewer.state.picker) == "Loading…"
    assert viewer.kinds("load_model") == [{"model": "clip", "device": "auto", "modality": "CT"}]
    assert viewer.state.heats.get("lung mass") is not None  # the former one answers until then
    viewer.loaded("clip")
    assert viewer.state.picker.active == "clip"
    assert viewer.state.heats.get("lung mass") is None
    viewer.reply("encode", viewer.make.facts())
    assert viewer.kinds("ask")[-1] == {"texts": ["lung mass"]}
    viewer.state.crosshair.move_to((1.0, 2.0, 3.0))
    viewer.reply("ask", [viewer.make.heatmap(viewer.scan)])
    assert viewer.state.crosshair.world == pytest.approx((1.0, 2.0, 3.0))  # compared in place
    assert viewer.state.settings.value.model == "clip"
    assert len(viewer.kinds("load_model")) == 1
    assert len(viewer.kinds("open")) == 1


def test_a_model_that_cannot_be_loaded_leaves_the_former_one_and_its_answers(viewer):
    viewer.open()
    viewer.choose("clip")
    viewer.reply("load_model", outcome="error", message="clip does not fit: 1 GiB free.")
    assert "does not fit" in viewer.message
    assert "stays" in viewer.message
    assert viewer.state.picker.active == "small"
    assert viewer.state.picker.loading is None
    assert viewer.state.settings.value.model == ""
    assert len(viewer.kinds("load_model")) == len(viewer.kinds("encode")) == 1


def test_a_process_that_dies_while_loading_leaves_the_former_one(viewer):
    viewer.open()
    viewer.choose("clip")
    viewer.reply("load_model", outcome="died", message="It was ended by SIGKILL.")
    assert viewer.state.picker.active == "small"
    assert viewer.state.picker.loading is None


def test_a_model_for_another_kind_of_scan_is_not_even_loaded(viewer):
    viewer.open()
    viewer.choose("films")
    assert viewer.message == "BioViL knows X-rays only; the scan on screen is a CT."
    assert advice(OFFERS[2], viewer.state.picker) == viewer.message
    assert viewer.kinds("load_model") == []
    viewer.choose("films", "compare")
    assert viewer.second.submitted == []


@pytest.mark.parametrize("outcome", ["error", "died"])
def test_a_model_that_cannot_encode_the_scan_is_left_again(viewer, outcome):
    viewer.open()
    viewer.choose("clip")
    viewer.loaded("clip")
    viewer.reply("encode", outcome=outcome, message="There was not enough memory.")
    assert "not enough memory" in viewer.message
    assert "before is used again" in viewer.message
    assert viewer.kinds("load_model")[-1]["model"] is None
    viewer.loaded("small")
    assert viewer.state.picker.active == "small"
    assert viewer.state.settings.value.model == ""
    viewer.reply("encode", outcome="error", message="Broken as well.")
    assert len(viewer.kinds("load_model")) == 2  # it is not tried in circles


def test_a_later_failure_does_not_change_the_model(viewer):
    viewer.open()
    viewer.choose("clip")
    viewer.loaded("clip")
    viewer.reply("encode", viewer.make.facts())
    viewer.open()
    viewer.reply("encode", outcome="error", message="No.")
    assert viewer.state.picker.active == "clip"


def test_back_and_forth_between_two_models(viewer):
    viewer.open()
    assert not viewer.commands["models-previous"].enabled()
    viewer.choose("clip")
    viewer.loaded("clip")
    viewer.commands["models-previous"].run()
    assert viewer.kinds("load_model")[-1]["model"] is None
    viewer.loaded("small")
    viewer.commands["models-previous"].run()
    assert viewer.kinds("load_model")[-1]["model"] == "clip"


def test_a_second_choice_overtakes_the_first(viewer):
    viewer.open()
    viewer.choose("clip")
    first = viewer.worker.last("load_model")
    viewer.state.picker.select("small")
    viewer.controller.settings.choose("model", "films")
    assert first in viewer.worker.cancelled
    facts = viewer.make.facts().model
    viewer.worker.reply(first, value=facts)
    viewer.controller.session.poll()
    assert viewer.state.picker.loading == "films"


def test_a_name_typed_into_the_settings_that_is_no_model_is_put_back(viewer):
    viewer.open()
    viewer.controller.settings.choose("model", "nonsense")
    viewer.reply("load_model", outcome="error", message="No model 'nonsense'.")
    assert viewer.state.settings.value.model == ""
    assert len(viewer.kinds("load_model")) == 1


def test_the_model_of_the_command_line_is_kept_when_the_device_changes(viewer):
    viewer.controller.models.start("clip")
    viewer.open()
    assert viewer.state.picker.active == "clip"
    viewer.controller.settings.choose("device", "cpu")
    assert viewer.kinds("load_model")[-1]["model"] == "clip"
    viewer.loaded("clip")
    assert viewer.state.settings.value.model == ""


def test_a_model_that_was_given_as_a_folder_is_the_one_in_use(viewer, tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    offer = Offer("mine", "Mine", "on-disk", ("CT",), path=str((tmp_path / "mine").resolve()))
    viewer.state.picker.set_offers([*OFFERS, offer])
    viewer.controller.models.start("./mine")
    assert status_words(offer, viewer.state.picker) == "In use"
    assert status_words(OFFERS[0], viewer.state.picker) == "Built in"


def test_what_is_not_ready_cannot_be_used(viewer):
    for key, allowed in {
        "small": set(),  # it is in use
        "clip": {"use"},
        "theirs": {"licence"},
        "broken": set(),
        "google/medsiglip-448": {"download"},
    }.items():
        viewer.state.picker.select(key)
        names = ("use", "licence", "download", "stop")
        assert {n for n in names if viewer.commands[f"models-{n}"].enabled()} == allowed


def test_a_licence_is_accepted_once(viewer, monkeypatch):
    accepted = []
    monkeypatch.setattr("medvlp_viewer.controllers.models.accept_licence", accepted.append)
    monkeypatch.setattr("medvlp_viewer.controllers.models.list_offers", lambda others: list(OFFERS))
    viewer.choose("theirs", "licence")
    assert accepted == ["theirs"]


def test_a_download_goes_on_beside_the_scan_and_can_be_stopped(viewer):
    viewer.open()
    viewer.choose("google/medsiglip-448", "download")
    wanted = {"repository": "google/medsiglip-448", "accept_licence": True}
    assert viewer.puller.submitted == [("pull_model", wanted)]
    viewer.puller.reply(1, "progress", message="model.safetensors", fraction=0.4)
    viewer.controller.models.download.poll()
    assert status_words(OFFERS[5], viewer.state.picker) == "Downloading 40 %"
    assert not viewer.commands["models-download"].enabled()
    viewer.commands["models-stop"].run()
    assert viewer.puller.cancelled == [1]
    viewer.puller.reply(1, "cancelled")
    viewer.controller.models.download.poll()
    assert viewer.state.picker.download is None
    assert viewer.puller.closed
    assert "stopped" in viewer.message


def test_a_model_is_added_from_a_folder_once_its_licence_is_accepted(viewer, tmp_path, monkeypatch):
    monkeypatch.setattr("medvlp_viewer.controllers.models.list_offers", lambda others: list(OFFERS))
    viewer.commands["models-import"].run()
    assert viewer.puller.submitted == []  # no folder was chosen
    viewer.window.model_folder = str(tmp_path)
    viewer.commands["models-import"].run()
    wanted = {"folder": tmp_path, "accept_licence": False}
    assert viewer.puller.submitted == [("import_model", wanted)]
    assert not viewer.commands["models-import"].enabled()
    refusal = LicenceError("Theirs is published under: Terms")
    viewer.puller.reply(1, "error", refusal, message=str(refusal))
    viewer.controller.models.download.poll()
    asked = viewer.window.messages[-1]
    assert "Terms" in asked.text
    viewer.window.model_folder = "another"
    asked.action.run()
    assert viewer.puller.submitted[-1] == ("import_model", wanted | {"accept_licence": True})
    viewer.puller.reply(2, "result", "theirs")
    viewer.controller.models.download.poll()
    assert viewer.message == "theirs was added and checked."
    assert viewer.state.picker.selected == "theirs"


def test_an_import_that_is_stopped_or_fails_says_so(viewer, tmp_path):
    viewer.window.model_folder = str(tmp_path)
    viewer.commands["models-import"].run()
    viewer.puller.reply(1, "error", message="It is no model.")
    viewer.controller.models.download.poll()
    assert viewer.message == "It is no model."
    assert viewer.window.messages[-1].action is None
    viewer.commands["models-import"].run()
    viewer.commands["models-stop"].run()
    viewer.puller.reply(2, "cancelled")
    viewer.controller.models.download.poll()
    assert "Nothing was added" in viewer.message


def test_a_hub_that_does_not_answer_is_a_sentence(viewer):
    viewer.choose("google/medsiglip-448", "download")
    viewer.puller.reply(1, "error", message="The hub did not answer.")
    viewer.controller.models.download.poll()
    assert viewer.message == "The hub did not answer."
    assert viewer.state.picker.download is None


def test_closing_the_window_ends_a_download(viewer):
    viewer.choose("google/medsiglip-448", "download")
    viewer.window.close()
    assert viewer.puller.closed


def test_missing_files_are_named(viewer):
    assert "model.safetensors missing" in advice(OFFERS[4], viewer.state.picker)


class Both(Viewer):
    """Two models on one scan; the test answers for both processes."""

    def compare(self, name="clip"):
        self.open()
        self.choose(name, "compare")

    def right(self, kind, value=None, outcome="result", message=""):
        self.second.reply(self.second.last(kind), outcome, value, message)
        self.window.compare.ticked.emit()

    def ready(self):
        facts = self.make.facts()
        facts.model = SimpleNamespace(
            name="clip", model_id="clip@c", sha256="c", device="cpu (fp32)"
        )
        self.right("load_model", facts.model)
        self.right("open", self.make.scan(self.make.oblique()))
        self.right("encode", facts)

    def ask(self, text, left, right):
        self.state.queries.ask(text)
        self.window.asked.emit(text)
        self.controller.session.poll()
        self.reply("ask", [left])
        self.window.compare.ticked.emit()
        self.right("ask", [right])


@pytest.fixture
def both(make, fake_window, fake_worker):
    return Both(make, fake_window, fake_worker)


def test_two_models_answer_about_the_same_scan_side_by_side(both):
    both.compare()
    loaded, opened = both.second.submitted[:2]
    assert loaded == ("load_model", {"model": "clip", "device": "auto"})
    assert opened[1]["source"] == "left"
    both.ready()
    make, window = both.make, both.window
    assert window.compare.titles == ("fake, cpu (numpy)", "clip, cpu (fp32)")
    assert window.compare.headings == ("fake", "clip", True)
    assert "two models" in window.compare.match
    assert window.panes["axial"].text.top_left[0] == "Model fake"
    assert window.compare.panes["axial"].text.top_left[0] == "Model clip"
    elsewhere = make.scan(make.oblique(), (-8.0, 5.0, -15.0))
    mirrored = make.heatmap(elsewhere, probability=0.25)
    both.ask("lung mass", make.heatmap(both.scan, probability=0.75), mirrored)
    (row,) = window.compare.rows
    assert (row.left, row.right) == ("75 %", "25 %")
    assert row.difference == "\N{MINUS SIGN}50 points"
    peaks = make.heatmap(both.scan).peak_mm, mirrored.peak_mm
    distance = sum((a - b) ** 2 for a, b in zip(*peaks, strict=True)) ** 0.5
    assert row.apart == f"{distance:.0f} mm"
    assert distance > 25
    assert row.overlap == "0.00"


def test_models_that_agree_overlap_wholly(both):
    both.compare()
    both.ready()
    heat = both.make.heatmap(both.scan, probability=0.6)
    both.ask("lung mass", heat, both.make.heatmap(both.scan, probability=0.6))
    (row,) = both.window.compare.rows
    assert (row.difference, row.apart, row.overlap) == ("+0 points", "0 mm", "1.00")


def test_the_overlap_follows_the_threshold_that_is_drawn(both):
    both.compare()
    both.ready()
    strong = both.make.heatmap(both.scan)
    weak = both.make.heatmap(both.scan, values=0.3 * (strong.values > 0.99))
    same = int((strong.values >= 0.15).sum()), int((weak.values >= 0.15).sum())
    both.ask("lung mass", strong, weak)
    expected = 2 * min(same) / sum(same)
    assert both.window.compare.rows[0].overlap == f"{expected:.2f}"
    both.state.overlay.threshold = 0.5
    assert both.window.compare.rows[0].overlap == "0.00"
    both.state.queries.set_drawing("lung mass", None, 0.15)  # of this query alone
    assert both.window.compare.rows[0].overlap == f"{expected:.2f}"


def test_crosshairs_of_one_scan_are_linked_and_cannot_be_aligned(both):
    both.compare()
    both.ready()
    both.state.crosshair.move_to((3.0, -2.0, 8.0))
    assert both.controller.compare.right.crosshair.world == pytest.approx((3.0, -2.0, 8.0))
    assert not both.commands["compare-align"].enabled()
    assert both.commands["compare-align"].label() == ""  # left out of menu and tools


@pytest.mark.parametrize("kind", ["load_model", "encode"])
def test_a_second_model_that_fails_is_closed_and_the_first_stays(both, kind):
    both.compare()
    if kind == "encode":
        both.right("load_model", both.make.facts().model)
        both.right("open", both.make.scan(both.make.oblique()))
    both.right(kind, outcome="error", message="Its licence was not accepted.")
    assert both.message == "Second model:  Its licence was not accepted."
    assert not both.window.compare_shown
    assert both.second.closed
    assert both.kinds("load_model") == []


def test_a_scan_too_large_for_a_second_model_can_be_opened_anyway(both):
    from medvlp.errors import ScanTooLargeError

    both.compare()
    both.right("load_model", both.make.facts().model)
    first, both.second = both.second, type(both.worker)()
    first.reply(first.last("open"), "error", ScanTooLargeError("Needs 90 GB."), "Needs 90 GB.")
    both.window.compare.ticked.emit()
    message = both.window.messages[-1]
    assert message.text == "Second model:  Needs 90 GB."
    assert not both.window.compare_shown
    message.action.run()
    assert both.second.submitted[0] == ("load_model", {"model": "clip", "device": "auto"})
    assert both.controller.compare.model.other_model == "clip"


def test_the_next_scan_is_opened_for_both_models(both):
    both.compare()
    both.ready()
    both.controller.open("next")
    both.reply("open", both.make.scan(both.make.geometry()))
    assert both.second.submitted[-1][1]["source"] == "next"
    assert [kind for kind, _ in both.second.submitted].count("load_model") == 1


def test_a_model_chosen_on_the_left_leaves_the_right_one(both):
    both.compare()
    both.ready()
    both.controller.settings.choose("model", "other")
    both.loaded("other")
    assert [kind for kind, _ in both.second.submitted].count("load_model") == 1
    assert both.window.compare.headings == ("other", "clip", True)


def test_comparing_with_another_scan_ends_the_comparison_of_models(both):
    both.compare()
    both.ready()
    first, both.second = both.second, type(both.worker)()
    both.controller.compare.open("another.nii")
    assert first.closed
    assert both.second.submitted[0] == ("open", {"source": "another.nii", "series": None})
    assert both.window.compare.headings == ("Left", "Right", False)
    assert "Model" not in both.window.panes["axial"].text.top_left[0]
