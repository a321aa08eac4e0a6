"""`medvlp models` from the shell: what is printed, and the exit statuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP as it would be downloaded, random weights."""
    from transformers import CLIPConfig, CLIPModel

    folder = tmp_path_factory.mktemp("tiny-clip")
    torch.manual_seed(1)
    words = ["[PAD]", "[UNK]", "pleural", "effusion", "liver", "no", "<s>", "</s>"]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [("<s>", 6), ("</s>", 7)]
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=ends)
    tokenizer.save(str(folder / "tokenizer.json"))
    sizes = {"intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = sizes | {"hidden_size": 24, "vocab_size": 8, "max_position_embeddings": 32}
    text |= {"eos_token_id": 7, "bos_token_id": 6, "pad_token_id": 0}
    vision = sizes | {"hidden_size": 32, "image_size": 64, "patch_size": 16}
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=16)
    CLIPModel(config).save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# A tiny CLIP\n\nFor tests.\n")
    return folder


@pytest.fixture
def clip(medvlp: Callable, tiny_clip: Path) -> str:
    """The same, imported."""
    done = medvlp("models", "import", tiny_clip, "--name", "tiny-clip", "--accept-licence")
    assert done.status == 0, done.err
    return "tiny-clip"


def test_a_licence_is_shown_and_must_be_accepted(medvlp, tiny_clip: Path, tmp_path: Path) -> None:
    refused = medvlp("models", "import", tiny_clip)
    assert (refused.status, refused.out) == (3, "")
    assert "published under: mit" in refused.err
    assert "--accept-licence" in refused.err
    assert "Traceback" not in refused.err


def test_an_imported_model_is_listed_with_the_published_ones(medvlp, clip: str) -> None:
    report = medvlp("models", "list", "--all").report
    mine = next(m for m in report["models"] if m["name"] == clip)
    assert (mine["licence"], mine["builtin"]) == ("mit", False)
    known = {p["repository"]: p for p in report["published"]}
    assert known["microsoft/colipri"]["modalities"] == ["CT"]
    assert known["google/medsiglip-448"]["licence"].startswith("Health AI Developer Foundations")
    assert not known["microsoft/colipri"]["installed"]
    assert all(p["citation"] and p["licence_url"] for p in known.values())
    table = medvlp("models", "list", "--all", "--table").out
    assert "microsoft/colipri" in table
    assert "medvlp models pull" in table


def test_show_tells_licence_memory_and_where_each_number_comes_from(medvlp, clip: str) -> None:
    report = medvlp("models", "show", clip).report
    assert report["licence_accepted"]
    assert report["memory_bytes"] > 256 * 1024**2
    assert report["preprocessing"]["sources"]["image_size"] == "config.json"
    assert "For tests" in report["card"]
    assert "GB to encode" in medvlp("models", "show", clip, "--table").out


def test_it_answers_with_its_own_name_and_hash(medvlp, clip: str, ct_file: Path, tmp_path) -> None:
    done = medvlp("ground", ct_file, "pleural effusion", "--model", clip, "--out", tmp_path / "o")
    assert done.status == 0, done.err
    assert done.report["model"]["name"] == clip
    (answer,) = done.report["results"]
    assert 0 <= answer["probability"] <= 1


def test_organs_are_scored_without_a_built_in_organ_head(medvlp, clip: str, ct_file: Path) -> None:
    done = medvlp("score", ct_file, "--model", clip)
    assert done.status == 0, done.err
    assert done.report["model"]["name"] == clip


def test_its_encodings_are_not_another_models(medvlp, clip: str, ct_file: Path, tmp_path) -> None:
    from medvlp.models.encoding import Encoding

    store = tmp_path / "store"
    made = medvlp("encode", ct_file, "--out", store, "--model", clip).report["encodings"][0]
    assert Encoding.load(Path(made["file"])).model_id.startswith("tiny-clip@")
    found = medvlp("index", "search", "liver", "--store", store).report
    assert (found["searched"], found["skipped"]) == (0, 1)


def test_a_model_copied_from_another_user_is_accepted_with_show(
    medvlp, clip: str, ct_file: Path, tmp_path: Path, monkeypatch
) -> None:
    folder = tmp_path / "models" / clip
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "others"))
    ask = ("ground", ct_file, "liver", "--model", folder, "--out", tmp_path / "o")
    assert "models show" in medvlp(*ask).err
    assert medvlp("models", "show", folder, "--accept-licence").report["licence_accepted"]
    assert medvlp(*ask).status == 0


def test_a_field_of_the_transform_is_set_and_a_wrong_one_refused(medvlp, tiny_clip: Path) -> None:
    add = ("models", "import", tiny_clip, "--accept-licence", "--name", "thin")
    assert medvlp(*add, "--set", "slice_mm=2.5").status == 0
    assert medvlp("models", "show", "thin").report["preprocessing"]["slice_mm"] == 2.5
    assert medvlp(*add[:-1], "other", "--set", "slice_mm").status == 2
    refused = medvlp(*add[:-1], "other", "--set", "colour=red")
    assert (refused.status, "colour" in refused.err) == (3, True)


def test_remove_frees_the_disk_and_the_name(medvlp, clip: str, tmp_path: Path) -> None:
    done = medvlp("models", "remove", clip)
    assert done.report["bytes"] > 10_000
    assert not (tmp_path / "models" / clip).exists()
    assert medvlp("models", "remove", clip).status == 4
    assert medvlp("models", "remove", "small").status == 3


def test_benchmark_tells_grid_speed_and_memory(medvlp, clip: str, ct_file: Path) -> None:
    report = medvlp("models", "benchmark", clip, "--scan", ct_file, "--device", "cpu").report
    (row,) = report["results"]
    assert row["problem"] == ""
    assert row["grid"] == [26, 4, 4]
    assert row["width"] == 16
    assert row["cell_mm"] == pytest.approx([4.92, 24.0, 24.0], abs=0.01)
    assert row["seconds"]["encode"] > 0
    assert row["peak_mib"] is None or row["peak_mib"] > 100


def test_a_model_that_cannot_be_measured_says_why(medvlp, clip: str, tmp_path: Path) -> None:
    (tmp_path / "models" / clip / "config.json").write_text(json.dumps({"model_type": "clip"}))
    from medvlp.cli.models_benchmark import measure_one

    (row,) = measure_one(clip, None, "cpu")
    assert "altered" in row["problem"]
    assert medvlp("models", "benchmark", "no-such").status == 4


def test_a_broken_pull_is_said_and_the_next_one_goes_on(
    medvlp, tiny_clip: Path, ct_file: Path, tmp_path: Path, monkeypatch
) -> None:
    from small_hub import running_hub

    with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        known, weights = "openai/clip-vit-base-patch16", "model.safetensors"
        hub.repositories[known] = {path.name: path.read_bytes() for path in tiny_clip.iterdir()}
        shown = medvlp("models", "pull", known)
        assert (shown.status, hub.ranges) == (3, [])
        assert "published under: MIT" in shown.err
        hub.cut_after[weights] = 4000
        broken = medvlp("models", "pull", known, "--accept-licence")
        assert broken.status == 4
        assert "goes on where it stopped" in broken.err
        done = medvlp("models", "pull", known, "--accept-licence")
        assert done.report["name"] == "clip-vit-base-patch16"
        assert [asked for name, asked in hub.ranges if name == weights] == [None, "bytes=4000-"]
    asked = ("ground", ct_file, "liver", "--model", known, "--out", tmp_path / "o")
    assert medvlp(*asked).report["model"]["name"] == "clip-vit-base-patch16"
