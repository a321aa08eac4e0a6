"""How long the program takes until its window is painted and answers events.

``python -m benchmarks.viewer.start`` prints JSON: seconds from the start of a new Python that runs
the viewer's own ``main`` on the sample scan, before the scan is read and the model is loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

PROGRAM = """
import sys, time
from medvlp_viewer.main import main


def run(viewer, *_, **__):
    from PySide6.QtCore import QEvent, QObject, QTimer

    class FirstPaint(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, answered)
            return False

    def answered():
        print(time.monotonic(), flush=True)
        viewer.application.quit()

    first = FirstPaint()
    viewer.window.area.installEventFilter(first)
    viewer.window.area.empty.installEventFilter(first)
    viewer.window.show()
    viewer.application.exec()
    viewer.close()
    return 0


import medvlp_viewer.application

medvlp_viewer.application.run = run
main([])
"""


def measure() -> float:
    """Seconds; both processes read the same clock."""
    platform = "xcb" if os.environ.get("DISPLAY") else "offscreen"
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", platform)}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    return float(done.stdout.split()[0]) - start


if __name__ == "__main__":
    print(json.dumps({"seconds": measure()}))
