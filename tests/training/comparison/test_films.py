from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.comparison import films as module
from medvlp_training.comparison.films import Counts, films, smaller_base
from medvlp_training.comparison.splits import comparison_split
from medvlp_training.simulation.radiograph.bases import SIZE, Base


def _base(patient: str, own: tuple[str, ...] = ()) -> Base:
    """Two lungs of different heights, darker than what surrounds them."""
    rows, columns = np.indices((SIZE, SIZE))
    left = (np.abs(rows - 190) < 130) & (np.abs(columns - 270) < 55)
    right = (np.abs(rows - 180) < 110) & (np.abs(columns - 110) < 60)
    heart = (np.abs(rows - 240) < 60) & (np.abs(columns - 210) < 45)
    image = np.where(left | right, 0.3, 0.7).astype(np.float32)
    image += 0.02 * np.random.default_rng(0).standard_normal(image.shape).astype(np.float32)
    absent = tuple(name for name in module.FINDINGS if name not in own)
    return Base(
        patient,
        patient,
        "jsrt",
        "PA",
        image,
        left,
        right,
        heart,
        {},
        (0, SIZE, 0, SIZE),
        absent,
        own,
    )


def _patient(split: str) -> str:
    return next(name for n in range(1000) if comparison_split(name := f"p{n}") == split)


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> list[Base]:
    own = [_base(_patient(split)) for split in ("train", "val", "test")]
    monkeypatch.setattr(module, "jsrt_bases", lambda data: own)
    return own


def _films(tmp_path, seed: int = 3):
    return list(films(tmp_path, Counts(12, 1, 3), seed))


def test_a_host_keeps_its_sides_when_it_is_made_smaller():
    small = smaller_base(_base("p"))
    assert small.image.shape == (192, 192)
    assert np.nonzero(small.lung_left)[1].min() > np.nonzero(small.lung_right)[1].max()
    assert small.image[90, 60] == pytest.approx(0.3, abs=0.05)


def test_splits_share_no_host(tmp_path, hosts):
    found = {(film.identity.split("-")[0], film.patient) for film in _films(tmp_path)}
    assert found == {(split, _patient(split)) for split in ("train", "val", "test")}


def test_the_same_seed_gives_the_same_films(tmp_path, hosts):
    first, again, other = _films(tmp_path), _films(tmp_path), _films(tmp_path, seed=4)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(first, again, strict=True))
    assert [f.sentences for f in first] == [f.sentences for f in again]
    assert not all(np.array_equal(a.image, b.image) for a, b in zip(first, other, strict=True))


def test_labels_report_and_masks_agree(tmp_path, hosts):
    for film in _films(tmp_path):
        present = {name for name, state in film.labels.items() if state == 1}
        assert present == set(film.lesions)
        assert all(mask.any() for mask in film.lesions.values())
        said = {e.concept for e in film.entities if e.state == 1} & set(module.FINDINGS)
        denied = {e.concept for e in film.entities if e.state == 0} & set(module.FINDINGS)
        assert not denied & present
        assert said <= present
        assert film.sentences


def test_a_host_with_a_nodule_says_nothing_of_nodules(tmp_path, monkeypatch):
    own = [_base(_patient(split), ("lung_nodule",)) for split in ("train", "val", "test")]
    monkeypatch.setattr(module, "jsrt_bases", lambda data: own)
    for film in _films(tmp_path):
        assert "lung_nodule" not in film.labels
        assert not any("nodul" in sentence for sentence in film.sentences)
