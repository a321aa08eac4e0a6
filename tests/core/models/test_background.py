from __future__ import annotations

import json

import nibabel
import numpy as np
import pytest
import torch

from medvlp.models.background import tokens_to_read
from medvlp.models.config import UnifiedConfig
from medvlp.models.vision import UnifiedVisionEncoder

AIR, LUNG, TISSUE = -1000.0, -950.0, 40.0


def patient() -> np.ndarray:
    """3 x 5 x 6 tokens of 8 voxels: air, a body of tissue, and in it a lung without any vessel."""
    tokens = np.full((3, 5, 6), AIR, dtype=np.float32)
    tokens[:, 1:4, 1:5] = TISSUE
    tokens[:, 2, 2:4] = LUNG
    return np.ascontiguousarray(tokens.repeat(8, 0).repeat(8, 1).repeat(8, 2))


def grid_of(numbers: np.ndarray | None) -> np.ndarray:
    grid = np.zeros((3, 5, 6), dtype=bool)
    assert numbers is not None
    grid.flat[numbers] = True
    return grid


def test_the_body_and_the_air_within_it_are_read_and_the_air_around_it_is_not():
    expected = np.zeros((3, 5, 6), dtype=bool)
    expected[:, 1:4, 1:5] = True
    np.testing.assert_array_equal(grid_of(tokens_to_read(patient(), 8)), expected)


def test_one_voxel_that_is_no_air_makes_its_token_read():
    hu = patient()
    hu[9, 3, 44] = -890.0
    found = grid_of(tokens_to_read(hu, 8))
    assert found[1, 0, 5]
    assert found.sum() == 3 * 3 * 4 + 1


def test_a_lung_that_the_first_slice_cuts_through_is_no_air_around_the_patient():
    hu = patient()
    assert grid_of(tokens_to_read(hu, 8))[0, 2, 2]


def test_air_that_is_joined_to_the_outside_is_around_the_patient():
    hu = patient()
    hu[:, 16:24, :16] = AIR  # the side of the body is open
    found = grid_of(tokens_to_read(hu, 8))
    assert not found[:, 2, 1:4].any()


@pytest.mark.parametrize("value", [AIR, TISSUE])
def test_where_nothing_or_everything_would_be_left_out_all_is_read(value):
    assert tokens_to_read(np.full((16, 16, 24), value, dtype=np.float32), 8) is None


def test_tokens_that_are_not_chosen_do_not_touch_what_the_transformer_says_of_the_others():
    torch.manual_seed(0)
    model = UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).eval()
    torch.nn.init.normal_(model.summary_token)
    sequence = model.sequence(torch.randn(1, 3, 16, 16, 32))
    chosen = torch.tensor([[0, 1, 2, 4, 5, 6, 10]])
    with torch.inference_mode():
        alone, summary = model.transform(sequence.only(chosen))
        together, same_summary = model._transform_chosen(sequence, chosen)
    torch.testing.assert_close(together[:, chosen[0]], alone)
    torch.testing.assert_close(summary, same_summary)
    others = [n for n in range(16) if n not in chosen[0]]
    torch.testing.assert_close(together[:, others], model.norm(sequence.tokens[:, others]))


def test_all_tokens_chosen_is_the_same_as_none_chosen():
    torch.manual_seed(0)
    model = UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).eval()
    volume = torch.randn(1, 3, 16, 16, 24)
    with torch.inference_mode():
        whole, chosen = model(volume), model(volume, torch.arange(12)[None])
    torch.testing.assert_close(whole.features, chosen.features)
    torch.testing.assert_close(whole.pooled, chosen.pooled)


def test_the_shipped_model_says_the_same_without_the_air_around_the_patient(monkeypatch):
    """On the bundled chest CT; docs/explanation/speed.md states the tolerances."""
    import medvlp
    from medvlp.io.samples import get_sample
    from medvlp.models import native

    model = medvlp.load_model(device="cpu")
    scan = medvlp.open_scan(get_sample("effusion-ct"))
    folder = get_sample("effusion-ct").parent
    named = json.loads((folder / "sample.json").read_text())["labels"]
    labels = nibabel.load(folder / "effusion_ct_seg.nii.gz")
    left_out = []

    def organ_at(mm):
        index = np.linalg.inv(labels.affine) @ (-mm[0], -mm[1], mm[2], 1.0)
        return named[str(int(labels.dataobj[tuple(np.round(index[:3]).astype(int))]))]

    def counted(hu, stride):
        numbers = tokens_to_read(hu, stride)
        left_out.append(hu.size / stride**3 - len(numbers))
        return numbers

    monkeypatch.setattr(native, "tokens_to_read", counted)
    short = model.encode(scan, cache=False)
    monkeypatch.setattr(native, "tokens_to_read", lambda *_: None)
    whole = model.encode(scan, cache=False)
    assert left_out[0] > 100
    texts = ["pleural effusion", "heart", "left lung", "liver"]
    for a, b in zip(
        medvlp.ground(model, short, texts), medvlp.ground(model, whole, texts), strict=True
    ):
        assert a.probability == pytest.approx(b.probability, abs=0.01)
        changed = np.abs(a.values - b.values)
        assert changed.mean() < 2e-4
        assert changed.max() < 0.1
        if a.query.text == "pleural effusion":
            # Most of it is as hot as can be: the last digits choose the peak, but inside it.
            assert {organ_at(heat.peak_mm) for heat in (a, b)} == {"pleural_effusion"}
        else:
            assert np.linalg.norm(np.subtract(a.peak_mm, b.peak_mm)) <= 6
    for name, cells in short.organs.items():
        changed = np.abs(cells.astype(np.float32) - whole.organs[name].astype(np.float32))
        assert changed.mean() < 2e-3, name
