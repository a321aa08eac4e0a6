"""Crash reports say where, and nothing about whom."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from medvlp.crash_report import KEPT, public_name, report_text, traceback_text, write_report


def caught(function):
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_the_message_of_the_error_and_paths_outside_packages_are_left_out(tmp_path, monkeypatch):
    module = tmp_path / "DOE^JANE" / "private_script.py"
    module.parent.mkdir()
    module.write_text("def fail():\n    open('/data/DOE^JANE/study.dcm')\n")
    monkeypatch.syspath_prepend(str(module.parent))
    import private_script

    text = report_text("window", traceback_text(caught(private_script.fail)), {"device": "cpu"})
    assert "FileNotFoundError" in text
    assert "fail" in text
    assert "device: cpu" in text
    assert "DOE" not in text
    assert "/data" not in text
    assert str(tmp_path) not in text
    assert "private_script.py" not in text


def test_frames_of_our_packages_and_of_libraries_are_named_from_the_package_on():
    import medvlp.geometry as ours

    assert public_name(ours.__file__) == "medvlp/geometry.py"
    assert public_name(np.linalg.__file__) == "numpy/linalg/__init__.py"
    assert public_name("/data/jane/notes.py") == "(another file)"
    text = traceback_text(caught(lambda: ours.Geometry((1, 2), np.eye(7))))
    assert "medvlp/geometry.py:" in text


def test_causes_come_before_what_they_led_to():
    def fail():
        try:
            {}["Doe"]
        except KeyError as error:
            raise ValueError("Jane") from error

    text = traceback_text(caught(fail))
    assert text.index("builtins.KeyError") < text.index("builtins.ValueError")
    assert "Doe" not in text
    assert "Jane" not in text


def test_versions_are_listed_and_old_reports_are_removed(tmp_path):
    text = report_text("window", "a sentence", {})
    assert f"python: {sys.version.split()[0]}" in text
    assert "medvlp: " in text
    paths = [write_report(tmp_path, f"{text}{i}") for i in range(KEPT + 3)]
    assert len(set(paths)) == KEPT + 3
    assert len(list(tmp_path.iterdir())) == KEPT
    assert paths[-1].read_text().endswith(f"{KEPT + 2}")


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011 (its kind depends on the system)
        write_report(tmp_path / "file" / "below", "text")
