"""Tiny published models, imported, and as those who use them load them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from published_layouts import LAYOUTS, SMALLER, write_bridged

from medvlp.models import device
from medvlp.models.backends.importing import identify
from medvlp.models.backends.loading import load_published
from medvlp.models.backends.planar import PlanarModel
from medvlp.models.folder import model_info
from medvlp.models.install import Wishes, install
from medvlp.models.licences import accept


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the user's models are, for the whole session."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEDVLP_MODELS", str(folder))
        patch.setenv("MEDVLP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield folder


@pytest.fixture(scope="session")
def start(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``start("clip")``: the installed folder of a tiny model of that layout, made once."""
    made: dict[str, Path] = {}

    def get(layout: str) -> Path:
        if layout not in made:
            source = LAYOUTS[layout](tmp_path_factory.mktemp(layout))
            name, smaller = f"tiny-{layout}", SMALLER.get(layout) or {}
            if layout == "raddino":
                made[layout] = models_folder / name
                made[layout].mkdir()
                write_bridged(source, made[layout], name, identify(source), None)
                accept(model_info(made[layout]), models_folder)
            else:
                wishes = Wishes(name, overrides=smaller, accept_licence=True)
                made[layout] = install(source, wishes)
        return made[layout]

    return get


@pytest.fixture
def load_exactly() -> Callable[[Path], PlanarModel]:
    """``load_exactly(folder)``: on the processor, in float32."""

    def load(folder: Path) -> PlanarModel:
        exact = device.Placement("cpu", torch.float32)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("medvlp.models.memory.choose_device", lambda wanted: exact)
            model = load_published(folder, "cpu")
        assert isinstance(model, PlanarModel)
        return model

    return load
