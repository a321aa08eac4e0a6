from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from medvlp.grounding.calibration import Calibration
from medvlp_training.evaluation import calibrate
from medvlp_training.evaluation.asking import Unguarded


def test_two_in_a_hundred_validation_images_are_given_up() -> None:
    certain = [*np.linspace(0.90, 1.0, 101)]
    found = calibrate.domain_thresholds({"XR": certain, "CT": [0.99] * 7})
    assert found == {"XR": 0.902}  # a common threshold stays where images are few
    assert np.mean(np.array(certain) < found["XR"]) <= 0.02


def test_only_validation_images_are_encoded(monkeypatch, tmp_path) -> None:
    items = [SimpleNamespace(path=f"{p}.png", patient=p) for p in ("val", "test", "train")]
    monkeypatch.setattr(calibrate, "nih_items", lambda data: items)
    monkeypatch.setattr(calibrate, "jsrt_items", lambda data: [])
    monkeypatch.setattr(calibrate, "covid_films", lambda data: [("c1", "val"), ("c2", "test")])
    monkeypatch.setattr(calibrate, "is_validation", lambda patient: patient == "val")
    assert list(calibrate.validation_images(tmp_path)) == ["val.png", "c1"]


def test_asking_without_thresholds_forgets_those_of_one_kind_too() -> None:
    model = SimpleNamespace(calibration=Calibration(in_domain_by_modality={"XR": 0.9}))
    assert Unguarded(model).calibration.least_in_domain("XR") == 0  # type: ignore[arg-type]
