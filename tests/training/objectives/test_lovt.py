from __future__ import annotations

import math

import pytest
import torch
from pydantic import ValidationError
from torch.autograd import gradcheck

from medvlp_training.objectives.batch import join
from medvlp_training.objectives.lovt import (
    ABLATIONS,
    LoVT,
    LoVTSettings,
    local_loss,
    renormalised,
    spatial_targets,
)
from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.shared.infonce import infonce

SMALL = {"size": 16, "hidden": 24}


def targets(grid, threshold=0.5, beta=1.0):
    return spatial_targets(grid, threshold, beta, torch.float64, torch.device("cpu"))


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@pytest.fixture
def make(make_model, vocabulary):
    """``make(double=False, **settings)``: a small LoVT in training mode."""

    def build(double: bool = False, **settings) -> LoVT:
        model = make_model(double=double)
        lovt = LoVT(model, LoVTSettings(**{**SMALL, **settings}), vocabulary)
        return (lovt.double() if double else lovt).train()

    return build


@pytest.mark.parametrize("grid", [(7, 7), (3, 2), (3, 2, 4), (1, 1)])
def test_positives_sum_to_one_and_the_region_itself_is_the_largest(grid):
    p = targets(grid)
    assert p.shape == (math.prod(grid),) * 2
    torch.testing.assert_close(p.sum(1), torch.ones(len(p), dtype=torch.float64))
    assert (p.argmax(1) == torch.arange(len(p))).all()
    assert (p.diagonal() >= p.max(1).values).all()


def test_positives_fade_with_the_distance_over_the_diagonal():
    # A 3 x 4 grid has a diagonal of 5: a step is 0.2, and 3 columns are beyond 0.5.
    p = targets((3, 4))
    assert p[0, 1] / p[0, 0] == pytest.approx(math.exp(-0.2))
    assert p[0, 4] / p[0, 0] == pytest.approx(math.exp(-0.2))
    assert p[0, 3] == 0
    assert targets((3, 4), beta=0.1)[0, 1] < p[0, 1]
    volume = targets((2, 3, 6))  # a diagonal of 7
    assert volume[0, 18] / volume[0, 0] == pytest.approx(math.exp(-1 / 7))


def test_a_threshold_of_zero_leaves_the_region_itself():
    assert torch.equal(targets((4, 3), threshold=0.0), torch.eye(12, dtype=torch.float64))


def test_with_one_positive_each_the_local_loss_is_infonce():
    u, v = randn(1, 6, 5), randn(1, 6, 5, seed=1)
    one = torch.eye(6, dtype=torch.float64)
    weights = torch.full((1, 6), 1 / 6, dtype=torch.float64)
    expected = infonce(unit(u[0]), unit(v[0]), 1 / 0.3, image_share=1.0)
    torch.testing.assert_close(local_loss(u, v, one, weights, 0.3), expected)


def test_the_local_loss_is_its_formula():
    u, v, p = randn(2, 4, 3), randn(2, 4, 3, seed=1), targets((2, 2))
    weights = randn(2, 4, seed=2).softmax(1)
    expected = 0.0
    for b in range(2):
        for k in range(4):
            cosines = [float(torch.cosine_similarity(u[b, k], v[b, n], dim=0)) for n in range(4)]
            every = math.log(sum(math.exp(c / 0.3) for c in cosines))
            right = sum(float(p[k, n]) * cosines[n] / 0.3 for n in range(4))
            expected += float(weights[b, k]) * (every - right) / 2
    assert float(local_loss(u, v, p, weights, 0.3)) == pytest.approx(expected)


def test_padding_is_nobodys_negative():
    u, v = randn(1, 4, 3), randn(1, 4, 3, seed=1)
    valid = torch.tensor([[True, True, False, False]])
    weights = renormalised(torch.tensor([[0.3, 0.1, 0.5, 0.1]]).double(), valid)
    assert weights.tolist() == [[pytest.approx(0.75), pytest.approx(0.25), 0, 0]]
    found = local_loss(u, v, torch.eye(4).double(), weights, 0.3, valid)
    short = local_loss(u[:, :2], v[:, :2], torch.eye(2).double(), weights[:, :2], 0.3)
    torch.testing.assert_close(found, short)


def test_gradients_agree_with_finite_differences():
    u, v = randn(2, 4, 3).requires_grad_(), randn(2, 4, 3, seed=1).requires_grad_()
    weights = randn(2, 4, seed=2).softmax(1)
    assert gradcheck(lambda a, b: local_loss(a, b, targets((2, 2)), weights, 0.3), (u, v))


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_gradients_of_all_terms_agree_with_finite_differences(make, make_batch, kind):
    lovt = make(double=True, size=4, hidden=5)
    batch = make_batch(kind, 3, double=True)
    with torch.no_grad():
        found = lovt.encode(batch)
    tokens = found["image_tokens"].requires_grad_()
    words = found["text_tokens"].requires_grad_()

    def total(image, text):
        terms = lovt({"image_tokens": image, "text_tokens": text}, batch)
        assert len(terms) == 3
        return sum(terms.values(), torch.zeros(()))

    assert gradcheck(total, (tokens, words), fast_mode=True)


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_gradients_reach_all_that_the_paper_trains(make, make_batch, kind):
    lovt = make()
    batch = make_batch(kind, 4)
    sum(lovt(lovt.encode(batch), batch).values()).backward()
    trained = ["image_pool", "report_pool", "global_image", "global_report", "local_image"]
    trained += ["local_report", "cross_attention", "model.vision.layers", "model.text.bert.encoder"]
    for name in trained:
        parts = lovt.get_submodule(name).parameters()
        assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in parts), name
    assert all(p.grad is None for p in lovt.model.text.bert.embeddings.parameters())


def test_the_first_layers_of_the_text_tower_are_frozen(make):
    half = make(frozen_text_share=1.0).model.text.bert
    assert not any(p.requires_grad for p in half.encoder.layer.parameters())
    free = make(frozen_text_share=None).model.text.bert
    assert all(p.requires_grad for p in free.parameters())


@pytest.mark.parametrize("left_out", ["local_report_weight", "local_image_weight"])
def test_no_gradient_of_the_local_losses_enters_the_attention_weights(make, make_batch, left_out):
    lovt = make(global_weight=0.0, **{left_out: 0.0})
    batch = make_batch("XR", 4)
    terms = lovt(lovt.encode(batch), batch)
    assert len(terms) == 1
    sum(terms.values()).backward()
    for pool in (lovt.image_pool, lovt.report_pool):
        assert all(p.grad is None for p in pool.parameters())


def test_a_report_of_one_sentence_has_no_local_negatives(make, make_batch, change):
    lovt = make()
    batch = make_batch("XR", 3)
    one = change(batch, sentence_of_token=batch.sentence_of_token.clamp(max=0))
    found = lovt.encode(one)
    words = found["text_tokens"] = found["text_tokens"].detach().requires_grad_()
    term = lovt(found, one)["local_report"]
    assert float(term.detach()) == 0
    term.backward()
    assert words.grad is not None
    assert words.grad.abs().max() < 1e-6


def test_padding_of_tokens_and_sentences_changes_nothing(make, make_batch, change):
    lovt = make()
    batch = make_batch("XR", 3)
    found = lovt.encode(batch)
    before = lovt(found, batch)
    padding = batch.attention_mask == 0
    assert padding.any()
    noise = torch.where(padding.unsqueeze(-1), 77.0, found["text_tokens"])
    longer = make_batch("XR", 1, seed=3)
    text = {
        name: torch.nn.functional.pad(getattr(batch, name), (0, 4), value=fill)
        for name, fill in {
            "input_ids": 0, "attention_mask": 0, "sentence_of_token": -1, "concept_of_token": -1
        }.items()
    }  # fmt: skip
    padded = change(batch, **text)
    found["text_tokens"] = torch.nn.functional.pad(noise, (0, 0, 0, 4), value=-5.0)
    for name, value in lovt(found, padded).items():
        torch.testing.assert_close(value, before[name])
    # A label-only row brings more padding sentences, and no pair.
    silent = change(longer, has_report=torch.tensor([False]))
    more = join([batch, silent])
    rows = lovt.encode(silent)
    both = {
        "image_tokens": torch.cat([found["image_tokens"], rows["image_tokens"]]),
        "text_tokens": torch.cat([noise, rows["text_tokens"]]),
    }
    for name, value in lovt(both, more).items():
        torch.testing.assert_close(value, before[name])


def test_the_order_of_sentences_and_of_samples_changes_nothing(make, make_batch, change):
    lovt = make()
    batch = make_batch("XR", 3)
    found = lovt.encode(batch)
    before = lovt(found, batch)
    backward = batch.sentence_count - 1 - batch.sentence_of_token
    renumbered = torch.where(batch.sentence_of_token < 0, -1, backward)
    for name, value in lovt(found, change(batch, sentence_of_token=renumbered)).items():
        torch.testing.assert_close(value, before[name])
    order = torch.tensor([2, 0, 1])
    moved = {k: v[order] for k, v in found.items()}
    rows = [batch.part(slice(int(n), int(n) + 1)) for n in order]
    for name, value in lovt(moved, join(rows)).items():
        torch.testing.assert_close(value, before[name])


def test_images_of_one_patient_are_no_negatives(make, make_batch, change):
    lovt = make()
    batch = make_batch("XR", 2)
    found = lovt.encode(batch)
    assert float(lovt(found, batch)["global"]) > 0
    same = change(batch, patients=("a", "a"))
    assert float(lovt(found, same)["global"]) == 0


def degenerate(make_batch, change):
    batch = make_batch("CT", 3)
    nothing = torch.full_like(batch.sentence_of_token, -1)
    return {
        "batch of one": make_batch("XR", 1),
        "no report": change(batch, has_report=torch.zeros(3, dtype=torch.bool)),
        "no sentence": change(batch, sentence_of_token=nothing),
        "one report": change(batch, has_report=torch.tensor([False, True, False])),
        "no organs": change(
            batch,
            organ_masks=batch.organ_masks[:, :0],
            organ_usable=batch.organ_usable[:, :0],
            organ_phrase=batch.organ_phrase[:, :0],
        ),
        "nothing known": change(batch, labels=torch.full_like(batch.labels, -2)),
        "all normal": change(batch, labels=torch.zeros_like(batch.labels)),
    }


@pytest.mark.parametrize(
    "name",
    [
        "batch of one", "no report", "no sentence", "one report", "no organs", "nothing known",
        "all normal",
    ],
)  # fmt: skip
def test_degenerate_batches_give_finite_losses_and_gradients(make, make_batch, change, name):
    lovt = make()
    batch = degenerate(make_batch, change)[name]
    terms = lovt(lovt.encode(batch), batch)
    assert set(terms) == {"global", "local_image", "local_report"}
    assert all(term.isfinite() for term in terms.values())
    if name in ("no report", "no sentence"):
        assert all(float(term) == 0 for term in terms.values())
    sum(terms.values()).backward()
    grads = [p.grad for p in lovt.parameters() if p.grad is not None]
    assert grads
    assert all(g.isfinite().all() for g in grads)


def test_half_precision_gives_the_losses_of_single_precision(make, make_batch):
    lovt = make()
    batch = make_batch("XR", 4)
    found = lovt.encode(batch)
    half = {k: v.bfloat16().float() for k, v in found.items()}
    plain = lovt(half, batch)
    with torch.autocast("cpu", torch.bfloat16):
        mixed = lovt({k: v.bfloat16() for k, v in found.items()}, batch)
    for name, term in mixed.items():
        assert term.dtype == torch.float32
        torch.testing.assert_close(term, plain[name])


@pytest.mark.parametrize("name", ABLATIONS)
def test_an_ablation_leaves_out_what_it_names(make, make_batch, name):
    lovt = make(**ABLATIONS[name])
    batch = make_batch("XR", 4)
    terms = lovt(lovt.encode(batch), batch)
    assert ("global" in terms) == (name != "no_g")
    assert ("local_image" in terms) == (name not in ("g_only", "no_l"))
    assert (len([*lovt.image_pool.parameters()]) == 0) == (name in ("g_only", "no_weight_no_att"))
    torch.manual_seed(0)
    whole = make()
    shared = {k: v for k, v in whole.state_dict().items() if k in lovt.state_dict()}
    lovt.load_state_dict(shared)
    full = whole(whole.encode(batch), batch)
    changed = {
        "no_spatial": ["local_image"],
        "no_weight": ["local_image", "local_report"],
        "no_g": ["local_image", "local_report"],
        "no_weight_no_att": ["global", "local_image", "local_report"],
        "g_only": ["global"],
        "no_l": [],
    }[name]
    for key, term in lovt(lovt.encode(batch), batch).items():
        assert (abs(float(term) - float(full[key])) > 1e-6) == (key in changed), key


def test_nothing_to_learn_is_refused():
    with pytest.raises(ValidationError, match="set at least one"):
        LoVTSettings(global_weight=0, local_image_weight=0, local_report_weight=0)
    with pytest.raises(ValidationError):
        LoVTSettings(temperature=0)


def test_a_phrase_is_a_report_of_one_sentence(make, make_batch, change):
    lovt = make().eval()
    batch = make_batch("XR", 3)
    one = change(batch, sentence_of_token=batch.sentence_of_token.clamp(max=0))
    sentence, said = lovt._sentence(batch.input_ids, batch.attention_mask, 0)
    assert said.all()
    seen = []
    lovt.report_pool.register_forward_hook(lambda _, given, __: seen.append(given[0]))
    lovt(lovt.encode(one), one)
    torch.testing.assert_close(seen[0], sentence)
    vectors = lovt.phrase_vectors(batch.input_ids, batch.attention_mask)
    assert vectors.shape == (3, 16)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(
        vectors[:1], lovt.phrase_vectors(batch.input_ids[:1], batch.attention_mask[:1])
    )


def test_vectors_of_images_and_regions_are_unit_vectors_of_one_row_each(make, make_batch):
    lovt = make().eval()
    batch = make_batch("CT", 2)
    found = lovt.encode(batch)
    regions = lovt.region_vectors(found, batch)
    assert regions.shape == (2, batch.organ_masks[0, 0].numel(), 16)
    torch.testing.assert_close(regions.norm(dim=2), torch.ones(regions.shape[:2]))
    alone = {k: v[:1] for k, v in found.items()}
    torch.testing.assert_close(
        lovt.image_vectors(alone, batch), lovt.image_vectors(found, batch)[:1]
    )


def test_a_short_training_ranks_the_matching_pair_first(make, make_batch, change):
    torch.manual_seed(0)
    lovt = make(size=32, hidden=32)
    batch = make_batch("XR", 6)
    optimiser = torch.optim.AdamW([p for p in lovt.parameters() if p.requires_grad], lr=3e-3)
    totals = []
    for _ in range(25):
        loss = sum(lovt(lovt.encode(batch), batch).values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        totals.append(float(loss))
    assert totals[-1] < 0.7 * totals[0]
    with torch.no_grad():
        images = lovt.image_vectors(lovt.encode(batch), batch)
        reports = []
        lovt.global_report.register_forward_hook(lambda _, __, made: reports.append(unit(made)))
        lovt(lovt.encode(batch), batch)
    assert (images @ reports[0].T).argmax(1).tolist() == [*range(6)]
