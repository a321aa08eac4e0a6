from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medvlp.errors import MedVLPError, ModelNotFoundError
from medvlp.geometry import Geometry
from medvlp_training.evaluation import cli, findings, foreign, grounding, literature
from medvlp_training.evaluation.cases import CTItem, XRItem
from medvlp_training.evaluation.several import Question, compare


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medvlp_training.evaluation.statistics.RESAMPLES", 200)


def asked(values: dict[str, float], measure: str = "hit", **more) -> list[Question]:
    """One question of each patient."""
    return [Question("row", measure, (p,), p, v, **more) for p, v in values.items()]


def test_a_difference_is_paired_by_patient():
    """B is better by exactly 0.2 in everyone: however the patients are drawn, so is the difference."""
    low = {f"p{n}": n / 10 for n in range(6)}
    high = {p: v + 0.2 for p, v in low.items()}
    _, figures = compare({"A": asked(low), "B": asked(high)})
    row = figures["paired"]["row: hit"]
    assert row["models"]["A"]["value"] == pytest.approx(0.25)
    assert row["models"]["A"]["low"] < 0.2
    assert row["differences"]["B"]["value"] == pytest.approx(0.2)
    assert row["differences"]["B"]["low"] == pytest.approx(0.2)
    assert row["differences"]["B"]["high"] == pytest.approx(0.2)


def test_models_are_measured_on_the_questions_that_all_answered():
    first = asked({"a": 1.0, "b": 0.0, "c": 1.0})
    second = asked({"c": 0.0, "a": 1.0})
    _, figures = compare({"A": first, "B": second})
    row = figures["paired"]["row: hit"]
    assert row["questions"] == row["patients"] == 2
    assert row["models"]["A"]["value"] == 1.0
    assert row["differences"]["B"]["value"] == -0.5


def test_a_model_that_does_not_take_a_scan_has_no_figure_and_takes_none_away():
    ct = [Question("CT", "hit", (p,), p, 1.0) for p in "ab"]
    table, figures = compare({"A": [*asked({"a": 1.0, "b": 0.0}), *ct], "B": ct})
    assert "| row | hit | 2 | 2 | 0.50 (0.00-1.00) | - | - |" in table
    assert figures["paired"]["row: hit"]["questions"] == 2
    table, figures = compare({"B": ct, "A": [*asked({"a": 1.0, "b": 0.0}), *ct]})
    assert "| row | hit | 2 | 2 | - | 0.50 (0.00-1.00) | - |" in table
    assert figures["paired"]["row: hit"]["differences"] == {}


def test_ranks_are_compared_by_auroc():
    """Of 4 pairs of ill and well, A orders 3 rightly and B all."""
    truth = {"a": True, "b": True, "c": False, "d": False}

    def answers(scores):
        return [
            Question("mass", "AUROC", (p,), p, s, truth[p], {"chance": 0.5})
            for p, s in zip(truth, scores, strict=True)
        ]

    table, figures = compare({"A": answers([4, 1, 2, 0]), "B": answers([4, 3, 2, 0])})
    row = figures["paired"]["mass: AUROC"]
    assert row["models"]["A"]["value"] == 0.75
    assert row["differences"]["B"]["value"] == 0.25
    assert table.splitlines()[0].endswith("| A | B | B - A | chance |")
    assert "mass" not in compare({"A": answers([4, 1, 2, 0])}, fewest=3)[0]


def test_one_patient_has_no_interval():
    one = [Question("words", "declined", (str(n),), "", float(n % 2)) for n in range(4)]
    table, figures = compare({"A": one, "B": one})
    assert "0.50 (no interval) | 0.50 (no interval) | +0.00 (no interval)" in table
    assert figures["paired"]["words: declined"]["models"]["A"]["low"] is None


def test_the_literature_stands_apart_and_is_marked_as_theirs():
    shown = literature.beside("grounding")
    assert "theirs" in shown.splitlines()[0]
    assert "| MS-CXR | mean IoU" in shown
    assert "| 0.240 | BioViL-T |" in shown
    assert literature.beside("slices") == ""


@pytest.fixture
def clip_folder(tmp_path: Path) -> Path:
    """A CLIP of transformers as it would be downloaded, tiny, with random weights."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import CLIPConfig, CLIPModel

    folder = tmp_path / "downloaded"
    torch.manual_seed(1)
    words = ["[PAD]", "[UNK]", "left", "lung", "nodule", "heart", "<|endoftext|>"]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    sizes = {"intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = sizes | {"hidden_size": 16, "vocab_size": 16, "max_position_embeddings": 16}
    text |= {"eos_token_id": 6, "bos_token_id": 5, "pad_token_id": 0}
    vision = sizes | {"hidden_size": 16, "image_size": 32, "patch_size": 16}
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)
    CLIPModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# A tiny CLIP\n")
    return folder


@pytest.fixture
def clip(clip_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, imported by its reader as the model ``their-clip``."""
    from medvlp.models.install import Wishes, install

    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
    return install(clip_folder, Wishes(name="their-clip", accept_licence=True)).name


@pytest.fixture
def real_scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one small CT and three X-rays, all of unseen patients, and what is known of them."""
    import SimpleITK as sitk

    data = tmp_path / "data"
    for name in {name for names in cli.SCAN_FOLDERS.values() for name in names}:
        (data / name).mkdir(parents=True)
    rng = np.random.default_rng(0)
    array = rng.normal(0, 30, (20, 32, 28)).astype(np.int16)
    array[:, :, :8] = -1000
    array[5:12, 8:20, 14:26] = 500
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((4.0, 4.0, 5.0))
    sitk.WriteImage(image, str(data / "ct.nii.gz"))
    geometry = Geometry.axial(array.shape, (5.0, 4.0, 4.0), (0.0, 0.0, 0.0))
    ct = CTItem(data / "ct.nii.gz", "c", False, geometry, {"lung_left": array == 500})
    films = []
    for n in range(12):
        path = data / f"{n}.png"
        Image.fromarray(rng.integers(0, 255, (64, 48), dtype=np.uint8)).save(path)
        box = {"lung_nodule": ((4.0 + n, 20.0, 18.0, 30.0),)} if n % 2 else {}
        known = {"present": frozenset(box), "absent": frozenset({"lung_nodule"}) - frozenset(box)}
        films.append(XRItem(path, f"x{n}", "PA", "jsrt", boxes=box, **known))
    monkeypatch.setattr(XRItem, "seen", False)
    for module in (grounding, findings, foreign):
        monkeypatch.setattr(module, "jsrt_items", lambda data: films)
        monkeypatch.setattr(module, "nih_items", lambda data: [])
    monkeypatch.setattr(grounding, "ct_with_masks", lambda data: [ct])
    monkeypatch.setattr(grounding, "ct_with_tumour_boxes", lambda data: [])
    monkeypatch.setattr(findings, "is_test", lambda patient: True)
    return data


def test_another_library_s_model_is_compared_with_ours(clip, real_scans, tmp_path, capsys):
    out = tmp_path / "figures.json"
    cli.evaluate("grounding", real_scans, ["small", clip], out)
    facts, printed = json.loads(out.read_text()), capsys.readouterr().out
    assert facts["model"].split(", ")[1].startswith("their-clip@")
    assert "| small | their-clip | their-clip - small | centre | random |" in printed
    where = facts["paired"]["CT, unseen: lung_left: peak inside"]
    assert set(where["models"]) == {"small", "their-clip"}
    assert where["baselines"]["centre"] in (0.0, 1.0)
    films = facts["paired"]["X-ray, unseen: lung_nodule: peak inside"]
    assert films["patients"] == films["questions"] == 6
    difference = films["models"]["their-clip"]["value"] - films["models"]["small"]["value"]
    assert films["differences"]["their-clip"]["value"] == pytest.approx(difference, abs=1e-3)
    assert films["differences"]["their-clip"]["low"] <= difference + 1e-3
    assert "theirs" in printed
    assert any(f["model"] == "BioViL-T" for f in facts["literature"])


def test_another_library_s_model_is_measured_alone(clip, real_scans, tmp_path):
    out = tmp_path / "figures.json"
    cli.evaluate("grounding", real_scans, clip, out)
    rows = json.loads(out.read_text())["rows"]
    assert set(rows) == {"CT, unseen: lung_left", "X-ray, unseen: lung_nodule"}
    cli.evaluate("findings", real_scans, [clip], out)
    assert json.loads(out.read_text())["auroc"]["lung_nodule (JSRT)"]["n"] == 6


def test_findings_of_two_models_are_paired(clip, real_scans, tmp_path):
    out = tmp_path / "figures.json"
    cli.evaluate("findings", real_scans, [clip, "small"], out)
    row = json.loads(out.read_text())["paired"]["lung_nodule (JSRT): AUROC"]
    assert row["questions"] == 12
    assert row["baselines"] == {"chance": 0.5}
    assert set(row["differences"]) == {"small"}


def test_every_model_is_looked_for_before_the_first_is_asked(tmp_path):
    for task in ("grounding", "zero-shot"):
        with pytest.raises(ModelNotFoundError, match="no-such-model"):
            cli.evaluate(task, tmp_path, ["small", "no-such-model"])


def test_a_model_that_is_named_twice_is_refused(clip, real_scans):
    with pytest.raises(MedVLPError, match="was named before"):
        cli.evaluate("grounding", real_scans, [clip, clip, clip])
