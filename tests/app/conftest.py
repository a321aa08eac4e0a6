"""Fixtures of the viewer's tests; the fakes behind them are in tests/support."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from viewer_scans import POSITIONS, make_geometry, make_heatmap, make_oblique, make_scan
from viewer_window import FakeWindow
from viewer_worker import FakeWorker, encoding_facts


@pytest.fixture
def fake_worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def fake_window() -> FakeWindow:
    return FakeWindow()


@pytest.fixture(scope="session")
def qt_application() -> Iterator[Any]:
    from medvlp_viewer.application import make_application

    return make_application()


@pytest.fixture
def wait_until(qt_application) -> Callable[..., None]:
    """Lets the event loop run until something holds; at last fails with what ``why()`` says."""

    def wait(condition: Callable[[], object], why: Callable[[], str] = str) -> None:
        end = time.monotonic() + 30.0
        while not condition():
            assert time.monotonic() < end, why()
            qt_application.processEvents()
            time.sleep(0.002)

    return wait


@pytest.fixture
def make() -> SimpleNamespace:
    """Factories of scans, heatmaps and facts."""
    return SimpleNamespace(
        positions=POSITIONS,
        geometry=make_geometry,
        oblique=make_oblique,
        scan=make_scan,
        heatmap=make_heatmap,
        facts=encoding_facts,
    )


@pytest.fixture
def factory(fake_model, tmp_path, monkeypatch) -> str:
    """A session of the fake model, importable in the child process."""
    module = tmp_path / "modules" / "fake_viewer_session.py"
    module.parent.mkdir()
    module.write_text(
        "from fake_model import FakeModel\nfrom medvlp.session import Session\n\n\n"
        "def make():\n    return Session(FakeModel(), cache=False)\n\n\n"
        "def make_slow():\n    return Session(FakeModel(delay=60.0, stubborn=True), cache=False)\n\n\n"
        "class FullModel(FakeModel):\n    def encode(self, *arguments, **options):\n"
        "        raise MemoryError\n\n\n"
        "def make_full():\n    return Session(FullModel(), cache=False)\n"
    )
    monkeypatch.syspath_prepend(str(module.parent))  # a spawned process gets this process's path
    return "fake_viewer_session"


@pytest.fixture
def phantom(make, tmp_path) -> Path:
    """A NIfTI file: a ball of kidney intensity on the patient's left, in fat, in air."""
    import nibabel as nib

    scan = make.scan(make.geometry("HFS", (24, 40, 48), (4.0, 3.0, 3.0)), (40.0, 10.0, 12.0), 15.0)
    body = make.scan(scan.geometry, (0.0, 0.0, 0.0), 58.0)
    fat_or_air = np.where(body.array > 0, -100, -1000)
    array = np.where(scan.array > 0, 120, fat_or_air).astype(np.int16)
    flip = np.diag([-1.0, -1.0, 1.0, 1.0])  # LPS to the RAS of NIfTI
    affine = flip @ scan.geometry.affine @ np.eye(4)[:, [2, 1, 0, 3]]
    path = tmp_path / "phantom.nii.gz"
    nib.save(nib.Nifti1Image(array.transpose(2, 1, 0), affine), path)
    return path
