"""Samples of both kinds with every field filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp_training.samples.sample import (
    ABSENT,
    PRESENT,
    UNCERTAIN,
    Box,
    Entity,
    ImageTextSample,
    OrganStatement,
)

MakeSample = Callable[..., ImageTextSample]


def _ct(number: int) -> ImageTextSample:
    rng = np.random.default_rng(number)
    image = rng.integers(-1024, 1500, (5, 7, 6)).astype(np.int16)
    organs = np.zeros(image.shape, np.uint8)
    organs[1:3, 2:5, 1:4] = 5
    lesion = rng.random(image.shape) < 0.2
    return ImageTextSample(
        identity=f"ct-{number}",
        patient=f"patient-{number}",
        modality="CT",
        image=image,
        affine=np.array(Geometry.axial(image.shape, (3.0, 0.7, 0.8), (1.0, -2.0, 5.0)).affine),
        sentences=("A cyst of the left kidney – 12 mm.", "No pleural effusion."),
        labels={"renal_cyst": PRESENT, "pleural_effusion": ABSENT, "ascites": UNCERTAIN},
        organs=organs,
        organ_names={5: "liver"},
        lesions={"renal_cyst": lesion},
        boxes=(Box("renal_cyst", (0, 1, 2), (3, 4, 5), "A cyst."),),
        entities=(Entity(1, 3, 19, "pleural_effusion", ABSENT),),
        statements=(OrganStatement("kidney_left", "A cyst of the left kidney", True),),
        source="made",
    )


def _xr(number: int) -> ImageTextSample:
    rng = np.random.default_rng(number)
    return ImageTextSample(
        identity=f"xr-{number}",
        patient=f"patient-{number}",
        modality="XR",
        image=rng.integers(0, 255, (9, 8)).astype(np.uint8),
        labels={"pneumothorax": PRESENT},
        source="made/PA",
    )


@pytest.fixture
def make_sample() -> MakeSample:
    """``make_sample("CT" or "XR", number, **changes)``."""

    def make(modality: str = "XR", number: int = 0, **changes: Any) -> ImageTextSample:
        return replace(_ct(number) if modality == "CT" else _xr(number), **changes)

    return make
