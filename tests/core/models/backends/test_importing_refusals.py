"""Published folders that are not as they should be."""

from __future__ import annotations

import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from medvlp.errors import ModelMismatchError, ModelNotFoundError
from medvlp.models.install import Wishes, install
from medvlp.models.load import load_model

YES = Wishes(accept_licence=True)


def edit(path, **changes):
    found = json.loads(path.read_text())
    path.write_text(json.dumps(found | changes))


@pytest.mark.parametrize("layout", ["clip", "siglip", "colipri"])
def test_missing_tensors_are_counted_and_named(layout, own_copy):
    folder = own_copy(layout)
    tensors = load_file(folder / "model.safetensors")
    gone = sorted(k for k in tensors if "layernorm" in k.lower())[:2]
    for name in gone:
        del tensors[name]
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelMismatchError, match=rf"2 missing: {gone[0]}"):
        install(folder, YES)


@pytest.mark.parametrize("layout", ["clip", "siglip", "colipri"])
def test_extra_tensors_are_named(layout, own_copy):
    folder = own_copy(layout)
    tensors = load_file(folder / "model.safetensors") | {"lora_A.weight": torch.zeros(2, 2)}
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelMismatchError, match=r"1 not known: lora_A\.weight"):
        install(folder, YES)


def test_tensors_of_another_size_are_named_with_both_shapes(own_copy):
    folder = own_copy("clip")
    config = json.loads((folder / "config.json").read_text())
    edit(folder / "config.json", vision_config=config["vision_config"] | {"patch_size": 32})
    with pytest.raises(ModelMismatchError, match=r"\(32, 3, 16, 16\), expected \(32, 3, 32, 32\)"):
        install(folder, YES)


def test_a_truncated_download_is_said(own_copy):
    for layout, file in (
        ("clip", "model.safetensors"),
        ("biomedclip", "open_clip_pytorch_model.bin"),
    ):
        folder = own_copy(layout)
        data = (folder / file).read_bytes()
        (folder / file).write_bytes(data[: len(data) // 2])
        with pytest.raises(ModelMismatchError, match="cut short"):
            install(folder, YES)


class Evil:
    def __reduce__(self):
        return (eval, ("1/0",))


def test_code_in_a_pickle_is_never_run(own_copy):
    folder = own_copy("biomedclip")
    (folder / "open_clip_pytorch_model.bin").write_bytes(pickle.dumps({"weight": Evil()}))
    with pytest.raises(ModelMismatchError, match="never run"):
        install(folder, YES)


def test_a_pickle_of_more_than_tensors_is_refused(own_copy):
    folder = own_copy("biomedclip")
    torch.save({"weight": torch.zeros(2), "epoch": 3}, folder / "open_clip_pytorch_model.bin")
    with pytest.raises(ModelMismatchError, match="epoch"):
        install(folder, YES)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"config.json": '{"model_type": "vitmae"}'}, "'vitmae'"),
        ({"config.json": "not json"}, "is not JSON"),
        ({"config.json": "[1]"}, "expected a JSON object, found list"),
        ({"adapter_config.json": "{}"}, "PEFT"),
        ({"modules.json": "[]"}, "sentence-transformers"),
        ({"tf_model.h5": ""}, "TensorFlow"),
        ({"notes.txt": "hello"}, "found notes.txt"),
        ({"adapter_config.json": "{}", "adapter_model.safetensors": "w"}, "PEFT"),
    ],
)
def test_other_folders_are_refused_saying_what_they_look_like(files, said, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    with pytest.raises(ModelMismatchError, match=said):
        install(folder, YES)


def test_another_model_of_open_clip_is_refused_with_what_differs(own_copy):
    folder = own_copy("biomedclip")
    settings = json.loads((folder / "open_clip_config.json").read_text())
    settings["model_cfg"]["vision_cfg"]["timm_model_name"] = "convnext_base"
    edit(folder / "open_clip_config.json", **settings)
    with pytest.raises(ModelMismatchError, match="conv"):
        install(folder, YES)


@pytest.mark.parametrize(
    ("layout", "file"),
    [
        ("clip", "tokenizer.json"),
        ("colipri", "vocab.txt"),
        ("clip", "model.safetensors"),
        ("biovil", "pytorch_model.bin"),
        ("biovil", "biovil_t_image_model_proj_size_128.pt"),
    ],
)
def test_a_missing_file_is_named(layout, file, own_copy):
    folder = own_copy(layout)
    (folder / file).unlink()
    with pytest.raises(ModelMismatchError, match=file.replace(".", r"\.")):
        install(folder, YES)


def test_sentencepiece_alone_is_not_enough(own_copy):
    folder = own_copy("siglip")
    (folder / "tokenizer.json").rename(folder / "spiece.model")
    with pytest.raises(ModelMismatchError, match=r"spiece\.model alone"):
        install(folder, YES)


def test_another_models_tokenizer_is_refused(own_copy):
    folder = own_copy("colipri")
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *map(str, range(60))])
    )
    with pytest.raises(ModelMismatchError, match="64 tokens and the text tower only 40"):
        install(folder, YES)


def test_a_folder_is_not_taken_for_another_published_model(published):
    with pytest.raises(ModelMismatchError, match="whose layout is siglip; found clip"):
        install(published("clip"), Wishes(known_as="google/medsiglip-448", accept_licence=True))
    with pytest.raises(ModelMismatchError, match="no/such"):
        install(published("clip"), Wishes(known_as="no/such", accept_licence=True))


def test_a_checkpoint_as_downloaded_says_how_to_import_it(published):
    for layout in ("clip", "colipri"):
        with pytest.raises(ModelMismatchError, match=r"is imported first|Import it once") as said:
            load_model(published(layout), device="cpu")
        assert "medvlp models import" in said.value.command_line


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("", "is empty: the download did not finish"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "pointer of git-lfs"),
        ("\n<!DOCTYPE html><html>Log in", "web page"),
    ],
)
@pytest.mark.parametrize(
    ("layout", "file"),
    [("clip", "model.safetensors"), ("biomedclip", "open_clip_pytorch_model.bin")],
)
def test_what_lies_where_weights_should_be_is_named(layout, file, start, said, own_copy):
    folder = own_copy(layout)
    (folder / file).write_text(start)
    with pytest.raises(ModelMismatchError, match=said):
        install(folder, YES)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.to(torch.int8), r"1 tensors were quantised, such as .*\(int8\)"),
        (lambda t: t * torch.nan, "1 tensors hold values that are not finite"),
    ],
)
def test_weights_that_cannot_be_are_refused(change, said, own_copy):
    folder = own_copy("clip")
    tensors = load_file(folder / "model.safetensors")
    tensors["visual_projection.weight"] = change(tensors["visual_projection.weight"])
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelMismatchError, match=said):
        install(folder, YES)


def test_a_file_and_a_folder_of_folders_are_told_from_a_model(published, tmp_path):
    with pytest.raises(ModelNotFoundError, match="is a file: expected a folder"):
        install(published("clip") / "model.safetensors", YES)
    (tmp_path / "outer" / "inner").mkdir(parents=True)
    (tmp_path / "outer" / "inner" / "config.json").write_text("{}")
    with pytest.raises(ModelMismatchError, match=r"name the one with the model, such as .*inner"):
        install(tmp_path / "outer", YES)


def test_a_published_encoder_without_words_is_not_called_unknown(published):
    with pytest.raises(ModelMismatchError, match=r"as it was downloaded \(raddino\)"):
        load_model(published("raddino"))


def test_an_altered_configuration_is_said_to_be_altered(published):
    folder = install(published("clip"), YES)
    edit(folder / "config.json", model_type="alien")
    with pytest.raises(ModelMismatchError, match=r"config\.json was altered"):
        load_model(folder)
