from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is an extra")

CHECKS = Path(__file__).with_name("in_window.py")


@pytest.mark.timeout(900)
def test_the_dock_widget_works_in_a_real_window(tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", str(CHECKS)]
    environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    environment |= {"LIBGL_ALWAYS_SOFTWARE": "1", "XDG_CONFIG_HOME": str(tmp_path)}
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        if shutil.which("xvfb-run") is None:
            pytest.skip("napari's window needs a display with OpenGL, such as Xvfb")
        command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1200x24 +extension GLX", *command]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
