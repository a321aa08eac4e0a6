from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from medvlp.errors import MedVLPError, ModelMismatchError, UnreadableScanError
from medvlp.models.folder import model_info
from medvlp.models.load import load_model
from medvlp.models.text_vectors import TEXT_VECTORS, read_text_vectors
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.datasets.xray import XRCase, read_xr, write_xr
from medvlp_training.engine.average import WeightAverage
from medvlp_training.engine.config import TrainingConfig, read_config
from medvlp_training.engine.data import CTDraw, XRDraw
from medvlp_training.engine.export import export, seal
from medvlp_training.engine.train import AVERAGE, Run, learning_rate, train
from medvlp_training.text.shipped import keep_tower


@pytest.fixture(autouse=True)
def small_crops(monkeypatch):
    monkeypatch.setattr(
        "medvlp_training.datasets.augment_ct.random_crop.__defaults__", (((32, 32, 32),),)
    )


def test_a_run_can_be_exported_and_loaded(config_path, tmp_path):
    train(config_path)
    log = [json.loads(line) for line in (tmp_path / "run" / "state" / "step.json").open()]
    assert log == [{"step": 6}]
    export(tmp_path / "run", tmp_path / "model")
    model = load_model(tmp_path / "model", device="cpu")
    assert model.name == "test"
    assert model.embed_text(["liver"]).shape == (1, 16)


def test_an_interrupted_run_ends_where_an_uninterrupted_one_does(config_path, tmp_path):
    train(config_path)
    settings = json.loads(config_path.read_text())
    stopped = tmp_path / "stopped.json"
    stopped.write_text(json.dumps(settings | {"out": str(tmp_path / "again")}))
    first = Run(read_config(stopped))
    from medvlp_training.engine.data import stream

    ct, xr = stream(first.config, "ct", 0), stream(first.config, "xr", 0)
    for _ in range(3):
        first.advance(ct, xr)
    first.save()
    train(stopped)
    one = Run(read_config(config_path)).average.weights
    two = Run(read_config(stopped)).average.weights
    for name, weight in one.items():
        torch.testing.assert_close(weight, two[name], atol=2e-3, rtol=2e-2)


def test_the_text_tower_is_not_moved(config_path):
    run = Run(read_config(config_path))
    before = {k: v.clone() for k, v in run.model.text.state_dict().items()}
    from medvlp_training.engine.data import stream

    run.advance(stream(run.config, "ct", 0), stream(run.config, "xr", 0))
    for name, weight in run.model.text.state_dict().items():
        assert torch.equal(weight, before[name])
    assert any(p.grad is None for p in run.model.text.parameters())


def _going_on(config_path, tmp_path, **changes):
    """Configuration of a new run that starts from a finished one, with the tower of that model."""
    train(config_path)
    export(tmp_path / "run", tmp_path / "model")
    keep_tower(tmp_path / "model", tmp_path / "own_tower")
    settings = json.loads(config_path.read_text()) | {
        "start_from": str(tmp_path / "model"),
        "text_tower": str(tmp_path / "own_tower"),
        "out": str(tmp_path / "next"),
    }
    path = tmp_path / "next.json"
    path.write_text(json.dumps(settings | changes))
    return path


def test_a_run_starts_from_a_finished_model(config_path, tmp_path):
    path = _going_on(config_path, tmp_path)
    finished = load_model(tmp_path / "model", device="cpu").network.state_dict()
    started = Run(read_config(path))
    for weights in (started.model.state_dict(), started.average.weights):
        for name, weight in weights.items():
            torch.testing.assert_close(weight.cpu(), finished[name].float(), rtol=0, atol=0)


def test_a_run_that_goes_on_keeps_its_own_weights(config_path, tmp_path):
    path = _going_on(config_path, tmp_path)
    train(path)
    again, kept = Run(read_config(path)), load_file(tmp_path / "next" / "state" / AVERAGE)
    for name, weight in again.average.weights.items():
        torch.testing.assert_close(weight.cpu(), kept[name], rtol=0, atol=0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"text_tower": "tower"}, "medvlp_training.text.shipped"), ({"size": "small"}, "other sizes")],
)
def test_a_run_refuses_weights_that_do_not_fit(config_path, tmp_path, changes, said):
    if "text_tower" in changes:
        changes = {"text_tower": str(tmp_path / changes["text_tower"])}
    with pytest.raises(ModelMismatchError, match=said):
        Run(read_config(_going_on(config_path, tmp_path, **changes)))


def test_held_out_patients_are_never_drawn(config_path, tmp_path):
    held_out = next(str(i) for i in range(1000) if is_held_out(str(i)))
    image = np.zeros((96, 96), dtype=np.uint8)
    write_xr(tmp_path / "xr" / "held.safetensors", XRCase(held_out, image))
    draw = XRDraw(read_config(config_path))
    assert held_out not in {read_xr(path).patient for group in draw.cases.groups for path in group}


def test_a_sample_depends_on_the_seed_and_its_number_only(config_path):
    draw = CTDraw(read_config(config_path))
    first, second = (draw(np.random.default_rng((0, 1, 7))) for _ in range(2))
    torch.testing.assert_close(first.image, second.image)
    assert torch.equal(first.cells, second.cells)


def test_the_learning_rate_rises_and_falls(config_path):
    config: TrainingConfig = read_config(config_path).model_copy(
        update={"steps": 100, "warmup": 10}
    )
    rates = [learning_rate(s, config) for s in range(100)]
    assert rates.index(max(rates)) in (9, 10)
    assert rates[-1] < 0.05 * max(rates)


def test_the_average_follows_the_weights_slowly():
    module = torch.nn.Linear(2, 2)
    average = WeightAverage(module, 0.9)
    start = module.weight.detach().clone()
    with torch.no_grad():
        module.weight += 1
    for _ in range(200):
        average.update(module)
    torch.testing.assert_close(average.weights["weight"], start + 1, atol=1e-3, rtol=0)


def test_a_wrong_setting_is_named(tmp_path):
    path = tmp_path / "c.json"
    path.write_text('{"steps": "many"}')
    with pytest.raises(MedVLPError, match="steps"):
        read_config(path)
    with pytest.raises(MedVLPError, match="cannot be read"):
        read_config(tmp_path / "none.json")


def test_an_exported_folder_brings_the_vectors_that_its_tower_makes(config_path, tmp_path):
    train(config_path)
    export(tmp_path / "run", tmp_path / "model")
    kept = read_text_vectors(tmp_path / "model", model_info(tmp_path / "model").sha256)
    texts = ["pleural effusion", "the left kidney"]
    (tmp_path / "model" / TEXT_VECTORS).unlink()
    seal(tmp_path / "model", "small", 1)
    made = load_model(tmp_path / "model", device="cpu").embed_text(texts)
    np.testing.assert_allclose([kept[text] for text in texts], made, atol=1e-6)


def test_a_run_refuses_a_film_among_its_ct_before_the_first_step(config_path, tmp_path):
    shutil.copy(next((tmp_path / "xr").glob("*.safetensors")), tmp_path / "ct" / "film.safetensors")
    with pytest.raises(UnreadableScanError, match=r"film\.safetensors: expected medvlp/ct-case/1"):
        train(config_path)
    assert not (tmp_path / "run" / "state").exists()
