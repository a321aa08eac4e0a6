from __future__ import annotations

import torch

from medvlp_training.objectives.shared.encode_once import encode_once
from medvlp_training.objectives.shared.text_attention import (
    record_queries_and_keys,
    summary_attention,
)


def test_it_is_what_the_tower_itself_attends_to(make_model, make_batch):
    tower, batch = make_model().text.eval(), make_batch("XR", 3)
    published = {}
    weights = tower.bert.encoder.layer[-1].attention.self.dropout  # passes them on, in evaluation
    handle = weights.register_forward_hook(lambda _, __, out: published.update(weights=out))
    with record_queries_and_keys(tower) as found:
        tower.hidden_states(batch.input_ids, batch.attention_mask)
    handle.remove()
    expected = published["weights"].mean(1)[:, 0]
    expected = torch.cat([expected[:, :1], expected[:, 1 + tower.config.n_prompts :]], 1)
    attention = summary_attention(tower, found, batch.input_ids, batch.attention_mask)
    torch.testing.assert_close(attention, expected)
    assert not attention.requires_grad
    assert (attention[batch.attention_mask == 0] == 0).all()


def test_nothing_is_recorded_afterwards(make_model, make_batch):
    tower, batch = make_model().text, make_batch("XR", 2)
    with record_queries_and_keys(tower) as found:
        pass
    tower.hidden_states(batch.input_ids, batch.attention_mask)
    assert found == {}


def test_it_is_the_same_where_another_objective_ran_the_tower(make_model, make_batch):
    model, batch = make_model().eval(), make_batch("XR", 3)
    arguments = batch.input_ids, batch.attention_mask
    with record_queries_and_keys(model.text) as found:
        model.text.hidden_states(*arguments)
    alone = summary_attention(model.text, found, *arguments)
    with torch.no_grad(), encode_once(model):
        model.text.hidden_states(*arguments)
        with record_queries_and_keys(model.text) as found:
            model.text.hidden_states(*arguments)
        assert found == {}
        shared = summary_attention(model.text, found, *arguments)
    torch.testing.assert_close(shared, alone)
