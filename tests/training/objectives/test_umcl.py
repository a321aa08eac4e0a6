from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from medvlp.errors import MedVLPError
from medvlp.models.text import ABSENT, PRESENT, tokenize
from medvlp_training.objectives.batch import UNKNOWN
from medvlp_training.objectives.shared.class_texts import ClassTexts
from medvlp_training.objectives.umcl import UMCL, UMCLSettings, presence_loss

NO_SOURCE = {"targets": {}, "presence_weight": 0.0}


@pytest.fixture
def labels_only(without_reports, change):
    """``labels_only(batch, labels)``: the batch with its texts taken away."""

    def strip(batch, labels):
        return change(without_reports(batch), labels=torch.tensor(labels, dtype=torch.int8))

    return strip


def test_without_soft_targets_it_is_clip(make_objective, make_batch):
    umcl, clip = make_objective("umcl", double=True, **NO_SOURCE), make_objective("clip", 1, True)
    clip.load_state_dict(umcl.state_dict())
    batch = make_batch(size=5, double=True)
    losses = []
    for objective in (umcl, clip):
        loss = sum(objective(objective.encode(batch), batch).values())
        loss.backward()
        losses.append(loss)
    assert torch.equal(*losses)
    for ours, theirs in zip(umcl.parameters(), clip.parameters(), strict=True):
        assert (ours.grad is None) == (theirs.grad is None)
        assert ours.grad is None or torch.allclose(ours.grad, theirs.grad)


def test_distinct_labels_leave_clip(make_objective, make_batch, change):
    batch = change(make_batch(size=4, double=True), labels=torch.eye(4, dtype=torch.int8))
    clip = make_objective("clip", double=True)
    umcl = make_objective("umcl", double=True, presence_weight=0.0)
    umcl.load_state_dict(clip.state_dict())
    ours, theirs = (o(o.encode(batch), batch)["contrastive"] for o in (umcl, clip))
    assert torch.allclose(ours, theirs)


def test_with_the_same_labels_every_match_is_as_good(make_objective, make_batch, change):
    labels = torch.tensor([[1, 0, 0, 0]] * 3, dtype=torch.int8)
    batch = change(make_batch(size=3, double=True), labels=labels)
    umcl = make_objective("umcl", double=True, presence_weight=0.0)
    representations = umcl.encode(batch)
    turned = representations | {"text_pooled": representations["text_pooled"].roll(1, 0)}
    one, other = umcl(representations, batch), umcl(turned, batch)
    assert torch.allclose(one["contrastive"], other["contrastive"])


def test_names_are_listed_between_the_special_tokens(tokenizer):
    texts = ClassTexts.of(("pleural_effusion", "pneumothorax", "lung_nodule"), tokenizer)
    chosen = torch.tensor([[True, False, True], [False, True, False], [True, True, True]])
    ids, mask = texts.listed(chosen)
    said = [
        "pleural effusion, lung nodule",
        "pneumothorax",
        "pleural effusion, pneumothorax, lung nodule",
    ]
    expected_ids, expected_mask = tokenize(tokenizer, said)
    assert torch.equal(ids, expected_ids)
    assert torch.equal(mask, expected_mask)


@pytest.mark.parametrize("context", ["unified", "class"])
def test_labels_alone_are_told_by_the_learned_prompt(
    make_objective, make_batch, labels_only, tokenizer, context
):
    umcl = make_objective("umcl", double=True, context=context)
    labels = [[0, 0, 1, UNKNOWN], [0, UNKNOWN, UNKNOWN, -1]]
    batch = labels_only(make_batch(size=2, double=True), labels)
    texts = umcl.project(umcl.encode(batch)["text_pooled"])
    nodule = umcl.phrase_vectors(*tokenize(tokenizer, ["lung nodule"]), PRESENT)
    no_effusion = umcl.phrase_vectors(*tokenize(tokenizer, ["pleural effusion"]), ABSENT)
    assert torch.allclose(texts, torch.cat([nodule, no_effusion]))


def test_samples_that_nothing_is_known_of_change_nothing(
    make_objective, make_batch, labels_only, change
):
    umcl = make_objective("umcl", double=True)
    images = make_batch(size=3, double=True)
    unknown = [UNKNOWN] * 4
    batch = labels_only(images, [[1, 0, 0, 0], unknown, [0, 1, 0, 0]])
    some = change(
        labels_only(images.part(slice(2)), [[1, 0, 0, 0], [0, 1, 0, 0]]),
        images=images.images[[0, 2]],
        patients=("first", "third"),
    )
    for name, loss in umcl(umcl.encode(batch), batch).items():
        assert torch.allclose(loss, umcl(umcl.encode(some), some)[name])


@pytest.mark.parametrize("context", ["unified", "class"])
def test_prompts_learn_behind_a_frozen_text_encoder(
    make_objective, make_batch, labels_only, context
):
    umcl = make_objective("umcl", context=context, presence_weight=0.0)
    umcl.model.text.bert.requires_grad_(False)
    batch = labels_only(make_batch(size=2), [[1, 0, 0, 0], [0, 0, 0, 0]])
    umcl(umcl.encode(batch), batch)["contrastive"].backward()
    learnt = umcl.contexts if context == "class" else umcl.model.text.prompts
    assert (learnt.grad.flatten(1).abs().sum(1) > 0).all()
    assert all(p.grad is None for p in umcl.model.text.bert.parameters())


def test_a_class_prompt_learns_from_its_own_class_alone(make_objective, make_batch, labels_only):
    umcl = make_objective("umcl", context="class", presence_weight=0.0)
    batch = labels_only(make_batch(size=2), [[1, 0, 0, 0], [0, 0, 1, 0]])
    umcl(umcl.encode(batch), batch)["contrastive"].backward()
    moved = umcl.contexts.grad[PRESENT].flatten(1).abs().sum(1) > 0
    assert moved.tolist() == [True, False, True, False]
    assert umcl.contexts.grad[ABSENT].abs().sum() == 0


def test_presence_by_hand():
    positive = torch.tensor([[2.0, 0.0], [1.0, 5.0]])
    negative = torch.tensor([[0.0, 3.0], [1.0, 5.0]])
    labels = torch.tensor([[1, 0], [UNKNOWN, -1]])
    expected = (F.softplus(torch.tensor(-2.0)) + F.softplus(torch.tensor(-3.0))) / 2
    assert torch.allclose(presence_loss(positive, negative, labels), expected)
    assert presence_loss(positive, negative, torch.full((2, 2), UNKNOWN)) == 0


def test_presence_gradients_are_those_of_the_formula():
    logits = torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([[1, 0, -1, UNKNOWN], [0, 0, 1, 1], [UNKNOWN] * 4])
    assert torch.autograd.gradcheck(lambda x: presence_loss(x[0], x[1], labels), logits)


def test_zero_shot_is_a_softmax_over_classes_or_over_each_pair(make_objective):
    umcl = make_objective("umcl", double=True)
    with torch.no_grad():
        umcl.model.text.prompts *= 50
    images = F.normalize(torch.randn(3, 512, dtype=torch.float64), dim=1)
    signs = [images @ umcl.class_vectors(sign).T * umcl.temperature() for sign in (0, 1)]
    assert torch.allclose(umcl.zero_shot(images, exclusive=True), signs[0].softmax(1))
    pairs = torch.stack(signs, dim=2).softmax(2)[..., 0]
    assert torch.allclose(umcl.zero_shot(images, exclusive=False), pairs)


def test_class_vectors_do_not_depend_on_padding(make_objective):
    umcl = make_objective("umcl", double=True, context="class")
    texts = umcl.class_texts
    longer = [F.pad(ids, (0, 3)) for ids in (texts.input_ids, texts.attention_mask)]
    assert torch.allclose(umcl.phrase_vectors(*longer), umcl.class_vectors(PRESENT))


def test_a_missing_tokenizer_is_named(make_model, make_batch, vocabulary):
    umcl = UMCL(make_model(), UMCLSettings(), vocabulary)
    batch = make_batch()
    with pytest.raises(MedVLPError, match="use_tokenizer"):
        umcl(umcl.encode(batch), batch)


def test_training_on_labels_alone_ranks_the_finding_first(make_objective, make_batch, labels_only):
    umcl = make_objective("umcl", size=16).train()
    batch = labels_only(make_batch(size=4), torch.eye(4).long().tolist())
    optimiser = torch.optim.AdamW(umcl.parameters(), lr=3e-3)
    losses = []
    for _ in range(25):
        loss = sum(umcl(umcl.encode(batch), batch).values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        umcl.after_step(0.0)
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    with torch.no_grad():
        found = umcl.zero_shot(umcl.image_vectors(umcl.encode(batch), batch), exclusive=False)
    assert torch.equal(found.argmax(1), torch.arange(4))
    assert (found.diagonal() > 0.5).all()
