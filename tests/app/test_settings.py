"""Settings: values, file, and that a change holds at once."""

import json
import stat

import numpy as np
import pytest
from pydantic import ValidationError

from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.settings import COLOUR_MAPS, WINDOWS, Settings, SettingsModel
from medvlp_viewer.models.settings_file import SettingsFile, default_path
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.window import CT_PRESETS, first_window
from medvlp_viewer.views.base import Message


@pytest.fixture
def file(tmp_path) -> SettingsFile:
    return SettingsFile(tmp_path / "medvlp" / "viewer.json")


@pytest.fixture(autouse=True)
def _cache_of_the_test(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def viewer(fake_window, fake_worker, file) -> ViewerController:
    return ViewerController(ViewerState(), fake_window, fake_worker, system=System(file))


def choose(viewer, **fields):
    for name, value in fields.items():
        viewer.window.setting_chosen.emit(name, value)


class TestModel:
    def test_only_names_of_changed_fields_are_told(self):
        model, heard = SettingsModel(), []
        model.changed.connect(heard.append)
        model.change(theme="dark", opacity=0.5)
        model.change(opacity=0.5)
        assert heard == [frozenset({"opacity"})]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"theme": "purple"},
            {"opacity": 1.2},
            {"threshold": float("nan")},
            {"colour_map": "jet"},
            {"default_window": "Knee"},
            {"language": "xx"},
            {"device": "toaster"},
            {"cache_gigabytes": 0},
        ],
    )
    def test_values_that_are_not_allowed_change_nothing(self, wrong):
        model = SettingsModel()
        with pytest.raises(ValidationError):
            model.change(**wrong)
        assert model.value == Settings()

    def test_every_window_and_colour_map_that_is_offered_is_allowed(self):
        for name in COLOUR_MAPS:
            assert Settings(colour_map=name).colour_map == name
        windows = [Settings(default_window=name).window for name in WINDOWS]
        assert windows == [None, *(preset.window for preset in CT_PRESETS)]


class TestFile:
    def test_what_is_saved_is_loaded(self, file):
        settings = Settings(theme="light", language="es", opacity=0.25, model="base")
        file.save(settings)
        assert file.load() == (settings, "")

    def test_without_a_file_the_defaults_hold_silently(self, file):
        assert file.load() == (Settings(), "")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{", "damaged"),
            ("[1]", "version None"),
            ('{"version": 99, "theme": "light"}', "version 99"),
            ('{"version": 1, "theme": "purple", "opacity": 7}', "opacity, theme"),
            ("[" * 100_000, "damaged"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_kept_and_the_defaults_hold(self, file, text, said):
        file.path.parent.mkdir()
        file.path.write_text(text)
        settings, problem = file.load()
        assert settings == Settings()
        assert said in problem
        assert "viewer.unused-1.json" in problem
        assert not file.path.exists()
        assert file.path.with_name("viewer.unused-1.json").read_text() == text

    def test_a_second_broken_file_does_not_replace_the_first(self, file):
        file.path.parent.mkdir()
        for text in ("first", "second"):
            file.path.write_text(text)
            file.load()
        assert file.path.with_name("viewer.unused-1.json").read_text() == "first"
        assert file.path.with_name("viewer.unused-2.json").read_text() == "second"

    def test_bytes_that_are_no_text_are_no_crash(self, file):
        file.path.parent.mkdir()
        file.path.write_bytes(b"\xff\xfe\x00")
        assert "could not be read" in file.load()[1]

    def test_fields_of_the_same_version_that_are_unknown_are_passed_over(self, file):
        file.path.parent.mkdir()
        file.path.write_text('{"version": 1, "theme": "light", "later": true}')
        assert file.load() == (Settings(theme="light"), "")

    def test_the_file_lies_in_the_configuration_folder_of_the_system(self, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        assert default_path().name == "viewer.json"


class TestController:
    def test_a_choice_holds_at_once_and_is_written(self, viewer, file, fake_window):
        choose(viewer, interpolate=False, opacity=0.3, threshold=0.4, colour_map="glacier")
        overlay = viewer.state.overlay
        assert not viewer.state.display.smooth
        assert (overlay.opacity, overlay.threshold, overlay.colour_map) == (0.3, 0.4, "glacier")
        choose(viewer, theme="light", language="de")
        assert fake_window.appearance == ("light", "de")
        assert json.loads(file.path.read_text())["theme"] == "light"
        assert file.load()[0] == viewer.state.settings.value

    def test_what_is_not_allowed_is_said_and_not_written(self, viewer, file, fake_window):
        choose(viewer, colour_map="jet")
        assert fake_window.messages[-1].severity == "error"
        assert "jet" in fake_window.messages[-1].text
        assert not file.path.exists()

    def test_the_default_window_is_used_for_ct_and_not_for_an_x_ray(self, viewer, make):
        choose(viewer, default_window="Lung")
        scan = make.scan(make.geometry())
        viewer.state.scan.set(scan)
        assert viewer.state.display.window == CT_PRESETS[0].window
        choose(viewer, default_window="Bone")
        assert viewer.state.display.window == CT_PRESETS[2].window
        viewer.state.display.set_window(CT_PRESETS[4].window)
        viewer.panes.reset()
        assert viewer.state.display.window == CT_PRESETS[2].window

        from medvlp import Geometry, Scan

        pixels = np.linspace(0, 1, 400, dtype=np.float32).reshape(16, 25)
        xray = Scan(pixels, Geometry.radiograph((16, 25), (0.2, 0.2)), "XR", "normalised")
        viewer.state.scan.set(xray)
        assert viewer.state.display.window == first_window(xray)

    def test_another_model_is_loaded_and_what_was_asked_is_asked_again(
        self, viewer, fake_worker, make
    ):
        scan = make.scan(make.geometry())
        viewer.open("somewhere")
        fake_worker.reply(fake_worker.last("open"), value=scan)
        viewer.session.poll()
        fake_worker.reply(fake_worker.last("encode"), value=make.facts())
        viewer.session.poll()
        viewer.state.queries.ask("lung mass")
        viewer.session.ask("lung mass")
        viewer.session.poll()
        fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan)])
        viewer.session.poll()
        assert viewer.state.heats.get("lung mass") is not None
        choose(viewer, model="base")
        wanted = {"model": "base", "device": "auto", "modality": "CT"}
        assert fake_worker.submitted[-1] == ("load_model", wanted)
        fake_worker.reply(fake_worker.last("load_model"), value=make.facts().model)
        viewer.session.poll()
        assert viewer.state.heats.get("lung mass") is None
        assert viewer.state.queries["lung mass"].pending
        encode = fake_worker.last("encode")
        assert encode > fake_worker.last("load_model")
        fake_worker.reply(encode, value=make.facts())
        viewer.session.poll()
        assert fake_worker.last("ask") > encode

    def test_a_folder_that_cannot_be_written_is_said_and_the_setting_holds(
        self, viewer, file, fake_window
    ):
        file.path.parent.parent.joinpath("medvlp").write_text("a file, no folder")
        choose(viewer, theme="light")
        assert fake_window.messages[-1].severity == "warning"
        assert viewer.state.settings.value.theme == "light"

    def test_the_defaults_come_back(self, viewer, file):
        choose(viewer, theme="light", opacity=0.1)
        viewer.window.defaults_requested.emit()
        assert viewer.state.settings.value == Settings()
        assert viewer.state.overlay.opacity == Settings().opacity
        assert file.load()[0] == Settings()

    def test_the_cache_limit_holds_for_every_store_and_clearing_frees_it(
        self, viewer, tmp_path, fake_window
    ):
        from medvlp.store.encodings import EncodingStore

        folder = tmp_path / "cache" / "encodings" / "ab"
        folder.mkdir(parents=True)
        (folder / "one.safetensors").write_bytes(b"x" * 3_000_000)
        choose(viewer, cache_gigabytes=2.5)
        assert EncodingStore().max_bytes == 2_500_000_000
        viewer.window.cache_clear_requested.emit()
        assert list(folder.iterdir()) == []
        assert "3 MB" in fake_window.messages[-1].text

    def test_the_appearance_is_applied_at_the_start_and_the_model_is_not_loaded_again(
        self, viewer, fake_window, fake_worker
    ):
        viewer.settings.start()
        assert fake_window.appearance == ("dark", "system")
        assert fake_worker.submitted == []

    def test_what_is_said_at_the_start_stays_when_the_first_scan_opens(
        self, viewer, fake_window, fake_worker, make
    ):
        viewer.status.say_at_start(Message("warning", "The settings file is damaged."))
        for expected in ("The settings file is damaged.", None):
            viewer.session.open("somewhere")
            fake_worker.reply(fake_worker.last("open"), value=make.scan(make.geometry()))
            viewer.session.poll()
            message = fake_window.messages[-1]
            assert (message and message.text) == expected


def test_the_file_can_be_read_by_others_as_far_as_the_mask_allows(file):
    file.save(Settings())
    assert stat.S_IMODE(file.path.stat().st_mode) & 0o600 == 0o600
