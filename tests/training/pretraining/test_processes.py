"""Runs in real child processes: killed, or two of them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from medvlp.errors import MedVLPError
from medvlp_training.datasets.xray import XRCase, write_xr
from medvlp_training.pretraining.journal import read_log
from medvlp_training.pretraining.processes import check_launch
from medvlp_training.pretraining.run import train
from medvlp_training.samples.shard_writer import write_shards

STEPS = 8
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


@pytest.fixture
def write_config(tmp_path, make_config, make_sample):
    """``write_config(name, objective)``: a configuration file over sample shards on disk."""
    shards = tmp_path / "shards"
    write_shards([make_sample(kind, n) for kind in ("CT", "XR") for n in range(8)], shards)

    def make(name: str, objective: str = "clip", **optimisation) -> Path:
        config = make_config(
            objective=objective, out=str(tmp_path / name),
            data={"shards": [str(shards)], "validation_share": 0.0},
            optimisation={"steps": STEPS} | optimisation,
            output={"validation_batches": 0, "save_every": 3},
        )  # fmt: skip
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump(config.model_dump(mode="json")))
        return path

    return make


def values(folder: Path, name: str = "loss") -> list[float]:
    entries = [entry for entry in read_log(folder) if entry["event"] == "train"]
    assert [entry["step"] for entry in entries] == list(range(1, len(entries) + 1))
    return [entry[name] for entry in entries]


def child(config: Path, *launcher: str) -> list[str]:
    return [sys.executable, "-m", *launcher, "medvlp_training.pretraining", str(config), "--cpu"]


def test_a_killed_run_goes_on_with_the_losses_of_one_that_was_not(write_config, tmp_path):
    torch.set_num_threads(1)
    train(write_config("whole"), cpu=True)
    expected = values(tmp_path / "whole")
    command = child(write_config("killed"))
    process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    first = tmp_path / "killed" / "checkpoints" / "step-00000003"
    deadline = time.monotonic() + 240
    while not first.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 3 <= len(values(tmp_path / "killed")) < STEPS
    subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, timeout=240)
    assert values(tmp_path / "killed") == expected


LAUNCHERS = {
    "torchrun": ("torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m"),
    "accelerate": (
        "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1",
        "--main_process_port", "0", "-m",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("launcher", "objective", "steps"), [("torchrun", "lovt", 4), ("accelerate", "clip", 2)]
)
def test_two_processes_train_as_one_does_on_the_joined_batch(
    launcher, objective, steps, write_config, tmp_path
):
    """LoVT: its batch normalisation would differ if each process saw its own samples alone."""
    train(write_config("one", objective, steps=steps), cpu=True)
    config = write_config("two", objective, steps=steps, part_size=1)
    command = child(config, *LAUNCHERS[launcher])
    subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, timeout=280)
    assert (tmp_path / "two" / "process-1").is_dir()
    # Not the weights: AdamW makes a whole step of a gradient that is nothing but rounding.
    for name in ("loss", "gradient_norm"):
        one, two = (values(tmp_path / folder, name) for folder in ("one", "two"))
        np.testing.assert_allclose(two, one, rtol=1e-4, err_msg=name)


def test_a_launch_that_starts_one_process_instead_of_several_is_refused(
    monkeypatch, tmp_path, caplog
):
    from medvlp_training.pretraining.__main__ import main

    one_of_two = {"ACCELERATE_USE_CPU": "True", "MASTER_PORT": "29500"}
    with pytest.raises(MedVLPError, match="has started one process"):
        check_launch(one_of_two)
    check_launch(one_of_two | {"WORLD_SIZE": "2"})
    check_launch(one_of_two | {"PMI_SIZE": "2"})
    check_launch({"ACCELERATE_USE_CPU": "True"})
    check_launch({"MASTER_PORT": "29500"})
    for name, value in one_of_two.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert main([str(tmp_path / "any.yaml")]) == 3
    assert "torchrun" in caplog.text


def test_a_wrong_configuration_ends_with_one_sentence_and_a_status(tmp_path, capsys, caplog):
    from medvlp_training.pretraining.__main__ import main

    path = tmp_path / "config.yaml"
    path.write_text("objective: lovt\n")
    assert main([str(path)]) == 3
    assert "out: Field required" in caplog.text


def test_case_files_are_samples_with_text_and_organs(tmp_path, make_config):
    from medvlp_training.pretraining.sources import open_source

    masks = {"heart": np.zeros((32, 32), bool), "pneumothorax": np.zeros((32, 32), bool)}
    masks["heart"][8:20, 8:20] = masks["pneumothorax"][2:6, 2:6] = True
    case = XRCase(
        "p", np.full((32, 32), 9, np.uint8), masks, present=frozenset({"pneumothorax"}),
        absent=frozenset({"pleural_effusion"}),
    )  # fmt: skip
    write_xr(tmp_path / "a.safetensors", case)
    config = make_config(
        data={"shards": [], "xr": str(tmp_path / "*.safetensors"), "shares": {"XR": 1}}
    )
    source = open_source(config.data)
    sample = source.read(0)
    assert sample.labels == {"pneumothorax": 1, "pleural_effusion": 0}
    assert list(sample.organ_names.values()) == ["heart"]
    assert (sample.organs > 0).sum() == 144
    assert set(sample.lesions) == {"pneumothorax"}
    assert source.describe(0).labels == sample.labels
    assert source.describe(0).image.size == 0
