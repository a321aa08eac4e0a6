from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import UNKNOWN, Batch, join
from medvlp_training.objectives.registry import objective_class
from medvlp_training.objectives.shared.dino import dino_loss
from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.objectives.shared.joint_encoder import JointEncoder
from medvlp_training.objectives.shared.slice_selection import slice_hit_rate
from medvlp_training.objectives.shared.token_masking import kept_tokens
from medvlp_training.objectives.unimedi import UniMedI, UniMedISettings
from medvlp_training.pretraining.cached_gradients import backward

SMALL = {"size": 8, "prototypes": 12, "head_size": 16, "bottleneck": 6}
DISTILLED = {"masked_summary", "masked_patch", "teacher_summary", "teacher_patch"}


@pytest.fixture
def make(make_model, vocabulary) -> Callable[..., UniMedI]:
    def build(double: bool = False, seed: int = 0, **settings) -> UniMedI:
        model = make_model(seed, double)
        for token in (model.vision.modality, model.vision.summary_token):
            nn.init.normal_(token, std=0.5)
        objective = UniMedI(model, UniMedISettings(**(SMALL | settings)), vocabulary)
        return objective.double() if double else objective

    return build


def gradients(objective: UniMedI) -> dict[str, float]:
    return {
        name: float(p.grad.abs().sum())
        for name, p in objective.named_parameters()
        if p.grad is not None
    }


def loss(objective: UniMedI, batch) -> torch.Tensor:
    return sum(objective(objective.encode(batch), batch).values())


def test_the_registry_knows_it():
    assert objective_class("unimedi") is UniMedI


# Slices and the joint sequence


@pytest.mark.parametrize("selection", ["attentive", "uniform", "random"])
def test_all_slices_is_no_selection(make, make_batch, selection):
    batch = make_batch("CT")
    everything = make(slices="all", selection="uniform").eval()
    selected = make(slices=3, selection=selection, selection_warm_up=0).eval()
    assert batch.images.shape[2] // 8 == 3
    assert selected.selected_slices(batch).tolist() == [[4, 12, 20]] * 4
    torch.testing.assert_close(
        everything.encode(batch)["image_summary"], selected.encode(batch)["image_summary"]
    )


def test_attentive_selection_takes_the_slices_the_teacher_attends_to(make, make_batch):
    objective, batch = make(slices=1, selection_warm_up=0), make_batch("CT")
    found = objective.selected_slices(batch)
    teacher = objective.teacher["vision"]
    attention = teacher.transform_with_attention(teacher.sequence(batch.images))[2]
    scores = attention.reshape(4, 3, 2 * 4).mean(2)
    assert torch.equal(found[:, 0], scores.argmax(1) * 8 + 4)
    with torch.no_grad():  # the student's own attention plays no part
        objective.model.vision.layers[0].qkv.weight.normal_()
    assert torch.equal(objective.selected_slices(batch), found)


def test_slices_are_uniform_until_the_class_token_has_learned(make, make_batch):
    objective, batch = make(slices=1, selection_warm_up=0.2), make_batch("CT", size=16)
    assert objective.selected_slices(batch).tolist() == [[12]] * 16
    objective.after_step(0.2)
    assert objective.selected_slices(batch).unique().numel() > 1


def test_random_slices_belong_to_the_sample_and_change_with_the_steps(make, make_batch):
    objective, batch = make(slices=1, selection="random"), make_batch("CT", size=16)
    found = objective.selected_slices(batch)
    assert found.unique().numel() == 3
    assert torch.equal(objective.selected_slices(batch.part(slice(5, 9))), found[5:9])
    objective.after_step(0.1)
    assert not torch.equal(objective.selected_slices(batch), found)


def test_the_summary_of_a_ct_reads_its_slices_too(make, make_batch):
    batch = make_batch("CT")
    objective = make(slices=1, selection="uniform").eval()
    before = objective.encode(batch)
    with torch.no_grad():
        objective.model.vision.tokeniser_2d.to_tokens.bias.normal_()
    after = objective.encode(batch)
    assert not torch.allclose(before["image_summary"], after["image_summary"], atol=1e-4)
    assert before["image_tokens"].shape == (4, 3 * 2 * 4, 32)


def test_x_rays_pass_as_in_every_other_objective(make, make_batch):
    objective, batch = make().eval(), make_batch("XR")
    plain = objective.model.vision.encode_tokens(batch.images)
    found = objective.encode(batch)
    torch.testing.assert_close(found["image_summary"], plain.summary)
    torch.testing.assert_close(found["image_tokens"], plain.tokens)


def test_slices_of_x_rays_are_refused(make, make_batch):
    with pytest.raises(MedVLPError, match="X-rays"):
        make().selected_slices(make_batch("XR"))


# Rows stand alone


@pytest.mark.parametrize("kind", ["XR", "CT"])
@pytest.mark.parametrize("drawn", ["attentive", "random"])
def test_encoding_is_row_by_row_and_can_be_repeated(make, make_batch, kind, drawn):
    objective = make(selection=drawn, masking=drawn, slices=2, selection_warm_up=0).train()
    batch = make_batch(kind)
    whole = objective.encode(batch)
    assert set(whole) >= DISTILLED
    again = objective.encode(batch)
    parts = [objective.encode(batch.part(slice(n, n + 1))) for n in range(4)]
    for name, value in whole.items():
        torch.testing.assert_close(again[name], value, rtol=0, atol=0)
        joined = torch.cat([part[name] for part in parts])
        torch.testing.assert_close(joined, value, rtol=1e-4, atol=1e-5)


def test_loss_needs_no_images(make, make_batch, change):
    objective, batch = make().train(), make_batch("CT")
    found = objective.encode(batch)
    terms = objective(found, batch)
    bare = objective(found, change(batch, images=batch.images[..., :0]))
    for name, value in terms.items():
        assert torch.equal(bare[name], value)


# Self-distillation


def test_nothing_is_distilled_outside_training(make, make_batch):
    batch = make_batch("XR")
    objective = make().eval()
    found = objective.encode(batch)
    assert not set(found) & DISTILLED
    terms = objective(found, batch)
    assert float(terms["summary_distillation"]) == float(terms["patch_distillation"]) == 0
    plain = make(summary_weight=0, patch_weight=0).train()
    assert not set(plain.encode(batch)) & DISTILLED


def test_teacher_is_the_student_at_the_start(make, make_batch):
    """Without masking both see the same, and say the same."""
    objective = make(masked_share=0, patches=1000).train()
    for kind in ("XR", "CT"):
        found = objective.encode(make_batch(kind))
        torch.testing.assert_close(found["masked_summary"], found["teacher_summary"])
        torch.testing.assert_close(found["masked_patch"], found["teacher_patch"])
        torch.testing.assert_close(found["masked_summary"], found["image_summary"])


def test_terms_are_the_weighted_losses(make, make_batch):
    weights = {"contrastive_weight": 2.0, "summary_weight": 3.0, "patch_weight": 0.5}
    objective, batch = make(**weights).train(), make_batch("XR")
    objective.centres["summary"].value.normal_()
    found = objective.encode(batch)
    terms = objective(found, batch)
    images = objective.image_vectors(found, batch)
    texts = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    contrastive = 2 * infonce(images, texts, 1 / 0.07)
    torch.testing.assert_close(terms["contrastive"], contrastive, rtol=1e-4, atol=1e-5)
    for view, weight in (("summary", 3.0), ("patch", 0.5)):
        heads = objective.heads[view], objective.teacher["heads"][view]
        student, teacher = (
            head(found[f"{who}_{view}"])
            for head, who in zip(heads, ("masked", "teacher"), strict=True)
        )
        expected = weight * dino_loss(student, teacher, objective.centres[view].value, 0.04)
        torch.testing.assert_close(terms[f"{view}_distillation"], expected)


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_masked_tokens_have_no_influence_on_the_student(make, make_batch, kind):
    objective, batch = make(masked_share=0.5, patches=1000).train(), make_batch(kind, size=2)
    slices = objective.selected_slices(batch) if kind == "CT" else None
    encoder = JointEncoder.of({"vision": objective.model.vision})
    sequence = encoder.sequence(batch.images, slices)
    tokens = sequence.tokens.detach().requires_grad_()
    views = objective._two_views(replace(sequence, tokens=tokens), batch.images, slices)
    (views["masked_summary"].square().sum() + views["masked_patch"].square().sum()).backward()
    touched = tokens.grad.abs().sum(-1) > 0
    # The teacher is the student still: those of the highest attention are kept.
    attention = encoder.transform_with_attention(sequence)[2]
    expected = torch.zeros_like(touched).scatter(1, kept_tokens(attention, 0.5), True)
    assert torch.equal(touched, expected)
    assert int(touched[0].sum()) == touched.shape[1] // 2


def test_patches_are_compared_with_the_teachers_of_the_same_place(make, make_batch):
    objective, batch = make(masked_share=0.5, patches=2).train(), make_batch("XR")
    found = objective.encode(batch)
    teacher = objective.teacher["vision"]
    sequence = teacher.sequence(batch.images)
    tokens, _, attention = teacher.transform_with_attention(sequence)
    kept = kept_tokens(attention, 0.5)  # 3 of 6; ranks 0 and 2
    for row in range(4):
        torch.testing.assert_close(found["teacher_patch"][row], tokens[row, kept[row, [0, 2]]])
    student, _ = objective.model.vision.transform(
        objective.model.vision.sequence(batch.images).only(kept)
    )
    torch.testing.assert_close(found["masked_patch"], student[:, [0, 2]])


def test_random_masking_keeps_other_tokens_at_every_step(make, make_batch):
    objective, batch = make(masking="random").train(), make_batch("XR")
    before = objective.encode(batch)["masked_summary"]
    objective.steps.add_(1)
    assert not torch.allclose(objective.encode(batch)["masked_summary"], before, atol=1e-4)


def test_centres_follow_the_joined_batch_after_the_step_and_only_in_training(make, make_batch):
    objective, batch = make().train(), make_batch("XR")
    found = objective.encode(batch)
    objective.eval()(found, batch)
    objective.after_step(0.0)
    assert not objective.centres["summary"].value.any()
    objective.train()(found, batch)
    assert not objective.centres["summary"].value.any()
    logits = objective.teacher["heads"]["summary"](found["teacher_summary"])
    objective.after_step(0.0)
    torch.testing.assert_close(objective.centres["summary"].value, 0.1 * logits.mean(0))


def test_teacher_follows_the_student_and_stands_still_at_the_end(make):
    objective = make(teacher_momentum=0.9)
    weight = objective.teacher["vision"].pool.weight
    old = weight.clone()
    with torch.no_grad():
        objective.model.vision.pool.weight.add_(1)
    objective.after_step(1.0)
    assert torch.equal(weight, old)
    objective.after_step(0.0)
    torch.testing.assert_close(weight, old + 0.1)


def test_a_resumed_run_has_the_same_teacher_centres_and_progress(make, make_batch):
    objective, batch = make(selection="random", masking="random").train(), make_batch("CT")
    loss(objective, batch)
    with torch.no_grad():
        objective.model.vision.layers[0].qkv.weight.mul_(2)
    objective.after_step(0.4)
    resumed = make(selection="random", masking="random", seed=5).train()
    resumed.load_state_dict(objective.state_dict())
    torch.testing.assert_close(loss(resumed, batch), loss(objective, batch), rtol=0, atol=0)


# Gradients


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_gradients_reach_what_is_trained_and_never_the_teacher(make, make_batch, kind):
    objective = make().train()
    loss(objective, make_batch(kind)).backward()
    found = gradients(objective)
    assert not [name for name in found if name.startswith("teacher.")]
    assert not any(p.requires_grad for p in objective.teacher.parameters())
    trained = [
        "model.vision.layers.0.qkv.weight",
        "model.vision.tokeniser_2d.stem.weight",  # of a CT, through its slices
        "model.text.bert.encoder.layer.0.output.dense.weight",
        "image_projection.weight",
        "text_projection.weight",
        "temperature.log_scale",
        "heads.summary.prototypes",
        "heads.patch.prototypes",
    ]
    if kind == "CT":
        trained.append("model.vision.tokeniser_3d.stem.weight")
    assert all(found[name] > 0 for name in trained)
    assert ("model.vision.tokeniser_3d.stem.weight" in found) == (kind == "CT")


@pytest.mark.parametrize("view", ["summary", "patch"])
def test_distillation_trains_the_image_side_alone(make, make_batch, view):
    objective, batch = make().train(), make_batch("XR")
    objective(objective.encode(batch), batch)[f"{view}_distillation"].backward()
    found = {name for name, size in gradients(objective).items() if size > 0}
    assert "model.vision.layers.0.qkv.weight" in found
    assert f"heads.{view}.prototypes" in found
    assert not [name for name in found if "text" in name or "projection" in name]


@pytest.mark.parametrize("drawn", ["attentive", "random"])
def test_cached_gradients_are_those_of_the_whole_batch(make, make_batch, drawn):
    batch, found = make_batch("CT", double=True), []
    for part_size in (None, 2):
        objective = make(double=True, selection=drawn, masking=drawn, selection_warm_up=0).train()
        terms = backward(objective, batch, part_size)
        found.append((terms, gradients(objective)))
    (terms, whole), (terms_in_parts, in_parts) = found
    for name, value in terms.items():
        torch.testing.assert_close(terms_in_parts[name], value)
    assert whole.keys() == in_parts.keys()
    for name, size in whole.items():
        assert in_parts[name] == pytest.approx(size, rel=1e-6, abs=1e-9), name


def test_gradcheck_of_the_loss(make, make_batch):
    objective = make(double=True).train()
    batch = make_batch("XR", size=3, double=True)
    found = {name: value.detach() for name, value in objective.encode(batch).items()}
    names = ("image_summary", "text_tokens", "masked_summary", "masked_patch")
    for head in objective.heads.values():  # from DINO's own initialisation little comes through
        for layer in head.mlp:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=0.5)

    def total(*inputs: torch.Tensor) -> torch.Tensor:
        terms = objective(found | dict(zip(names, inputs, strict=True)), batch)
        return torch.stack(list(terms.values()))

    inputs = [found[name].requires_grad_() for name in names]
    assert torch.autograd.gradcheck(total, inputs, fast_mode=True)


# Two encoders


def test_two_encoders_share_tokenisers_and_start_alike(make, make_batch):
    one, two = make().eval(), make(two_encoders=True).eval()
    for kind in ("XR", "CT"):
        batch = make_batch(kind)
        torch.testing.assert_close(
            one.encode(batch)["image_summary"], two.encode(batch)["image_summary"]
        )


def test_two_encoders_learn_apart(make, make_batch):
    objective = make(two_encoders=True).train()
    shared, flat = "model.vision.layers.0.qkv.weight", "flat_transformer.layers.0.qkv.weight"
    loss(objective, make_batch("XR")).backward()
    found = gradients(objective)
    assert shared not in found
    assert found[flat] > 0
    assert found["model.vision.tokeniser_2d.stem.weight"] > 0
    objective.zero_grad()
    loss(objective, make_batch("CT")).backward()
    found = gradients(objective)
    assert flat not in found
    assert found[shared] > 0
    assert "teacher.copies.flat_transformer.layers.0.qkv.weight" in objective.state_dict()


# What evaluation asks


def test_a_phrase_is_a_report_of_one_sentence(make, make_batch):
    objective, batch = make().eval(), make_batch("XR")
    found = objective.encode(batch)
    texts = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    expected = objective.text_projection(found["text_tokens"][:, 0])
    torch.testing.assert_close(texts, expected / expected.norm(dim=1, keepdim=True))
    absent = objective.phrase_vectors(batch.input_ids, batch.attention_mask, polarity=1)
    assert not torch.allclose(texts, absent, atol=1e-4)


@pytest.mark.parametrize(("kind", "tokens"), [("XR", 6), ("CT", 24)])
def test_vectors_are_of_unit_length_and_regions_are_the_images_own_tokens(
    make, make_batch, kind, tokens
):
    objective, batch = make().eval(), make_batch(kind)
    found = objective.encode(batch)
    assert objective.image_vectors(found, batch).shape == (4, 8)
    regions = objective.region_vectors(found, batch)
    assert regions.shape == (4, tokens, 8)
    torch.testing.assert_close(regions.norm(dim=-1), torch.ones(4, tokens))


# Invariances and degenerate batches


def test_the_order_of_samples_does_not_matter(make, make_batch):
    objective, batch = make().train(), make_batch("XR")
    moved = join([batch.part(slice(n, n + 1)) for n in (2, 0, 3, 1)])
    torch.testing.assert_close(loss(objective, moved), loss(objective, batch))


def test_samples_of_one_patient_are_not_each_others_negatives(make, make_batch, change):
    objective, batch = make().train(), make_batch("XR", size=2)
    together = change(batch, patients=("a", "a"))
    found = objective.encode(batch)
    assert float(objective(found, batch)["contrastive"]) > 0
    assert float(objective(found, together)["contrastive"]) == 0


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_images_without_report_are_distilled_but_not_aligned(make, make_batch, change, kind):
    objective, batch = make().train(), make_batch(kind)
    none = change(batch, has_report=torch.zeros(4, dtype=torch.bool))
    terms = objective(objective.encode(none), none)
    assert float(terms["contrastive"].detach()) == 0
    assert float(terms["summary_distillation"].detach()) > 0
    sum(terms.values()).backward()
    assert all(torch.isfinite(p.grad).all() for p in objective.parameters() if p.grad is not None)
    some = change(batch, has_report=torch.tensor([True, False, True, True]))
    with_three = join([some.part(slice(0, 1)), some.part(slice(2, 4))])
    torch.testing.assert_close(
        objective(objective.encode(some), some)["contrastive"],
        objective(objective.encode(with_three), with_three)["contrastive"],
    )


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_degenerate_batches_give_finite_losses_and_gradients(make, make_batch, change, kind):
    batch = make_batch(kind, size=1)
    bare = change(
        batch,
        labels=torch.full_like(batch.labels, UNKNOWN),
        organ_masks=batch.organ_masks[:, :0],
        organ_usable=batch.organ_usable[:, :0],
        organ_phrase=batch.organ_phrase[:, :0],
        images=torch.zeros_like(batch.images),
    )
    for case in (batch, bare):
        objective = make().train()
        terms = objective(objective.encode(case), case)
        assert float(terms["contrastive"].detach()) == 0
        total = sum(terms.values())
        assert torch.isfinite(total)
        total.backward()
        assert all(
            torch.isfinite(p.grad).all() for p in objective.parameters() if p.grad is not None
        )


def test_half_precision_gives_float32_losses_near_the_exact_ones(make, make_batch):
    objective, batch = make().train(), make_batch("CT")
    with torch.autocast("cpu", torch.bfloat16):
        terms = objective(objective.encode(batch), batch)
    exact = objective(objective.encode(batch), batch)
    for name, value in terms.items():
        assert value.dtype == torch.float32
        assert float(value) == pytest.approx(float(exact[name]), rel=0.1)


@pytest.mark.parametrize(
    "wrong",
    [{"slices": 0}, {"slices": "some"}, {"masked_share": 1.0}, {"selection": "best"}, {"topk": 3}],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        UniMedISettings(**wrong)


def test_a_window_that_the_model_lacks_is_refused(make):
    with pytest.raises(MedVLPError, match="slice_window is 3, but the model has 3"):
        make(slice_window=3)


# Learning

DEPTHS = 6
PATTERNS = torch.tensor([[1.0, 1, -1], [1, -1, 1], [-1, 1, 1], [-1, -1, -1]])


def texts(what: torch.Tensor) -> torch.Tensor:
    return torch.stack([torch.full_like(what, 2), 100 + what, torch.full_like(what, 3)], dim=1)


def planted(count: int, generator: torch.Generator) -> tuple[Batch, torch.Tensor, torch.Tensor]:
    """Noise with one depth that holds what the report names; what it is, and the slices that show it."""
    what = torch.randint(0, len(PATTERNS), (count,), generator=generator)
    where = torch.randint(0, DEPTHS, (count,), generator=generator)
    shown = (torch.arange(DEPTHS) == where[:, None]).repeat_interleave(8, dim=1)
    images = torch.randn(count, 3, DEPTHS * 8, 8, 8, generator=generator) * 0.1
    images += PATTERNS[what][:, :, None, None, None] * shown[:, None, :, None, None]
    ids = texts(what)
    batch = Batch(
        images=images,
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        sentence_of_token=torch.tensor([-1, 0, -1]).expand(count, -1),
        concept_of_token=torch.full_like(ids, -1),
        has_report=torch.ones(count, dtype=torch.bool),
        labels=torch.full((count, 1), UNKNOWN, dtype=torch.int8),
        organ_masks=torch.zeros(count, 0, DEPTHS, 1, 1),
        organ_usable=torch.zeros(count, 0, dtype=torch.bool),
        organ_phrase=torch.zeros(count, 0, dtype=torch.int64),
        patients=tuple(map(str, range(count))),
    )
    return batch, what, shown


def test_training_finds_the_slices_that_matter_and_the_text_of_each_scan(make_model, vocabulary):
    settings = {"size": 16, "prototypes": 32, "head_size": 32, "bottleneck": 16, "slices": 1}
    chosen = UniMedISettings(**settings, teacher_momentum=0.8, selection_warm_up=0.2)
    objective = UniMedI(make_model(), chosen, vocabulary).train()
    trained = [p for p in objective.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=3e-3)
    generator, steps = torch.Generator().manual_seed(0), 45
    aligned = []
    for step in range(steps):
        batch, _, _ = planted(16, generator)
        terms = objective(objective.encode(batch), batch)
        optimiser.zero_grad()
        sum(terms.values()).backward()
        optimiser.step()
        objective.after_step((step + 1) / steps)
        aligned.append(float(terms["contrastive"].detach()))
    assert sum(aligned[-5:]) < 0.8 * sum(aligned[:5])

    batch, what, shown = planted(128, torch.Generator().manual_seed(99))
    objective.eval()
    with torch.no_grad():
        images = objective.image_vectors(objective.encode(batch), batch)
        ids = texts(torch.arange(len(PATTERNS)))
        named = images @ objective.phrase_vectors(ids, torch.ones_like(ids)).T
    assert float((named.argmax(1) == what).float().mean()) > 0.5  # chance is 0.25
    rate = slice_hit_rate(objective.selected_slices(batch), shown)
    assert rate.scans_by_chance == pytest.approx(1 / DEPTHS)
    assert rate.scans > 2 * rate.scans_by_chance
