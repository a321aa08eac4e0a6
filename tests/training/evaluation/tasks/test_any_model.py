"""Tasks on shards by a published model: what it sees and says is used, and nothing of a run's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from published_layouts import LAYOUTS

from medvlp.errors import MedVLPError
from medvlp.models.backends.importing import convert, identify
from medvlp.models.load import load_model
from medvlp_training.evaluation.cli import evaluate
from medvlp_training.evaluation.tasks import organs, pointing, probe, prompts, retrieval, zero_shot
from medvlp_training.evaluation.tasks.any_model import AnyModel, any_model
from medvlp_training.evaluation.tasks.organs_of_model import organ_vectors
from medvlp_training.samples.shard_set import open_shards


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``published("clip")``: the model folder of a tiny published model."""

    def make(layout: str) -> Path:
        source = LAYOUTS[layout](tmp_path_factory.mktemp(layout))
        folder = tmp_path_factory.mktemp(f"model-{layout}")
        convert(
            source, folder, f"tiny-{layout}", identify(source), {"ct_windows": [[-500, 700]] * 3}
        )
        manifest = folder / "manifest.json"
        manifest.write_text(
            manifest.read_text().replace('"must_accept": true', '"must_accept": false')
        )
        return folder

    return make


@pytest.fixture(scope="module")
def clip(published) -> Path:
    return published("clip")


@pytest.fixture
def subject(clip: Path, shards: Path) -> AnyModel:
    return any_model(load_model(clip, device="cpu"), open_shards(shards))


def test_images_are_told_apart_by_a_probe_of_their_whole_vectors(subject):
    table, found = probe.evaluate(subject, shares=(1.0,))
    assert "| - | 0.50 |" in table  # no encoder without training stands beside it
    assert found["probe"]["XR"]["1"]["model"]["mean"]["value"] > 0.9
    assert "random weights" not in found["probe"]["XR"]["1"]


def test_the_questions_are_asked_in_words_alone(subject):
    _, found = zero_shot.evaluate(subject)
    areas = found["zero_shot"]["XR"]["findings"]["pleural_effusion"]
    assert areas["V+ / V-"]["value"] is None
    assert all(area["value"] is not None for form, area in areas.items() if form != "V+ / V-")
    assert prompts.evaluate(subject)[1]["prompts"]["XR"]["pleural_effusion"]["lowest"] is not None


def test_similarities_are_the_models_own(subject):
    samples = subject.samples("XR")[:2]
    images, texts = subject.image_vectors(samples), subject.text_vectors(["a", "no effusion"])
    encoding = subject.encode(samples[1])
    expected = subject.model.embed_text(["no effusion"])[0] @ encoding.pooled
    assert float(images[1] @ texts[1]) == pytest.approx(float(expected), abs=1e-5)
    assert {"CT", "XR"} == set(retrieval.evaluate(subject)[1]["retrieval"])


def test_a_map_lies_on_the_whole_scan(subject, phantom):
    film = phantom("XR", 1)
    heat = subject.heats(film, ["pleural_effusion"])["pleural_effusion"]
    assert heat.shape == film.image.shape
    assert 0 <= heat.min() <= heat.max() <= 1
    table, _ = pointing.evaluate(subject)
    assert "| CT | pleural_effusion |" in table


def test_an_organs_vector_is_the_mean_of_its_cells(subject, phantom):
    film = phantom("XR", 1)
    corner = np.zeros(film.image.shape, np.uint8)
    corner[:16, :16] = 1
    encoding = subject.encode(film)
    organ = type(film)(**{**vars(film), "organs": corner})
    (vector, both), held = organ_vectors(encoding, organ, ("lung_left", "lungs"))
    cell = encoding.grid[0, 0].astype(np.float32)
    assert held.all()
    np.testing.assert_allclose(vector, cell / np.linalg.norm(cell), atol=2e-3)
    np.testing.assert_array_equal(both, vector)  # all of the lungs that is labelled
    table, _ = organs.evaluate(subject)
    assert "recognise: lung_left" in table


@pytest.mark.parametrize(
    ("task", "why"), [("transfer", "trains decoders"), ("slices", "run of UniMedI")]
)
def test_what_makes_no_sense_for_it_is_refused_with_the_reason(task, why, clip, shards):
    with pytest.raises(MedVLPError, match=f"Task '{task}' .*{why}.*found 'tiny-clip'"):
        evaluate(task, shards, ["small", str(clip)])  # before the first one is asked


def test_two_published_models_stand_side_by_side(clip, published, shards, tmp_path, capsys):
    out = tmp_path / "figures.json"
    evaluate("retrieval", shards, [str(clip), str(published("siglip"))], out, images="XR")
    assert (
        "| figure | tiny-clip | tiny-siglip | tiny-siglip - tiny-clip |" in capsys.readouterr().out
    )
    assert json.loads(out.read_text())["model"].count("@") == 2
