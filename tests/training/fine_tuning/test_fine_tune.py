"""From a table of real X-rays to a model folder, on the tiny model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from fine_tuning_recipe import COLUMNS
from fine_tuning_recipe import recipe as write_recipe

from medvlp.errors import MedVLPError, ModelMismatchError
from medvlp.grounding.calibration import Calibration
from medvlp.models.folder import problems, write_manifest
from medvlp.models.weights import load_network
from medvlp_training.fine_tuning.plan import FineTuning
from medvlp_training.fine_tuning.run import fine_tune
from medvlp_training.fine_tuning.start import find_start
from medvlp_training.pretraining.journal import read_log
from medvlp_training.pretraining.run import Run

DATA = "crop_voxels: [16, 16, 16], max_tokens: 16, "
recipe = partial(write_recipe, data=DATA)


@pytest.fixture(scope="module")
def wishes(tmp_path_factory, tiny_start, write_csv, real_rows) -> FineTuning:
    """Half of the patients are held out: enough to calibrate on."""
    folder = tmp_path_factory.mktemp("fine-tuning")
    rows = [(*row, "val" if number % 2 else "train") for number, row in enumerate(real_rows)]
    table = write_csv(folder / "scans.csv", rows, COLUMNS)
    return FineTuning(tiny_start, table, recipe(folder), folder / "run", name="mine", cpu=True)


@pytest.fixture(scope="module")
def finished(wishes) -> Path:
    """The model folder of the command line."""
    from medvlp.cli import main

    options = {
        "--from": wishes.model, "--manifest": wishes.manifest, "--out": wishes.out, "--name": "mine"
    }  # fmt: skip
    arguments = [str(word) for pair in options.items() for word in pair]
    assert main(["train", wishes.recipe, *arguments, "--cpu"]) == 0
    return wishes.out / "model"


def losses(folder: Path) -> dict[int, float]:
    return {e["step"]: e["loss"] for e in read_log(folder) if e["event"] == "train"}


def test_the_model_is_imported_and_asked(finished, real_rows, tmp_path, monkeypatch, capsys):
    from medvlp.cli import main

    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    assert main(["models", "import", str(finished)]) == 0
    capsys.readouterr()
    asked = ["ground", str(real_rows[-1][0]), "pleural effusion", "--model", "mine", "--no-cache"]
    assert main([*asked, "--out", str(tmp_path / "maps"), "--format", "png"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["model"]["name"] == "mine"
    assert 0 <= report["results"][0]["probability"] <= 1
    assert Path(report["results"][0]["files"]["png"]).is_file()


def test_the_encoder_has_moved_and_texts_and_domain_have_not(finished, tiny_start):
    assert problems(finished) == []
    old, new = load_network(tiny_start).state_dict(), load_network(finished).state_dict()
    assert old.keys() == new.keys()
    moved = {name for name in old if not torch.equal(old[name], new[name])}
    assert "vision.layers.0.qkv.weight" in moved
    assert "vision.tokeniser_2d.stem.weight" not in moved
    assert {name.split(".")[0] for name in moved}.isdisjoint({"text", "domain"})


def test_probabilities_are_fitted_anew_or_gone(finished, tiny_start):
    before = Calibration.load(tiny_start / "calibration.json")
    after = Calibration.load(finished / "calibration.json")
    assert after.concepts["pleural_effusion/XR"] != before.concepts["pleural_effusion/XR"]
    assert "liver/CT" in before.concepts
    assert "liver/CT" not in after.concepts
    assert after.entry("pneumothorax", "XR") == after.concepts["default/XR"]
    assert after.in_domain == before.in_domain
    assert after.knows("pleural_effusion", "XR")
    assert not after.knows("pneumothorax", "XR")  # no training image has one


def test_the_card_says_what_is_calibrated_and_names_no_path(finished, wishes):
    card = (finished / "MODEL_CARD.md").read_text()
    assert "a curve of its own for: pleural_effusion/XR" in card
    assert "Nothing of the former model's calibration was kept" in card
    written = card + (finished / "training.json").read_text()
    assert str(wishes.manifest.parent) not in written
    assert {"own/labels", "own/drift"} <= set(read_log(wishes.out)[0])


def test_an_interrupted_run_gives_the_losses_and_weights_of_a_whole_one(
    finished, wishes, tmp_path, monkeypatch
):
    original = Run.save

    def die_after_the_first_step(self):
        original(self)
        if self.trainer.step == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(Run, "save", die_after_the_first_step)
    with pytest.raises(KeyboardInterrupt):
        fine_tune(replace(wishes, out=tmp_path / "cut"))
    monkeypatch.undo()
    again = fine_tune(replace(wishes, out=tmp_path / "cut"))
    assert losses(tmp_path / "cut") == losses(wishes.out)
    assert len(losses(tmp_path / "cut")) == 3
    whole, cut = (load_network(f).state_dict() for f in (finished, again.folder))
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


def test_too_few_held_out_images_leave_the_model_uncalibrated(
    wishes, write_table, real_rows, tmp_path
):
    few = [*real_rows[:4], *real_rows[-2:]]
    made = fine_tune(replace(wishes, manifest=write_table(few), out=tmp_path / "run", steps=1))
    assert Calibration.load(made.folder / "calibration.json").concepts == {}
    assert "Not calibrated" in (made.folder / "MODEL_CARD.md").read_text()
    with pytest.raises(MedVLPError, match="holds the images of another table"):
        fine_tune(replace(wishes, manifest=write_table(few[:-1]), out=tmp_path / "run", steps=1))


@pytest.mark.parametrize("objective", ["lovt", "mlip", "umcl", "unimedi", "flagship"])
def test_every_objective_can_fine_tune(wishes, finished, tmp_path, objective):
    shutil.copytree(wishes.out / "samples", tmp_path / "run" / "samples")
    chosen = recipe(tmp_path, objective)
    made = fine_tune(replace(wishes, recipe=chosen, out=tmp_path / "run", steps=1))
    assert problems(made.folder) == []


def test_ct_with_organ_masks_is_fine_tuned_by_ct_glip(tiny_start, real_data, write_csv, tmp_path):
    folder = real_data / "ct_totalseg"
    report = "The liver is enlarged. The kidneys are normal. No ascites."
    rows = [
        (folder / "example_ct.nii.gz", "CT", "p1", report, folder / "example_ct_seg_fast.nii.gz"),
        (folder / "example_ct_sm.nii.gz", "CT", "p2", report, ""),
    ]
    columns = ("image", "modality", "patient", "report", "organs", "split")
    table = [(*row, split) for row, split in zip(rows, ("train", "val"), strict=True)]
    path = write_csv(tmp_path / "ct.csv", table, columns)
    chosen = write_recipe(tmp_path, "ct_glip", data=DATA.replace("[16, 16, 16]", "[64, 48, 64]"))
    made = fine_tune(FineTuning(tiny_start, path, chosen, tmp_path / "run", steps=2, cpu=True))
    assert problems(made.folder) == []
    log = read_log(tmp_path / "run")
    assert all(abs(entry["own/drift"]) < 1 for entry in log if entry["event"] == "train")
    assert not [entry for entry in log if entry["event"] == "skipped_step"]


def test_full_fine_tuning_moves_more_than_matrices(wishes, finished, tiny_start, tmp_path):
    shutil.copytree(wishes.out / "samples", tmp_path / "run" / "samples")
    made = fine_tune(replace(wishes, method="full", out=tmp_path / "run", steps=2))
    old, new = load_network(tiny_start).state_dict(), load_network(made.folder).state_dict()
    assert not torch.equal(*(w["vision.tokeniser_2d.stem.weight"] for w in (old, new)))
    assert torch.equal(*(w["text.projection.weight"] for w in (old, new)))


def test_an_unknown_kind_of_model_is_refused_with_what_can_be_trained(tiny_start, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(tiny_start, folder)
    config = json.loads((folder / "config.json").read_text()) | {"model_type": "resnet"}
    (folder / "config.json").write_text(json.dumps(config))
    write_manifest(folder, name="some-net", modalities=["XR"])
    with pytest.raises(ModelMismatchError, match=r"some-net cannot be fine-tuned: .*--from small"):
        find_start(folder)


def test_ct_glip_without_organ_masks_is_refused(wishes, tmp_path):
    with pytest.raises(MedVLPError, match=r"no row of scans\.csv has one"):
        fine_tune(replace(wishes, recipe=recipe(tmp_path, "ct_glip"), out=tmp_path / "run"))


def test_a_recipe_with_a_wrong_value_names_it(wishes, finished, tmp_path):
    wrong = recipe(tmp_path, more="adaptation: {rank: 0}\n")
    with pytest.raises(MedVLPError, match=r"line 6, adaptation\.rank: .*found 0"):
        fine_tune(replace(wishes, recipe=wrong))
    with pytest.raises(MedVLPError, match="no objective to fine-tune with: expected one of clip"):
        fine_tune(replace(wishes, recipe="nothing"))
