"""Every model that the contract holds for, ours among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from medvlp.geometry import Geometry
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan


@dataclass(frozen=True)
class Backend:
    """A model under test, and its folder."""

    name: str
    model: GroundingModel
    folder: Path


BOTH = ("CT", "XR")
KNOWN = {
    "ours": BOTH,
    "clip": BOTH,
    "siglip": BOTH,
    "biomedclip": BOTH,
    "colipri": ("CT",),
    "biovil": ("XR",),
    "raddino": ("XR",),
    "ctclip": ("CT",),
    "merlin": ("CT",),
}
"""Every model, and the kinds of scan it takes."""
Get = Callable[[str], Backend]


@pytest.fixture(scope="session")
def ours_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our model at its tiny size, random weights."""
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers

    from medvlp.grounding.calibration import Calibration
    from medvlp.models.config import UnifiedConfig
    from medvlp.models.folder import write_manifest
    from medvlp.models.preprocessing import Preprocessing, XRPreprocessing
    from medvlp.models.unified import UnifiedModel

    folder = tmp_path_factory.mktemp("ours")
    torch.manual_seed(0)
    config = UnifiedConfig.of_size("tiny")
    UnifiedModel(config).to(torch.float16).save_pretrained(folder)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "pleural", "effusion", "lung", "nodule"]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    preprocessing = Preprocessing(xr=XRPreprocessing(image_size=config.image_size))
    (folder / "preprocessing.json").write_text(preprocessing.model_dump_json(by_alias=True))
    (folder / "prompts.json").write_text(json.dumps({"organs": {}}))
    Calibration.identity().save(folder / "calibration.json")
    (folder / "MODEL_CARD.md").write_text("# Tiny\n")
    write_manifest(folder, name="tiny", title="Tiny", modalities=["CT", "XR"], licence="none")
    return folder


@pytest.fixture
def get_backend(
    ours_folder: Path,
    imported: Callable[[str], Path],
    loaded: Callable[[str], GroundingModel],
) -> Get:
    """A model by its name."""

    def get(name: str) -> Backend:
        if name == "ours":
            from medvlp.models.load import load_model

            return Backend(name, load_model(ours_folder, device="cpu"), ours_folder)
        return Backend(name, loaded(name), imported(name))

    return get


@pytest.fixture(params=KNOWN)
def backend(request: pytest.FixtureRequest, get_backend: Get) -> Backend:
    """Each model in turn."""
    return get_backend(request.param)


@pytest.fixture(params=[name for name, kinds in KNOWN.items() if "CT" in kinds])
def for_ct(request: pytest.FixtureRequest, get_backend: Get) -> GroundingModel:
    """Each model that takes CT."""
    return get_backend(request.param).model


@pytest.fixture(params=[name for name, kinds in KNOWN.items() if "XR" in kinds])
def for_xr(request: pytest.FixtureRequest, get_backend: Get) -> GroundingModel:
    """Each model that takes X-rays."""
    return get_backend(request.param).model


@pytest.fixture(params=[name for name, kinds in KNOWN.items() if len(kinds) == 1])
def for_one_kind(request: pytest.FixtureRequest, get_backend: Get) -> GroundingModel:
    """Each model that takes CT alone, or X-rays alone."""
    return get_backend(request.param).model


@pytest.fixture(
    params=[(name, kind) for name, kinds in KNOWN.items() for kind in kinds], ids="-".join
)
def model_and_scan(
    request: pytest.FixtureRequest, get_backend: Get, make_scan: Callable[..., Scan]
) -> tuple[GroundingModel, Scan]:
    """Each model with a scan of each kind that it takes."""
    name, kind = request.param
    return get_backend(name).model, make_scan(kind)


AXIAL = Geometry.axial((28, 40, 48), (4.0, 3.0, 2.5), (-40.0, 30.0, -200.0))


def _oblique() -> Geometry:
    """Slices, rows and columns 20 degrees off the patient's axes, columns running to the right."""
    a, b = np.radians(20), np.radians(-12)
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    tilt = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    affine = np.eye(4)
    steps = turn @ tilt @ np.diag([-1.0, 1.0, 1.0])
    affine[:3, :3] = np.stack([steps[:, 2] * 4.0, steps[:, 1] * 3.0, steps[:, 0] * 2.5], axis=1)
    affine[:3, 3] = (70.0, -15.0, 120.0)
    return Geometry(AXIAL.shape, affine)


def _permuted() -> Geometry:
    """Stored as sagittal slices from the left, rows to the feet, columns to the back."""
    affine = np.zeros((4, 4))
    affine[:3, 0] = (-4.0, 0, 0)
    affine[:3, 1] = (0, 0, -3.0)
    affine[:3, 2] = (0, 2.5, 0)
    affine[:, 3] = (60.0, -80.0, 300.0, 1.0)
    return Geometry(AXIAL.shape, affine)


GEOMETRIES = {"axial": AXIAL, "oblique": _oblique(), "sagittal": _permuted()}
SHAPE_XR = (80, 64)


@pytest.fixture
def make_scan() -> Callable[..., Scan]:
    """``make_scan("CT", spot=(k, i, j), geometry="oblique")``: tissue, with a bright cube at an index."""
    return _make_scan


def _make_scan(modality: str, spot: tuple[int, ...] | None = None, geometry: str = "axial") -> Scan:
    rng = np.random.default_rng(3)
    if modality == "XR":
        image = 0.3 + 0.05 * rng.random(SHAPE_XR, dtype=np.float32)
        if spot is not None:
            image[tuple(slice(max(i - 5, 0), i + 6) for i in spot)] = 1.0
        return Scan(image, Geometry.radiograph(SHAPE_XR, (2.0, 2.5)), "XR", "normalised")
    array = rng.normal(30, 10, AXIAL.shape).astype(np.int16)
    if spot is not None:
        around = (slice(max(i - 3, 0), i + 4) for i in spot)
        array[tuple(around)] = 900
    return Scan(array, GEOMETRIES[geometry], "CT", "HU")
