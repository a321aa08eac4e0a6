import json
import subprocess
import sys
import time

import pytest
from PIL import Image

from medvlp_viewer.main import main
from medvlp_viewer.platform import choose_platform, has_display


def test_help_needs_no_qt_and_names_every_option(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    for option in ("--query", "--demo", "--screenshot", "--json", "--install-desktop", "--model"):
        assert option in text


def test_a_missing_path_is_a_sentence_and_status_3(tmp_path, capsys):
    status = main([str(tmp_path / "nothing"), "--screenshot", str(tmp_path / "a.png")])
    assert status == 3
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("query", ["", "x" * 10_000])
def test_an_unusable_query_is_bad_usage(tmp_path, capsys, query):
    status = main([str(tmp_path), "--query", query, "--screenshot", str(tmp_path / "a.png")])
    assert status == 2
    assert capsys.readouterr().err.startswith("medvlp-viewer: ")


def test_a_model_that_does_not_exist_is_refused_before_a_window_opens(tmp_path, capsys):
    arguments = [str(tmp_path), "--model", "nonsense", "--screenshot", str(tmp_path / "a.png")]
    assert main(arguments) == 4
    said = capsys.readouterr().err
    assert "No model 'nonsense'" in said
    assert "small" in said


@pytest.mark.parametrize(
    ("arguments", "chosen", "expected"),
    [([], "", None), ([], "kept", "kept"), (["--model", "small"], "kept", "small")],
)
def test_the_model_of_the_command_line_goes_before_that_of_the_settings(
    tmp_path, monkeypatch, arguments, chosen, expected
):
    from medvlp_viewer.models.settings import Settings
    from medvlp_viewer.models.settings_file import SettingsFile

    shown = []
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(SettingsFile, "load", lambda self: (Settings(model=chosen), ""))
    monkeypatch.setattr("medvlp_viewer.application.make_viewer", lambda worker, *rest: worker)
    monkeypatch.setattr("medvlp_viewer.application.run", lambda worker, *rest: shown.append(worker))
    main([str(tmp_path), *arguments])
    assert [worker.model for worker in shown] == [expected]


def test_a_picture_is_made_with_the_model_of_the_command_line(tmp_path, monkeypatch):
    from types import SimpleNamespace

    shown = []

    def render(worker, *rest):
        shown.append(worker.model)
        return SimpleNamespace(message="", scores="", status=0)

    monkeypatch.setattr("medvlp_viewer.application.make_viewer", lambda worker: worker)
    monkeypatch.setattr("medvlp_viewer.screenshot.render", render)
    main([str(tmp_path), "--model", "small", "--screenshot", str(tmp_path / "a.png")])
    assert shown == ["small"]


def test_without_a_display_it_says_what_to_do(monkeypatch, tmp_path, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("medvlp_viewer.platform.has_display", lambda environment: False)
    assert main([str(tmp_path)]) == 3
    assert "--screenshot" in capsys.readouterr().err


def test_the_platform_is_chosen_only_if_the_user_chose_none():
    def chosen(offscreen=False, **environment):
        choose_platform(environment, offscreen=offscreen, system="linux")
        return environment.get("QT_QPA_PLATFORM")

    assert chosen(offscreen=True, DISPLAY=":0") == "offscreen"
    assert chosen(WAYLAND_DISPLAY="wayland-0", DISPLAY=":0") == "xcb"
    assert chosen(WAYLAND_DISPLAY="wayland-0") is None
    assert chosen(DISPLAY=":0") is None
    assert chosen(offscreen=True, QT_QPA_PLATFORM="minimal") == "minimal"
    assert not has_display({}, "linux")
    assert has_display({"WAYLAND_DISPLAY": "w"}, "linux")


def test_a_screenshot_is_the_whole_window_at_the_peak_with_scores(
    qt_application, factory, phantom, tmp_path
):
    from medvlp.worker import Worker
    from medvlp_viewer.application import make_viewer
    from medvlp_viewer.screenshot import render

    viewer = make_viewer(Worker(fake_session_factory=f"{factory}:make"))
    picture, scores = tmp_path / "window.png", tmp_path / "scores.json"
    outcome = render(viewer, str(phantom), ["left kidney", "right kidney"], picture, scores)
    assert (outcome.status, outcome.message) == (0, "")
    width, height = Image.open(picture).size
    assert width >= 1400
    assert height >= 900
    report = json.loads(scores.read_text())
    assert report == json.loads(outcome.scores)
    assert report["schema"] == "medvlp/ground/1"
    left = report["results"][0]
    assert left["query"] == "left kidney"
    assert left["peak"]["mm"] == pytest.approx([40.0, 10.0, 12.0], abs=12.0)
    assert viewer.state.crosshair.index == tuple(left["peak"]["index"])
    assert viewer.worker.process_id is None


def test_an_unreadable_scan_ends_the_screenshot_with_its_message(qt_application, factory, tmp_path):
    from medvlp.worker import Worker
    from medvlp_viewer.application import make_viewer
    from medvlp_viewer.screenshot import render

    broken = tmp_path / "broken.nii.gz"
    broken.write_bytes(b"no volume")
    viewer = make_viewer(Worker(fake_session_factory=f"{factory}:make"))
    outcome = render(viewer, str(broken), ["liver"], tmp_path / "a.png", None)
    assert outcome.status == 3
    assert "broken.nii.gz" in outcome.message
    assert not (tmp_path / "a.png").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="freedesktop.org files")
def test_the_desktop_files_are_valid_and_go_away_again(tmp_path):
    import shutil

    from medvlp_viewer.desktop import install, uninstall

    paths = install(tmp_path)
    assert {path.name.split(".", 3)[3] for path in paths} == {
        "desktop",
        "metainfo.xml",
        "xml",
        "svg",
    }
    entry = (tmp_path / "applications/org.medvlp.Viewer.desktop").read_text()
    assert "%F" in entry
    assert "@" not in entry
    checks = {
        "desktop-file-validate": [paths[0]],
        "appstreamcli": ["validate", "--no-net", paths[1]],
    }
    for program, arguments in checks.items():
        if shutil.which(program):
            done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(uninstall(tmp_path)) == sorted(paths)
    assert not any(path.exists() for path in paths)


LINGERING = """
import sys, threading, time
import medvlp_viewer.main as entry

class Waiting(threading.Thread):
    __module__ = sys.argv[1]

def run():
    Waiting(target=time.sleep, args=(float(sys.argv[2]),)).start()
    print("closed")
    return 3

entry.main = run
entry.command()
"""


def test_a_silent_server_does_not_keep_the_program():
    arguments = [sys.executable, "-c", LINGERING, "pynetdicom.dul", "120"]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert run.returncode == 3
    assert run.stdout == "closed\n"


def test_other_work_is_waited_for():
    began = time.monotonic()
    arguments = [sys.executable, "-c", LINGERING, "medvlp_viewer.work", "1.5"]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert run.returncode == 3
    assert time.monotonic() - began >= 1.5
