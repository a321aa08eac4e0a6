"""Pictures of the viewer for the documentation, each made by driving the real window.

``python scripts/make_screenshots.py NAME OUT [DATA]`` makes one picture; ``make-screenshots.sh``
makes all of them. With the folder of real scans the CT is a real one that no model was trained on
(patient A0001 of TCIA Lung-PET-CT-Dx, CC BY 4.0), else the simulated one of the package. What this
version of the viewer cannot show is left out with a message.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

os.environ.setdefault("QT_API", "pyside6")

MOST_BYTES = 400_000
PATIENCE_SECONDS = 400.0
SKIPPED = 3
REAL_CT = "dicom_ct_series"


class NotYetError(Exception):
    """The viewer cannot show this."""


class Shot:
    """One window, and the folder with real scans if there is one."""

    def __init__(self, data: Path | None) -> None:
        from medvlp.worker import Worker
        from medvlp_viewer.application import make_viewer

        self.data = data
        self.viewer: Any = make_viewer(Worker())
        self.viewer.window.show()

    def ct(self) -> Path:
        """The CT to show."""
        from medvlp.io.samples import get_sample

        real = self.data / REAL_CT if self.data else None
        return real if real is not None and real.exists() else get_sample("effusion-ct")

    def start(self, path: Path, *queries: str) -> None:
        """Open, encode and ask."""
        from medvlp_viewer.application import start

        start(self.viewer, str(path), queries)
        self.wait(lambda: self.viewer.state.scan.scan is not None)
        self.wait(lambda: not self.viewer.controller.session.busy)
        self.settle()

    def wait(self, condition: Callable[[], Any]) -> None:
        """Handle events until something is the case."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("The window did not come so far.")
            self.viewer.application.processEvents()
            time.sleep(0.01)

    def settle(self, seconds: float = 1.0) -> None:
        """Let the window draw."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def command(self, name: str) -> None:
        """Run a command as from its menu."""
        if name not in {command.name for command in self.viewer.controller.commands}:
            raise NotYetError(f"there is no command {name!r}")
        self.viewer.window.action(name).trigger()
        self.settle()


def show_ct(shot: Shot) -> None:
    shot.start(shot.ct(), "lung mass", "liver")


def show_xray(shot: Shot) -> None:
    from medvlp.io.samples import get_sample

    shot.start(get_sample("effusion-xray"), "pleural effusion", "cardiomegaly")


def show_organs(shot: Shot) -> None:
    shot.start(shot.ct())
    organs = shot.viewer.window.side.organs
    shot.wait(lambda: organs.entries)
    organs.select(organs.shown[0].name)  # the most probable finding
    shot.viewer.window.side.findChild(object, "side-rows").setSizes([260, 620])
    organs.organ_activated.emit(organs.selected)
    shot.settle()


def show_3d(shot: Shot) -> None:
    shot.start(shot.ct(), "lung mass")
    shot.command("volume")
    model = shot.viewer.controller.volume.model
    shot.wait(lambda: model.shown)
    shot.wait(lambda: shot.viewer.window.volume_view().canvas.has_picture)
    shot.settle(20.0)  # a draft comes first


def show_triage(shot: Shot) -> None:
    import shutil

    from medvlp.io.samples import get_sample

    folder = Path(tempfile.mkdtemp()) / "worklist"
    folder.mkdir()
    sources = [get_sample("effusion-ct"), get_sample("effusion-xray")]
    if shot.data:
        sources += sorted((shot.data / "ct_thorax").glob("*_ct.nii.gz"))[:3]
    for number, source in enumerate(sources, 1):
        ending = ".nii.gz" if source.name.endswith(".nii.gz") else source.suffix
        shutil.copy(source, folder / f"scan-{number:02d}{ending}")
    triage = shot.viewer.controller.triage
    triage.open(str(folder), "pleural effusion")
    shot.wait(lambda: shot.viewer.state.scan.scan is not None)
    shot.wait(lambda: not triage.scoring.running and not shot.viewer.controller.session.busy)
    shot.settle(2.0)


def show_compare(shot: Shot) -> None:
    from medvlp.io.samples import get_sample

    shot.start(get_sample("effusion-ct"), "pleural effusion")
    compare = getattr(shot.viewer.controller, "compare", None)
    if compare is None:
        raise NotYetError("two scans cannot be compared")
    compare.open(str(shot.ct()))
    answers = compare.right.queries
    shot.wait(lambda: any(not row.pending for row in answers))
    shot.settle(3.0)


def show_models(shot: Shot) -> None:
    """The built-in model beside itself behind coarser voxels, which makes it another model."""
    import json
    import shutil

    from medvlp.models.folder import read_manifest, write_manifest
    from medvlp.models.load import find_model

    folder = Path(tempfile.mkdtemp()) / "small-5mm"
    shutil.copytree(find_model("small"), folder)
    settings = json.loads((folder / "preprocessing.json").read_text(encoding="utf-8"))
    settings["ct"]["spacing_mm"] = 5.0
    (folder / "preprocessing.json").write_text(json.dumps(settings), encoding="utf-8")
    facts: dict[str, Any] = read_manifest(folder) | {"name": folder.name}
    del facts["files"]
    write_manifest(folder, **facts)
    shot.start(shot.ct(), "lung mass", "liver")
    controller = shot.viewer.controller
    controller.compare.open_model(str(folder), "auto", controller.session.origin)
    answers = controller.compare.right.queries
    shot.wait(lambda: len(answers) and all(not row.pending for row in answers))
    shot.settle(3.0)


def show_first_start(shot: Shot) -> None:
    shot.viewer.controller.open_sample()
    shot.wait(lambda: shot.viewer.state.scan.scan is not None)
    shot.wait(lambda: not shot.viewer.controller.session.busy)
    shot.settle()


PICTURES: dict[str, Callable[[Shot], None]] = {
    "viewer-ct": show_ct,
    "viewer-xray": show_xray,
    "viewer-organs": show_organs,
    "viewer-3d": show_3d,
    "viewer-triage": show_triage,
    "viewer-compare": show_compare,
    "viewer-models": show_models,
    "viewer-first-start": show_first_start,
}


def picture_of_viewer(name: str, data: Path | None) -> bytes:
    shot = Shot(data)
    try:
        PICTURES[name](shot)
        return bytes(shot.viewer.window.picture())
    finally:
        shot.viewer.close()


def picture_of_napari(data: Path | None) -> bytes:
    import napari
    from qtpy.QtCore import QBuffer
    from qtpy.QtWidgets import QApplication

    viewer = napari.Viewer()
    window = viewer.window._qt_window
    window.resize(1600, 1000)
    real = data / REAL_CT if data else None
    if real is not None and real.exists():
        viewer.open(str(real), plugin="medvlp")
    else:
        viewer.open_sample("medvlp", "effusion-ct")
    viewer.layers[0].contrast_limits = (-160.0, 240.0)  # soft tissue: the file asks for lungs
    _, dock = viewer.window.add_plugin_dock_widget("medvlp", "Ask in words")
    dock.ask("liver")
    dock.ask("spleen")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "spleen" not in viewer.layers and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.02)
    dock.controller.step_peak("liver", 1)
    for _ in range(100):
        QApplication.processEvents()
        time.sleep(0.02)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    viewer.close()
    return bytes(buffer.data().data())


def in_256_colours(picture: Image.Image) -> Image.Image:
    """Chosen so that the few pixels of a colour bar keep their steps."""
    from PIL import Image

    method = Image.Quantize.MAXCOVERAGE
    return picture.quantize(256, method=method, kmeans=2, dither=Image.Dither.FLOYDSTEINBERG)


def optimised(data: bytes) -> bytes:
    """The picture as it is; in 256 colours or smaller where the limit asks for it."""
    from PIL import Image

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    while True:
        for candidate in (picture, in_256_colours(picture)):
            out = io.BytesIO()
            candidate.save(out, "PNG", optimize=True)
            if out.tell() <= MOST_BYTES:
                return out.getvalue()
        picture = picture.resize([round(0.9 * n) for n in picture.size], Image.Resampling.LANCZOS)


def main(name: str, out: Path, data: Path | None) -> int:
    try:
        shown = picture_of_napari(data) if name == "napari" else picture_of_viewer(name, data)
    except (NotYetError, TimeoutError, ImportError) as error:
        print(f"{name}: left out: {error}", file=sys.stderr)
        return SKIPPED
    target = out / f"{name}.png"
    target.write_bytes(optimised(shown))
    print(f"{target}  {target.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    given = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), given))
