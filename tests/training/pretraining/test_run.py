from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from medvlp.errors import MedVLPError
from medvlp_training.pretraining.folder import read_run_config
from medvlp_training.pretraining.journal import Journal, read_log
from medvlp_training.pretraining.load import load_run
from medvlp_training.pretraining.run import Run
from medvlp_training.pretraining.source import MemorySource


@pytest.fixture
def make_run(samples, make_config):
    def make(source=None, **changes) -> Run:
        return Run(make_config(**changes), source or MemorySource(samples), Accelerator(cpu=True))

    return make


def losses(folder) -> dict[int, float]:
    return {e["step"]: e["loss"] for e in read_log(folder) if e["event"] == "train"}


def test_a_resumed_run_gives_the_losses_of_an_uninterrupted_one(make_run, tmp_path):
    whole = make_run(out=tmp_path / "whole")
    whole.train()
    cut = make_run(out=tmp_path / "cut")
    original = cut.trainer.advance

    def stop_before_the_fourth_step(batch):
        if cut.trainer.step == 4:
            raise KeyboardInterrupt
        return original(batch)

    cut.trainer.advance = stop_before_the_fourth_step
    with pytest.raises(KeyboardInterrupt):
        cut.train()
    resumed = make_run(out=tmp_path / "cut")
    assert resumed.trainer.step == 4
    resumed.train()
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    assert len(losses(tmp_path / "cut")) == 6
    for name, value in whole.trainer.objective.state_dict().items():
        assert torch.equal(value, resumed.trainer.objective.state_dict()[name]), name
    for name, value in whole.trainer.average.state_dict().items():
        assert torch.equal(value, resumed.trainer.average.state_dict()[name]), name


def test_the_folder_says_everything_about_the_run(make_run, tmp_path):
    run = make_run(output={"save_every": 1, "tensorboard": True})
    run.train()
    folder = run.config.out
    assert read_run_config(folder).digest() == run.config.digest()
    kept = run.checkpoints.steps()
    best = run.progress.best_step
    assert kept == sorted({5, 6, best})
    names = {path.name for path in run.checkpoints.path(6).iterdir()}
    assert names == {
        "model.safetensors", "average.safetensors", "optimiser.safetensors", "state.json"
    }  # fmt: skip
    events = [e["event"] for e in read_log(folder)]
    assert events.count("train") == 6
    assert events.count("validation") == 2
    assert list((folder / "tensorboard").glob("events.*"))
    values = json.loads((folder / "config.json").read_text())
    values["seed"] = 5
    (folder / "config.json").write_text(json.dumps(values))
    with pytest.raises(MedVLPError, match="was changed after the run"):
        read_run_config(folder)


def test_a_trained_run_is_read_back_with_its_average_and_its_preprocessing(make_run, samples):
    run = make_run()
    run.train()
    trained = load_run(run.config.out)
    weights = dict(trained.objective.named_parameters())
    for name, value in run.trainer.average.weights.items():
        assert torch.equal(weights[name], value), name
    assert not trained.objective.training
    batch = trained.collator(samples[:2], [np.random.default_rng(0)] * 2)
    with torch.no_grad():
        vectors = trained.objective.image_vectors(trained.objective.encode(batch), batch)
    assert torch.isfinite(vectors).all()
    assert load_run(run.config.out, "best").step == run.progress.best_step


def test_another_configuration_does_not_enter_the_folder(make_run):
    make_run()
    with pytest.raises(MedVLPError, match=r"optimisation\.learning_rate, seed differ"):
        make_run(seed=3, optimisation={"learning_rate": 0.1})


def test_a_step_that_is_not_finite_changes_nothing_and_too_many_stop_the_run(make_run):
    run = make_run(optimisation={"max_bad_steps": 2})
    batch = run.training[0].batch
    run.trainer.advance(batch)
    objective = run.trainer.objective
    before = {n: v.clone() for n, v in objective.state_dict().items()}
    forward = objective.forward
    objective.forward = lambda r, b: {"contrastive": forward(r, b)["contrastive"] * torch.inf}
    report = run.trainer.advance(batch)
    assert report.faults == ["contrastive"]
    assert all(torch.equal(v, before[n]) for n, v in objective.state_dict().items())
    with pytest.raises(MedVLPError, match=r"2 steps in a row were not finite \(last: contrastive"):
        run.trainer.advance(batch)


def test_a_gradient_that_is_not_finite_skips_the_step_too(make_run):
    run = make_run()
    objective = run.trainer.objective
    batch = run.training[0].batch
    before = {n: p.detach().clone() for n, p in objective.named_parameters()}
    hook = objective.model.vision.norm.weight.register_hook(lambda g: g * torch.nan)
    report = run.trainer.advance(batch)
    assert report.faults == ["gradient"]
    assert all(torch.equal(p, before[n]) for n, p in objective.named_parameters())
    hook.remove()
    assert run.trainer.advance(batch).faults == []
    assert run.trainer.guard.count == 0


def test_a_damaged_checkpoint_is_named_with_what_to_do(make_run):
    run = make_run()
    run.train()
    (run.checkpoints.path(6) / "model.safetensors").write_bytes(b"short")
    with pytest.raises(
        MedVLPError, match=r"model.safetensors is damaged .* Remove this checkpoint"
    ):
        make_run()


def test_an_interrupted_writing_is_no_checkpoint(make_run):
    run = make_run()
    unfinished = run.checkpoints.folder / ".writing-4"
    unfinished.mkdir(parents=True)
    (unfinished / "model.safetensors").write_bytes(b"")
    assert run.checkpoints.steps() == []
    run.train()
    assert not unfinished.exists()


def test_a_log_is_cut_where_the_checkpoint_is(tmp_path):
    with Journal(tmp_path, 0, False) as journal:
        for step in (1, 2, 3):
            journal.write(step, "train", {"loss": float(step)})
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"step": 4, "eve')
    with Journal(tmp_path, 2, False) as journal:
        journal.write(3, "train", {"loss": 9.0})
    assert [(e["step"], e["loss"]) for e in read_log(tmp_path)] == [(1, 1.0), (2, 2.0), (3, 9.0)]


def test_frozen_text_does_not_move_and_prompts_do(make_run):
    run = make_run(text={"freeze": "all"})
    tower = run.trainer.objective.model.text
    before = {n: p.detach().clone() for n, p in tower.named_parameters()}
    for step in range(2):
        run.trainer.advance(run.training[step].batch)
    after = dict(tower.named_parameters())
    assert all(torch.equal(before[n], after[n]) for n in before if n.startswith("bert."))
    assert not torch.equal(before["prompts"], after["prompts"])


def test_more_frozen_layers_than_there_are_is_an_error(make_run):
    with pytest.raises(MedVLPError, match=r"text\.freeze is 6, but the text tower has 1 layers"):
        make_run(text={"freeze": 6})


@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_training_lowers_the_loss(make_run, precision):
    run = make_run(
        data={"shares": {"XR": 1.0}, "validation_share": 0.0},
        optimisation={"steps": 40, "batch_size": 2, "learning_rate": 3e-3, "precision": precision},
        output={"validation_batches": 0, "save_every": 40},
    )
    run.train()
    found = list(losses(run.config.out).values())
    assert np.mean(found[-10:]) < 0.9 * np.mean(found[:10])


@pytest.mark.parametrize("part_size", [None, 1])
def test_a_batch_of_one_and_an_all_normal_batch_train_without_nan(make_run, make_sample, part_size):
    normal = [make_sample("XR", 2 * n) for n in range(6)]
    run = make_run(
        MemorySource(normal),
        data={"shares": {"XR": 1.0}, "validation_share": 0.0},
        optimisation={"batch_size": 1, "steps": 3, "part_size": part_size},
    )
    run.train()
    assert all(np.isfinite(value) for value in losses(run.config.out).values())
    assert not [e for e in read_log(run.config.out) if e["event"] == "skipped_step"]
