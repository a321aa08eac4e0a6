"""Fixtures of the panels' tests: answers without a model. Without a display Qt draws offscreen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def answer() -> Callable[..., Any]:
    """``answer(text, probability)``: the parts of a Heatmap that a row shows."""

    def make(text: str, probability: float | None = 0.87, **changes: Any) -> Any:
        fields = {
            "query": SimpleNamespace(text=text),
            "probability": probability,
            "abstained": probability is None,
            "reason": "" if probability is not None else "outside what this model was trained on",
            "explanation": "",
            "peak_mm": (12.0, -30.0, 55.0),
            "peak_index": (1, 2, 3),
        }
        return SimpleNamespace(**fields | changes)

    return make
