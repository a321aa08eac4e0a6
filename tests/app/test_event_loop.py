"""No handler of the event loop blocks the window: a person at work, in a real window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "tests" / "support" / "event_loop_scenario.py"
LIMIT = float(os.environ.get("MEDVLP_HANDLER_LIMIT", "50"))
"""CPU milliseconds; to be raised where the computer is much slower than a desktop."""


@pytest.fixture
def large_radiograph(tmp_path) -> Path:
    """12 megapixels, 16 bit, no two rows alike."""
    rows, columns = 3000, 4000
    ramp = np.linspace(0, 40000, columns)[None, :] + np.linspace(0, 20000, rows)[:, None]
    path = tmp_path / "radiograph.png"
    Image.fromarray(ramp.astype(np.uint16)).save(path, compress_level=1)
    return path


@pytest.mark.realdata
def test_no_handler_blocks_while_scans_are_opened_asked_scored_and_scrolled(
    real_data, large_radiograph, tmp_path, fake_model
):
    """Opens a CT and an X-ray of 12 megapixels, encodes, scores, asks, scrolls, jumps, measures; then
    changes the theme with every panel open, and orders and filters a worklist of 20,000 films.

    What counts is the CPU time of the window's thread, so a busy computer fails nothing.
    """
    ct = real_data / "ct_lidc" / "ct.nii.gz"
    facts = work(ct, large_radiograph, tmp_path / "handlers.json")
    if facts["slow"]:  # a crowded cache lengthens CPU time too; what is slow is so every time
        facts = work(ct, large_radiograph, tmp_path / "again.json")
    assert facts["slow"] == []
    assert facts["answers"][:2] != ["failed", "failed"]
    assert facts["measured"] == 1
    assert facts["accepted"] == 100


def work(ct: Path, radiograph: Path, result: Path) -> dict:
    """What the watchdog saw."""
    environment = {**os.environ, "MEDVLP_WATCHDOG": str(LIMIT)}
    environment["MEDVLP_WORKLISTS"] = str(result.with_suffix(""))
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, str(SCENARIO), str(ct), str(radiograph), str(result)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(result.read_text())


def test_the_watchdog_sees_a_handler_that_is_slow(tmp_path):
    code = (
        "import json, time\n"
        "from PySide6.QtCore import QTimer\n"
        "from medvlp_viewer.views.qt.watchdog import WatchedApplication\n"
        "application = WatchedApplication(['test'], 30.0)\n"
        "def work():\n"
        "    end = time.thread_time() + 0.06\n"
        "    while time.thread_time() < end:\n"
        "        pass\n"
        "QTimer.singleShot(0, lambda: time.sleep(0.1))\n"
        "QTimer.singleShot(0, work)\n"
        "QTimer.singleShot(200, application.quit)\n"
        "application.exec()\n"
        "print(json.dumps([handler.milliseconds for handler in application.slow]))\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    (slow,) = json.loads(done.stdout)
    assert slow == pytest.approx(60.0, abs=15.0)
