from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp.grounding.calibration import Calibration
from medvlp.models.config import UnifiedConfig
from medvlp.models.device import choose_device
from medvlp.models.native import NativeModel
from medvlp.models.preprocessing import Preprocessing
from medvlp.models.text import load_tokenizer
from medvlp.models.unified import UnifiedModel
from medvlp_training.evaluation import cli
from medvlp_training.evaluation.cli import TASKS, evaluate
from medvlp_training.evaluation.tasks import pointing, retrieval, zero_shot
from medvlp_training.evaluation.tasks.calibration import as_scan, calibration_errors
from medvlp_training.evaluation.tasks.calibration import evaluate as evaluate_calibration
from medvlp_training.evaluation.tasks.shipped import crop_holding, shipped_subject
from medvlp_training.evaluation.tasks.subject import read_samples
from medvlp_training.evaluation.whether import Answer
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.samples.shard_writer import write_shards


@pytest.fixture
def native_model(tower_folder: Path) -> NativeModel:
    """A model of the smallest size with random weights."""
    torch.manual_seed(0)
    tokenizer = load_tokenizer(tower_folder, 64)
    text = {"vocab_size": tokenizer.get_vocab_size(), "hidden_size": 32, "layers": 1, "heads": 2}
    config = UnifiedConfig.of_size("tiny", text=text | {"intermediate_size": 32})
    settings = {"xr": {"image_size": 64}, "ct": {"spacing_mm": 3.0}}
    return NativeModel(
        UnifiedModel(config),
        lambda: tokenizer,
        Preprocessing.model_validate({"schema": "medvlp/preprocessing/1", **settings}),
        Calibration.identity(),
        name="tiny",
        sha256="0" * 64,
        placement=choose_device("cpu"),
    )


def test_an_unknown_task_names_all_that_there_are(shards):
    with pytest.raises(MedVLPError, match="Unknown task 'zeroshot'") as caught:
        evaluate("zeroshot", shards)
    assert all(task in str(caught.value) for task in TASKS)


@pytest.mark.parametrize("task", ["grounding", "findings", "abstention"])
def test_tasks_on_scans_refuse_shards(task, shards):
    with pytest.raises(MedVLPError, match="holds sample shards"):
        evaluate(task, shards)


@pytest.mark.parametrize("task", ["zero-shot", "calibration"])
def test_tasks_on_shards_refuse_other_folders(task, tmp_path):
    with pytest.raises(MedVLPError, match=r"has no shards\.json"):
        evaluate(task, tmp_path)


@pytest.mark.parametrize(("task", "limit", "said"), [
    ("probe", {"epochs": 3}, "--epochs is for 'transfer'"),
    ("zero-shot", {"patients": 0}, "found 0; expected 1 or more"),
    ("zero-shot", {"images": "MR"}, "found 'MR'; expected CT or XR"),
])  # fmt: skip
def test_a_limit_that_a_task_has_not_is_refused(task, limit, said, shards):
    with pytest.raises(MedVLPError, match=said):
        evaluate(task, shards, **limit)


def test_a_folder_without_the_real_scans_is_refused_by_what_it_lacks(tmp_path):
    (tmp_path / "cxr_nih").mkdir()
    with pytest.raises(MedVLPError, match="has no cxr_jsrt_organs") as caught:
        evaluate("findings", tmp_path)
    assert "cxr_nih," not in str(caught.value).partition("has no")[2]
    with pytest.raises(MedVLPError, match="has no cxr_jsrt_organs, ct_totalseg"):
        evaluate("abstention", tmp_path)


def test_samples_without_what_a_task_needs_are_an_error(run_folder, phantom, tmp_path):
    bare = {"sentences": (), "labels": {}, "organs": None, "organ_names": {}, "lesions": {}}
    films = (phantom("XR", n, **bare, statements=()) for n in range(12))
    write_shards(films, tmp_path / "bare")
    for task, needed in (
        ("zero-shot", "by their labels"), ("prompts", "by their labels"), ("pointing", "masks or boxes"),
        ("retrieval", "reports"), ("organs", "organ masks"), ("probe", "with labels"),
        ("transfer", "masks or boxes"),
    ):  # fmt: skip
        with pytest.raises(MedVLPError, match=needed):
            evaluate(task, tmp_path / "bare", str(run_folder))


def test_one_kind_of_image_can_be_asked_about(run_folder, shards, tmp_path):
    out = tmp_path / "figures.json"
    evaluate("retrieval", shards, str(run_folder), out, images="XR")
    facts = json.loads(out.read_text())
    assert set(facts["retrieval"]) == {"XR"}
    assert facts["limits"]["images"] == "XR"


def test_fewer_patients_are_always_the_same_ones(shards):
    opened = open_shards(shards)
    few = [s.patient for s in read_samples(opened, "XR", most_patients=3)]
    more = [s.patient for s in read_samples(opened, "XR", most_patients=5)]
    assert len(set(few)) == 3
    assert set(few) < set(more)
    assert len(read_samples(opened, "XR")) == 12


def test_calibration_refuses_a_run(run_folder, shards):
    with pytest.raises(MedVLPError, match="is a pre-training run"):
        evaluate("calibration", shards, str(run_folder))


def test_a_run_is_evaluated_from_its_folder(run_folder, shards, tmp_path, capsys):
    out = tmp_path / "figures.json"
    evaluate("retrieval", shards, str(run_folder), out)
    facts = json.loads(out.read_text())
    assert facts["task"] == "retrieval"
    assert facts["model"].startswith("clip@")
    assert facts["preparation"]["image_size"] == 64
    assert facts["table"] in capsys.readouterr().out
    assert set(facts["retrieval"]) == {"CT", "XR"}


@pytest.mark.parametrize("task", ["retrieval", "zero-shot", "pointing", "organs", "prompts"])
def test_a_run_and_a_model_do_one_task_in_one_table(
    task, run_folder, native_model, shards, tmp_path, capsys, monkeypatch
):
    """Every figure is that of the model alone, and each model keeps its own table with baselines."""
    monkeypatch.setattr(cli, "find_model", lambda name: Path(name))
    monkeypatch.setattr(cli, "load_model", lambda name, device="auto": native_model)
    out = tmp_path / "figures.json"
    evaluate(task, shards, [str(run_folder), "tiny"], out)
    facts, said = json.loads(out.read_text()), capsys.readouterr().out
    one, other = run_folder.name, "tiny"
    assert f"| figure | {one} | tiny | tiny - {one} |" in said
    assert facts["model"].startswith("clip@")
    assert facts["model"].endswith(f", {native_model.model_id}")
    for name, model in ((one, str(run_folder)), (other, "tiny")):
        evaluate(task, shards, model, tmp_path / "alone.json")
        alone = json.loads((tmp_path / "alone.json").read_text())
        assert alone["table"] in said
        assert facts["each"][name] == {k: alone[k] for k in facts["each"][name]}
    rows = facts["paired"].values()
    both = [row for row in rows if set(row["models"]) == {one, other}]
    assert both
    for row in both:
        values, apart = row["models"], row["differences"][other]
        if None not in (values[one]["value"], values[other]["value"]):
            expected = values[other]["value"] - values[one]["value"]
            assert apart["value"] == pytest.approx(expected, abs=2e-4)
    assert any(row["differences"][other]["low"] is not None for row in both)


def test_a_run_that_is_named_twice_is_refused(run_folder, shards):
    with pytest.raises(MedVLPError, match="was named before"):
        evaluate("retrieval", shards, [str(run_folder)] * 2)


def test_figures_are_valid_json_where_something_is_not_defined(
    seeing, shards, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        cli, "_on_samples", lambda *_: ("a", "b", pointing.evaluate(seeing(blind=True)))
    )
    evaluate("pointing", shards, None, tmp_path / "out.json")

    def refuse(name: str) -> None:
        raise AssertionError(name)

    json.loads((tmp_path / "out.json").read_text(), parse_constant=refuse)


def test_a_shipped_model_is_asked_through_its_own_vectors(native_model, shards):
    subject = shipped_subject(native_model, shards, open_shards(shards))
    assert subject.preparation["crop_voxels"] == [24, 24, 32]
    for task in (zero_shot, retrieval, pointing):
        table, _ = task.evaluate(subject)
        assert "| CT |" in table
        assert "| XR |" in table
    run = subject.run
    batch = run.collator(subject.samples("XR")[:2], [np.random.default_rng(0)] * 2)
    with torch.no_grad():
        dense = run.objective.dense_vectors(batch.images)
        cells = run.objective.region_vectors(run.objective.encode(batch), batch)
        texts = run.objective.phrase_vectors(torch.tensor([[2, 7, 3]]), torch.ones(1, 3).long())
    assert dense.shape == (2, 8, 8, 16)
    mean = torch.nn.functional.normalize(dense[1, :4, 4:].mean((0, 1)), dim=0)
    torch.testing.assert_close(cells[1, 1], mean)
    word = native_model.tokenizer.id_to_token(7)
    np.testing.assert_allclose(texts[0], native_model.embed_text([word])[0], atol=1e-5)


def test_the_crop_holds_every_scan_up_to_its_limit(phantom):
    thick = phantom("CT", 0, affine=np.diag([1.0, 2, 5, 1])[[2, 1, 0, 3]])
    # 24 slices of 1 mm, 24 rows of 2 mm and 32 columns of 5 mm, in tokens of 24 mm.
    assert crop_holding([thick], 3.0) == (8, 16, 56)
    assert crop_holding([thick, phantom("CT", 1)], 3.0, largest=40) == (24, 24, 40)


def test_calibration_errors_of_known_answers():
    def answer(number: int, probability: float, truth: bool) -> Answer:
        return Answer("mass", f"p{number}", False, "", "", 0.0, probability, truth, 0.0, 0.0)

    sure = [answer(n, float(n % 4 == 0), n % 4 == 0) for n in range(8)]
    found = calibration_errors(sure)
    assert found["model"].value == 0
    assert found["always 0.5"].value == pytest.approx(0.25)
    assert list(found) == ["model", "always 0.5", "random"]


def test_probabilities_of_a_model_are_compared_with_labels(native_model, shards):
    table, figures = evaluate_calibration(native_model, open_shards(shards))
    assert "always 0.5" in table
    found = figures["calibration"]["XR"]
    assert found["error"]["pleural_effusion"]["always 0.5"]["value"] == pytest.approx(0, abs=1e-6)
    assert sum(b["count"] for b in found["reliability"]) == 12


def test_a_ct_without_geometry_is_refused(phantom):
    with pytest.raises(MedVLPError, match="without an affine"):
        as_scan(phantom("CT", 0, affine=None))
