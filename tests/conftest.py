"""Shared fixtures: where the real scans are, a model, and archives on localhost."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def data_root() -> Path:
    return Path(os.environ.get("MEDVLP_DATA", ROOT.parent / "shared" / "data"))


def pytest_report_header() -> str:
    root = data_root()
    return f"real scans: {root if root.is_dir() else f'ABSENT ({root}); set MEDVLP_DATA'}"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real scans; the test is skipped, with the reason, when they are absent."""
    root = data_root()
    if not root.is_dir():
        pytest.skip(f"real scans are absent: {root} (set MEDVLP_DATA)")
    return root


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> object:
    """``FakeModel()`` of tests/support/fake_model.py: a model without torch, with known maps.

    The module itself becomes importable as ``fake_model``, also in child processes, so that
    ``type(fake_model)(delay=1.0)`` makes other ones.
    """
    support = str(ROOT / "tests" / "support")
    monkeypatch.syspath_prepend(support)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join(filter(None, [support, os.environ.get("PYTHONPATH")]))
    )
    return import_module("fake_model").FakeModel()


@pytest.fixture
def archives(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module ``tests/support/archives.py``."""
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "support"))
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("TOKEN", "USER", "PASSWORD"):
        monkeypatch.delenv(f"MEDVLP_DICOMWEB_{name}", raising=False)
    return import_module("archives")
