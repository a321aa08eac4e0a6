"""The whole line for one scan."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from medvlp import Session
from medvlp.errors import (
    Cancelled,
    MedVLPError,
    ModelMismatchError,
    ModelNotFoundError,
    UnreadableScanError,
)
from medvlp.geometry import Geometry
from medvlp.scan import Scan


@pytest.fixture
def scan() -> Scan:
    array = np.full((20, 24, 28), -100, np.int16)
    array[:, 2:10, 4:24] = -700
    array[6:12, 12:18, 16:24] = 10
    return Scan(array, Geometry.axial(array.shape, (4.0, 3.0, 3.0)), "CT", "HU")


def test_a_question_encodes_once_and_later_ones_reuse_it(fake_model, scan):
    session = Session(fake_model)
    session.open(scan)
    first = session.ask("pleural effusion")[0]
    second = session.ask(["pleural effusion", "left lung"])
    session.score(None)
    assert fake_model.encoded == 1
    assert scan.array[first.peak_index] == 10
    assert np.array_equal(first.values, second[0].values)
    assert set(session.timings) >= {"open", "encode", "query", "score"}
    assert session.encode() is session.encoding


def test_another_scan_is_encoded_anew(fake_model, scan):
    session = Session(fake_model)
    session.open(scan)
    before = session.encode()
    session.open(Scan(scan.array[::-1], scan.geometry, "CT", "HU"))
    assert session.encoding is None
    assert session.encode() is not before


def test_without_a_scan_it_says_what_to_do(fake_model):
    with pytest.raises(MedVLPError, match=r"Session\.open"):
        Session(fake_model).ask(["liver"])


def test_a_scan_that_cannot_be_read_leaves_the_open_one(fake_model, scan, tmp_path):
    session = Session(fake_model)
    session.open(scan)
    session.encode()
    with pytest.raises(UnreadableScanError):
        session.open(tmp_path / "missing")
    assert session.scan is scan
    assert session.encoding is not None


def test_a_model_that_does_not_know_the_modality_is_named(fake_model, scan):
    fake_model.modalities = ("XR",)
    session = Session(fake_model)
    session.open(scan)
    with pytest.raises(ModelMismatchError, match=r"knows XR.*is CT"):
        session.encode()


def test_a_cancelled_encoding_can_be_started_again(fake_model, scan):
    session = Session(fake_model)
    session.open(scan)

    def cancel(fraction, message):
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        session.encode(cancel)
    assert session.encoding is None
    assert session.encode() is not None


@pytest.fixture
def loader(monkeypatch, fake_model):
    """``medvlp.models.load`` that knows "fake" and nothing else; lists what was asked of it."""
    module, asked = ModuleType("medvlp.models.load"), []

    def load_model(name, *, device="auto"):
        asked.append((name, device))
        if name not in (None, "fake"):
            raise ModelNotFoundError(f"No model {name}.")
        return type(fake_model)()

    module.load_model = load_model
    monkeypatch.setitem(sys.modules, "medvlp.models.load", module)
    return asked


def test_a_model_is_loaded_when_first_needed(loader, scan):
    session = Session("fake", device="cpu")
    session.open(scan)
    assert loader == []
    session.encode()
    session.ask(["liver"])
    assert loader == [("fake", "cpu")]
    assert "load_model" in session.timings


def test_the_cache_is_the_models_and_can_be_turned_off(fake_model, scan):
    told = []
    encode = fake_model.encode

    def spy(scan, *, progress=None, cache=True):
        told.append(cache)
        return encode(scan, progress=progress, cache=cache)

    fake_model.encode = spy
    for cache in (True, False):
        session = Session(fake_model, cache=cache)
        session.open(scan)
        session.encode()
    assert told == [True, False]


def test_changing_the_model_keeps_the_scan_and_drops_the_encoding(loader, fake_model, scan):
    session = Session(fake_model)
    session.open(scan)
    before = session.encode()
    session.use_model("fake")
    assert session.scan is scan
    assert session.encode() is not before


def test_a_model_that_cannot_be_loaded_leaves_the_one_in_use(loader, fake_model, scan):
    session = Session(fake_model)
    session.open(scan)
    session.encode()
    with pytest.raises(ModelNotFoundError):
        session.use_model("no-such-model")
    assert session.model is fake_model
    assert session.encoding is not None


def test_a_model_for_another_kind_of_scan_is_refused_and_leaves_the_one_in_use(fake_model, scan):
    session = Session(fake_model)
    session.open(scan)
    before = session.encode()
    other = type(fake_model)()
    other.modalities = ("XR",)
    with pytest.raises(ModelMismatchError, match="knows XR; this scan is CT"):
        session.use_model(other, modality="CT")
    assert session.model is fake_model
    assert session.encode() is before
    session.use_model(other, modality="XR")
    assert session.model is other
