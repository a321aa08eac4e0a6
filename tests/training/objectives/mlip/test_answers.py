from __future__ import annotations

import torch


def single_sentence(change, batch):
    inner = (batch.sentence_of_token >= 0).long()
    return change(
        batch,
        sentence_of_token=inner - 1,
        concept_of_token=torch.full_like(batch.concept_of_token, -1),
    )


def test_a_phrase_is_a_report_of_one_sentence(make_mlip, make_batch, change, settle):
    batch = single_sentence(change, make_batch("XR"))
    objective = settle(make_mlip(), batch)
    tokens = objective.encode(batch)["text_tokens"]
    phrases = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    torch.testing.assert_close(phrases, objective._text_vectors(tokens))
    absent = objective.phrase_vectors(batch.input_ids, batch.attention_mask, polarity=1)
    assert (absent - phrases).abs().max() > 1e-5  # the prompts are of random, small numbers


def test_a_phrase_names_entities_as_its_report_does(make_mlip, make_batch, change, letters, settle):
    ids = torch.tensor([[2, 1, 4, 1, 3], [2, 5, 3, 0, 0]])
    inner = (ids > 3) | (ids == 1)
    concepts = {4: 4, 5: 6}  # of the vocabulary
    objective = settle(make_mlip(), make_batch("XR"))
    unlinked = objective.region_phrase_vectors(ids, (ids > 0).long())
    objective.use_tokenizer(letters)
    linked = objective.region_phrase_vectors(ids, (ids > 0).long())
    assert not torch.allclose(linked, unlinked, atol=1e-3)
    batch = change(
        make_batch("XR", 2),
        input_ids=ids,
        attention_mask=(ids > 0).long(),
        sentence_of_token=inner.long() - 1,
        concept_of_token=torch.tensor([[concepts.get(n, -1) for n in row] for row in ids.tolist()]),
    )
    seen = objective.encode(batch)
    given = batch.concept_of_token, inner
    words = objective._words(seen["text_tokens"], *given)
    omega = objective._word_weights(seen["text_attention"], *given)
    expected = torch.nn.functional.normalize((words * omega[..., None]).sum(1), dim=1)
    torch.testing.assert_close(linked, expected)


def test_names_are_read_once_and_survive_a_changed_tower(make_mlip, make_batch, letters, run):
    objective = make_mlip(entity_vectors="names")
    objective.use_tokenizer(letters)
    table = objective.knowledge.table.clone()
    assert table.shape == (8, objective.text_width)
    assert table[:-1].norm(dim=1).allclose(torch.ones(7))
    with torch.no_grad():
        objective.model.text.bert.embeddings.word_embeddings.weight.mul_(-2)
    objective.use_tokenizer(letters)
    assert torch.equal(objective.knowledge.table, table)
    assert all(term.isfinite() for term in run(objective, make_batch("XR")).values())


def test_vectors_for_evaluation_are_unit_and_meet_in_pairs(make_mlip, make_batch, settle):
    batch = make_batch("CT", 3)
    objective = settle(make_mlip(), batch)
    representations = objective.encode(batch)
    images = objective.image_vectors(representations, batch)
    phrases = objective.phrase_vectors(batch.input_ids[:2], batch.attention_mask[:2])
    regions = objective.region_vectors(representations, batch)
    local = objective.region_phrase_vectors(batch.input_ids[:2], batch.attention_mask[:2])
    assert images.shape == (3, 16)
    assert phrases.shape == local.shape == (2, 16)
    assert regions.shape == (3, batch.organ_masks[0, 0].numel(), 16)
    for vectors in (images, phrases, regions, local):
        torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(vectors.shape[:-1]))
