"""Every published layout as a tiny checkpoint: as downloaded, as imported, and loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from published_layouts import LAYOUTS, SMALLER, write_bridged


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read from, or written to, the folders of the person who runs the tests."""
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``published("clip")``: a folder as it would be downloaded, made once. Not to be changed."""
    made: dict[str, Path] = {}

    def get(layout: str) -> Path:
        if layout not in made:
            made[layout] = LAYOUTS[layout](tmp_path_factory.mktemp(layout))
        return made[layout]

    return get


@pytest.fixture
def own_copy(published: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """``own_copy("clip")``: the same, for a test that damages it."""
    import shutil

    return lambda layout: Path(shutil.copytree(published(layout), tmp_path / f"own-{layout}"))


@pytest.fixture(scope="session")
def imported(
    published: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """``imported("clip")``: the model folder of the published one, made once."""
    from medvlp.models.backends.importing import convert, identify

    made: dict[str, Path] = {}

    def get(layout: str) -> Path:
        if layout not in made:
            folder = tmp_path_factory.mktemp(f"model-{layout}")
            known = identify(published(layout))
            make = write_bridged if layout == "raddino" else convert
            make(published(layout), folder, f"tiny-{layout}", known, SMALLER.get(layout))
            made[layout] = folder
        return made[layout]

    return get


@pytest.fixture(scope="session")
def loaded(imported: Callable[[str], Path]) -> Callable[[str], object]:
    """``loaded("clip")``: the model on the processor, in float32, made once."""
    from medvlp.models import device
    from medvlp.models.backends.loading import load_published

    made: dict[str, object] = {}

    def get(layout: str) -> object:
        if layout not in made:
            exact = device.Placement("cpu", torch.float32)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("medvlp.models.memory.choose_device", lambda wanted: exact)
                made[layout] = load_published(imported(layout), "cpu")
        return made[layout]

    return get
