from __future__ import annotations

import pytest
import torch

from medvlp_training.objectives.shared.projection import RowNorm

TERMS = ("global", "divergence", "local", "prototype", "category", "matching", "swapping")


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_every_term_is_there_and_trains_the_encoders(make_mlip, make_batch, kind, run):
    objective = make_mlip()
    terms = run(objective, make_batch(kind))
    assert tuple(terms) == TERMS
    assert all(term.isfinite() and term > 0 for term in terms.values())
    sum(terms.values()).backward()
    unused = {name.split(".")[0] for name, p in objective.named_parameters() if p.grad is None}
    assert unused == {"model"}  # other kind's tokeniser, dense decoders, projections of the model
    assert objective.model.vision.layers[0].qkv.weight.grad.abs().sum() > 0
    assert objective.model.text.bert.embeddings.word_embeddings.weight.grad.abs().sum() > 0


def reached(objective, term):
    """Which parts of the objective the gradient of a term reaches."""
    objective.zero_grad()
    term.backward(retain_graph=True)
    found = set()
    for name, parameter in objective.named_parameters():
        if parameter.grad is not None and parameter.grad.abs().sum() > 0:
            found.add(".".join(name.split(".")[: 2 if name.startswith("model") else 1]))
    return found


def test_gradients_go_where_the_paper_lets_them(make_mlip, make_batch, run):
    objective = make_mlip(divergence_low=0.4)
    terms = run(objective, make_batch("XR", 6))
    both = {"model.vision", "model.text"}
    projections = {"image_global", "text_global"}
    views = {"image_divergence", "text_divergence"}
    local = {"image_local", "text_local", "entity_projection"}
    assert reached(objective, terms["global"]) == both | projections | views
    assert reached(objective, terms["divergence"]) == both | projections | views
    assert reached(objective, terms["local"]) == both | local
    assert reached(objective, terms["prototype"]) == both | projections | {"prototypes"}
    assert reached(objective, terms["category"]) == both | projections | {"prototypes"}
    assert reached(objective, terms["matching"]) == both | {"proxies"}
    assert reached(objective, terms["swapping"]) == both | {"proxies"}


def test_the_divergence_term_stops_at_the_original(make_mlip, make_batch, run):
    objective = make_mlip(divergence_detached=True, divergence_low=0.4)
    terms = run(objective, make_batch("XR", 6))
    # A view's input is detached, and the original in the distance is too.
    expected = {"image_global", "text_global", "image_divergence", "text_divergence"}
    assert reached(objective, terms["divergence"]) == expected
    assert {"model.vision", "model.text"} < reached(objective, terms["global"])


def test_entity_vectors_and_attention_weights_are_frozen(make_mlip, make_batch):
    objective, batch = make_mlip(), make_batch("XR")
    representations = objective.encode(batch)
    assert not representations["text_attention"].requires_grad
    before = objective.knowledge.table.clone()
    optimiser = torch.optim.SGD(objective.parameters(), 0.1)
    sum(objective(representations, batch).values()).backward()
    optimiser.step()
    assert torch.equal(objective.knowledge.table, before)
    assert not any(p.data_ptr() == objective.knowledge.table.data_ptr()
                   for p in objective.parameters())  # fmt: skip


def test_a_saved_state_gives_the_same_losses(make_mlip, make_batch, run, settle):
    batch = make_batch("XR")
    objective = settle(make_mlip(), batch)
    restored = make_mlip().eval()
    restored.load_state_dict(objective.state_dict())
    torch.testing.assert_close(run(objective, batch), run(restored, batch))
    assert int(restored.categories.filled) > 0


def test_a_short_training_lowers_the_loss_and_ranks_the_pair_first(
    make_mlip, make_batch, change, run
):
    torch.manual_seed(0)
    batch = make_batch("XR", 4)
    quarters = torch.eye(4).view(4, 1, 2, 2).repeat_interleave(48, 2).repeat_interleave(32, 3)
    batch = change(batch, images=quarters * 2 - 1)
    objective = make_mlip()
    optimiser = torch.optim.Adam(objective.parameters(), 1e-3)
    losses = []
    for _ in range(20):
        loss = sum(run(objective, batch).values())
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    # So few steps leave the running statistics near where they began.
    for module in objective.modules():
        if isinstance(module, RowNorm):
            module.reset_running_stats()
            module.momentum = None
    run(objective, batch)
    objective.eval()
    images = objective.image_vectors(objective.encode(batch), batch)
    texts = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    assert losses[-1] < 0.6 * losses[0]
    assert (images @ texts.T).argmax(1).tolist() == [0, 1, 2, 3]
