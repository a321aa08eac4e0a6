from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from medvlp.errors import Cancelled
from medvlp.geometry import Geometry
from medvlp.models.folder import write_manifest
from medvlp.models.load import load_model
from medvlp.models.protocol import GroundingModel
from medvlp.models.weights import load_network
from medvlp.scan import Scan


@pytest.fixture(scope="module")
def model(tiny_folder):
    return load_model(tiny_folder, device="cpu")


def chest(slices: int = 40) -> Scan:
    rng = np.random.default_rng(0)
    array = rng.normal(0, 200, (slices, 50, 60)).astype(np.int16)
    return Scan(array, Geometry.axial(array.shape, (3.0, 3.0, 3.0), (5, 6, 7)), "CT", "HU")


def radiograph() -> Scan:
    rng = np.random.default_rng(0)
    image = rng.random((120, 90)).astype(np.float32)
    return Scan(image, Geometry.radiograph(image.shape), "XR", "normalised")


def test_it_satisfies_the_protocol(model):
    assert isinstance(model, GroundingModel)
    assert model.model_id.startswith("tiny@")
    assert model.device.startswith("cpu (")


@pytest.mark.parametrize("scan", [chest(), radiograph()])
def test_encoding_carries_grid_geometry_and_identity(model, scan):
    encoding = model.encode(scan, cache=False)
    assert encoding.grid.dtype == np.float16
    assert encoding.geometry.shape == encoding.grid.shape[:-1]
    assert encoding.scan_id == scan.scan_id
    assert encoding.model_id == model.model_id
    norms = np.linalg.norm(encoding.matrix, axis=1)
    np.testing.assert_allclose(norms, 1.0, atol=5e-3)
    assert Geometry.from_dict(encoding.extra["scan_geometry"]).is_close(scan.geometry)
    assert 0 <= encoding.in_domain <= 1


def test_encoding_twice_gives_the_same_numbers(model):
    first, second = (model.encode(chest(), cache=False) for _ in range(2))
    np.testing.assert_array_equal(first.grid, second.grid)


def test_a_moved_scan_moves_the_grid_by_the_same_millimetres(model):
    scan = chest()
    affine = scan.geometry.affine.copy()
    affine[:3, 3] += (10, -20, 30)
    moved = Scan(scan.array, Geometry(scan.geometry.shape, affine), "CT", "HU")
    a, b = model.encode(scan, cache=False), model.encode(moved, cache=False)
    shift = b.geometry.index_to_world((0, 0, 0)) - a.geometry.index_to_world((0, 0, 0))
    np.testing.assert_allclose(shift, (10, -20, 30), atol=1e-6)
    np.testing.assert_array_equal(a.grid, b.grid)


def test_a_long_scan_is_encoded_in_slabs_that_agree_with_one_pass_far_from_the_seams(tiny_folder):
    long = chest(160)
    whole = load_model(tiny_folder, device="cpu")
    pieces = load_model(tiny_folder, device="cpu")
    ct = pieces.preprocessing.ct.model_copy(update={"slab_slices": 96, "slab_overlap": 32})
    pieces.preprocessing = pieces.preprocessing.model_copy(update={"ct": ct})
    one = whole.preprocessing.ct.model_copy(update={"slab_slices": 400})
    whole.preprocessing = whole.preprocessing.model_copy(update={"ct": one})
    a, b = whole.encode(long, cache=False), pieces.encode(long, cache=False)
    assert a.geometry.is_close(b.geometry)
    similarity = np.sum(a.grid.astype(np.float32) * b.grid.astype(np.float32), axis=-1)
    assert similarity.min() > 0.5
    assert np.median(similarity) > 0.98


def test_encoding_can_be_cancelled(model):
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.05:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        model.encode(chest(), progress=stop, cache=False)


def test_the_cache_returns_what_was_encoded(model, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path))
    messages: list[str] = []
    first = model.encode(chest())
    second = model.encode(chest(), progress=lambda _, message: messages.append(message))
    np.testing.assert_array_equal(first.grid, second.grid)
    assert any("cache" in m for m in messages)


@pytest.mark.parametrize(
    "file", ["preprocessing.json", "prompts.json", "config.json", "tokenizer.json"]
)
def test_the_same_weights_behind_another_transform_are_another_model(own_tiny_folder, file):
    before = load_model(own_tiny_folder, device="cpu")
    settings = json.loads((own_tiny_folder / file).read_text())
    if file == "preprocessing.json":
        settings["ct"]["spacing_mm"] = 4.0
    elif file == "prompts.json":
        settings["organs"]["CT"] = {"heart": "heart"}
    elif file == "tokenizer.json":
        settings["truncation"] = {
            "direction": "Right",
            "max_length": 5,
            "strategy": "LongestFirst",
            "stride": 0,
        }
    else:
        settings["windows"][0] = [-500, 500]
    (own_tiny_folder / file).write_text(json.dumps(settings))
    facts = {"modalities": ["CT", "XR"], "licence": "none"}
    write_manifest(own_tiny_folder, name="tiny", title="Tiny", **facts)
    after = load_model(own_tiny_folder, device="cpu")
    assert before.sha256 == after.sha256
    assert before.model_id != after.model_id
    assert after.model_id.startswith("tiny@")


def test_an_encoding_made_behind_another_transform_is_not_taken_from_the_cache(
    own_tiny_folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
    load_model(own_tiny_folder, device="cpu").encode(chest())
    path = own_tiny_folder / "preprocessing.json"
    settings = json.loads(path.read_text())
    settings["ct"]["spacing_mm"] = 4.0
    path.write_text(json.dumps(settings))
    write_manifest(own_tiny_folder, name="tiny", title="Tiny", modalities=["CT", "XR"])
    coarse = load_model(own_tiny_folder, device="cpu").encode(chest())
    assert coarse.geometry.spacing == pytest.approx((8.0, 8.0, 8.0), rel=0.02)


def test_texts_are_unit_vectors_and_do_not_depend_on_their_batch(model):
    alone = model.embed_text(["left kidney"])
    together = model.embed_text(["there is a pleural effusion in the left lung", "left kidney"])
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(alone[0], together[1], atol=1e-5)


def test_the_whole_network_is_float32_and_answers_do_not_change_when_it_was_asked_for(tiny_folder):
    model = load_model(tiny_folder, device="cpu")
    before = model.embed_text(["left kidney"]), model.encode(radiograph(), cache=False)
    assert {p.dtype for p in model.network.parameters()} == {torch.float32}
    expected = load_network(tiny_folder).state_dict()
    torch.testing.assert_close(dict(model.network.state_dict()), dict(expected), atol=0, rtol=0)
    after = model.embed_text(["left  kidney"]), model.encode(radiograph(), cache=False)
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1].grid, after[1].grid)
