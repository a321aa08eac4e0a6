"""From a table of real X-rays to a fine-tuned published model that is imported and asked."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from fine_tuning_recipe import COLUMNS, recipe
from published_layouts import LAYOUTS
from safetensors.torch import load_file

from medvlp.errors import LicenceError, MedVLPError, ModelMismatchError
from medvlp.grounding.calibration import Calibration
from medvlp.models.backends.planar import PlanarModel
from medvlp.models.folder import model_info, problems, write_manifest
from medvlp_training.fine_tuning.plan import FineTuning
from medvlp_training.fine_tuning.published.refusals import refuse_objective
from medvlp_training.fine_tuning.run import fine_tune
from medvlp_training.fine_tuning.start import find_start
from medvlp_training.pretraining.journal import read_log
from medvlp_training.pretraining.load import load_run
from medvlp_training.pretraining.run import Run


@pytest.fixture(scope="module")
def wishes(tmp_path_factory, start, write_csv, real_rows) -> FineTuning:
    """Half of the patients are held out: enough to calibrate on."""
    folder = tmp_path_factory.mktemp("fine-tuning")
    rows = [(*row, "val" if number % 2 else "train") for number, row in enumerate(real_rows)]
    table = write_csv(folder / "scans.csv", rows, COLUMNS)
    return FineTuning(start("clip"), table, recipe(folder), folder / "run", name="mine", cpu=True)


@pytest.fixture(scope="module")
def finished(wishes) -> Path:
    """The model folder of the command line."""
    from medvlp.cli import main

    options = {
        "--from": "tiny-clip", "--manifest": wishes.manifest, "--out": wishes.out, "--name": "mine"
    }  # fmt: skip
    arguments = [str(word) for pair in options.items() for word in pair]
    assert main(["train", wishes.recipe, *arguments, "--cpu"]) == 0
    return wishes.out / "model"


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def losses(folder: Path) -> dict[int, float]:
    return {e["step"]: e["loss"] for e in read_log(folder) if e["event"] == "train"}


def test_it_is_imported_under_its_licence_and_asked(
    finished, real_rows, tmp_path, monkeypatch, capsys
):
    from medvlp.cli import main

    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    assert main(["models", "import", str(finished)]) != 0
    assert "MIT" in capsys.readouterr().err.upper()
    assert main(["models", "import", str(finished), "--accept-licence"]) == 0
    capsys.readouterr()
    asked = ["ground", str(real_rows[-1][0]), "pleural effusion", "--model", "mine", "--no-cache"]
    assert main([*asked, "--out", str(tmp_path / "maps"), "--format", "png"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["model"]["name"] == "mine"
    assert 0 <= report["results"][0]["probability"] <= 1
    assert Path(report["results"][0]["files"]["png"]).is_file()


def test_the_layout_is_the_published_one_and_the_image_tower_has_moved(finished, start):
    assert problems(finished) == []
    old, new = weights(start("clip")), weights(finished)
    assert {n: t.shape for n, t in old.items()} == {n: t.shape for n, t in new.items()}
    moved = {name for name in old if not torch.equal(old[name], new[name])}
    assert "vision_model.encoder.layers.1.self_attn.v_proj.weight" in moved
    assert "visual_projection.weight" in moved
    assert not [name for name in moved if name.startswith(("text_", "logit_"))]
    for name in ("config.json", "tokenizer.json", "preprocessing.json", "prompts.json"):
        assert (finished / name).read_bytes() == (start("clip") / name).read_bytes()


def test_the_folder_answers_as_the_trained_towers_do(finished, wishes, load_exactly):
    model = load_exactly(finished)
    towers = load_run(wishes.out, "best").objective.model
    images = torch.rand(2, 1, 64, 64) * 2 - 1
    shown = ((images + 1) / 2 - towers.vision.mean) / towers.vision.std
    with torch.no_grad():
        trained = towers.vision.features(images)
        dense, pooled = model._forward(shown.expand(-1, 3, -1, -1))
    torch.testing.assert_close(dense, trained.dense, atol=1e-5, rtol=0)
    torch.testing.assert_close(pooled, trained.pooled, atol=1e-5, rtol=0)


def test_licence_source_and_calibration_are_those_of_where_it_comes_from(finished, start, wishes):
    old, new = model_info(start("clip")), model_info(finished)
    assert (new.licence, new.must_accept) == ("mit", True) == (old.licence, old.must_accept)
    assert (new.title, new.repository) == ("tiny-clip, fine-tuned", "")
    facts = json.loads((finished / "training.json").read_text())
    assert facts["started_from"] == {"name": "tiny-clip", "sha256": old.sha256, "repository": ""}
    card = (finished / "MODEL_CARD.md").read_text()
    assert f"Fine-tuned from tiny-clip (SHA-256 {old.sha256[:16]})" in card
    assert str(wishes.manifest.parent) not in card + (finished / "training.json").read_text()
    calibration = Calibration.load(finished / "calibration.json")
    assert calibration.negative_weight == 1.0
    assert "pleural_effusion/XR" in calibration.concepts


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
    assert len(losses(wishes.out)) == 3
    whole, cut = weights(finished), weights(again.folder)
    assert all(torch.equal(whole[name], cut[name]) for name in whole)


@pytest.mark.parametrize(
    ("layout", "objective", "method", "more"),
    [
        ("clip", "convirt", "lora", ""),
        ("clip", "lovt", "full", ""),
        ("siglip", "mlip", "lora", "text: {freeze: none}\n"),
        ("siglip", "umcl", "full", "text: {freeze: 1}\n"),
        ("biomedclip", "flagship", "lora", ""),
        ("biovil", "convirt", "lora", ""),
        ("raddino", "clip", "full", ""),
    ],
)
def test_other_layouts_and_objectives(
    wishes, start, tmp_path, load_exactly, layout, objective, method, more
):
    chosen = recipe(tmp_path, objective, more)
    made = fine_tune(
        replace(
            wishes, model=start(layout), recipe=chosen, out=tmp_path / "run", method=method, steps=1
        )
    )
    assert problems(made.folder) == []
    assert isinstance(load_exactly(made.folder), PlanarModel)
    (entry,) = (e for e in read_log(tmp_path / "run") if e["event"] == "train")
    assert entry["gradient_norm"] > 0
    assert entry["own/labels"] > 0
    old, new = weights(start(layout)), weights(made.folder)
    texts = {n for n in old if n.startswith(("text", "bridge")) and not torch.equal(old[n], new[n])}
    assert bool(texts) == bool(more)


def test_ct_is_shown_in_slabs_and_organs_are_pooled_in_them(start, real_data, write_csv, tmp_path):
    folder = real_data / "ct_totalseg"
    report = "The liver is enlarged. The kidneys are normal. No ascites."
    masks = folder / "example_ct_seg_fast.nii.gz"
    rows = [
        (folder / "example_ct.nii.gz", "CT", "p1", report, masks, "train"),
        (folder / "example_ct_sm.nii.gz", "CT", "p2", report, "", "val"),
    ]
    columns = ("image", "modality", "patient", "report", "organs", "split")
    table = write_csv(tmp_path / "ct.csv", rows, columns)
    chosen = recipe(tmp_path, "ct_glip")
    made = fine_tune(
        FineTuning(start("siglip"), table, chosen, tmp_path / "run", steps=2, cpu=True)
    )
    assert problems(made.folder) == []
    log = [e for e in read_log(tmp_path / "run") if e["event"] == "train"]
    assert max(entry["anatomy"] for entry in log) > 0
    assert (
        json.loads((tmp_path / "run" / "config.json").read_text())["data"]["crop_voxels"][0] == 40
    )


@pytest.mark.parametrize(
    ("objective", "more", "says"),
    [
        ("unimedi", "", r"no tokeniser for volumes\. What works: clip, convirt, lovt"),
        ("umcl", "settings: {context: class}\n", "context: unified denies with the word 'no'"),
        (
            "flagship",
            "settings: {parts: [{objective: unimedi}], image_vectors_of: null, "
            "region_vectors_of: null, organ_vectors_of: null}\n",
            "tiny-clip cannot be fine-tuned with unimedi",
        ),
    ],
)
def test_what_the_towers_have_no_part_for_is_refused_before_any_image_is_read(
    wishes, tmp_path, objective, more, says
):
    with pytest.raises(MedVLPError, match=says):
        fine_tune(replace(wishes, recipe=recipe(tmp_path, objective, more), out=tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_a_decoder_that_is_not_there_is_not_read():
    with pytest.raises(MedVLPError, match="features: dense reads a decoder"):
        refuse_objective("ct_glip", {"features": "dense"}, "tiny-clip")


def test_a_ct_is_refused_by_a_model_of_xrays(start, write_csv, tmp_path):
    (tmp_path / "a.nii").touch()
    rows = [("a.nii", "CT", f"p{n}", "Normal.") for n in (1, 2)]
    table = write_csv(tmp_path / "t.csv", rows, COLUMNS[:4])
    with pytest.raises(MedVLPError, match=r"tiny-biovil is a model of XR; t\.csv holds CT, too"):
        fine_tune(FineTuning(start("biovil"), table, out=tmp_path / "run", cpu=True))


def test_a_longer_text_than_the_tower_reads_is_refused(wishes, finished, tmp_path):
    shutil.copytree(wishes.out / "samples", tmp_path / "run" / "samples")
    text = Path(recipe(tmp_path)).read_text().replace("workers: 0", "workers: 0, max_tokens: 99")
    (tmp_path / "clip.yaml").write_text(text)
    chosen = str(tmp_path / "clip.yaml")
    with pytest.raises(
        MedVLPError, match="max_tokens is 99, but the text tower of tiny-clip reads 15"
    ):
        fine_tune(replace(wishes, recipe=chosen, out=tmp_path / "run"))


@pytest.mark.parametrize("layout", ["ctclip", "colipri", "merlin"])
def test_models_of_volumes_are_refused_with_the_reason(start, layout):
    reason = "code book" if layout == "ctclip" else "the objectives prepare pictures"
    with pytest.raises(
        ModelMismatchError, match=rf"tiny-{layout} cannot be fine-tuned: .*{reason}"
    ):
        find_start(start(layout))


def test_a_licence_that_was_not_accepted_is_shown(start, tmp_path, monkeypatch):
    folder = Path(shutil.copytree(start("clip"), tmp_path / "other"))
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "empty"))
    facts = json.loads((folder / "manifest.json").read_text())
    write_manifest(folder, **{k: v for k, v in facts.items() if k != "files"})
    with pytest.raises(LicenceError, match="is published under: mit"):
        find_start(folder)


def test_every_layout_can_be_imported_and_loaded_by_name():
    from medvlp.models.backends.networks import KINDS
    from medvlp.models.load import BACKENDS

    assert set(KINDS) <= set(BACKENDS)
    assert len(LAYOUTS) == len(KINDS)
