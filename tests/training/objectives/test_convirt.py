from __future__ import annotations

import torch
import torch.nn.functional as F

from medvlp_training.objectives.convirt import masked_maximum
from medvlp_training.objectives.shared.token_rows import draw_sentence, keep_tokens

REPORT = torch.tensor([[2, 11, 12, 21, 22, 23, 31, 3, 0, 0]])
SENTENCES = torch.tensor([[-1, 0, 0, 1, 1, 1, 2, -1, -1, -1]])


def test_the_loss_is_weighted_three_to_one(make_objective, make_batch):
    objective, batch = make_objective("convirt", double=True), make_batch(size=5, double=True)
    representations = objective.encode(batch)
    v = objective.image_head(representations["image_summary"])
    u = objective.text_head(representations["text_maximum"])
    logits = F.cosine_similarity(v[:, None], u[None], dim=2) / 0.1
    own = torch.arange(5)
    expected = 0.75 * F.cross_entropy(logits, own) + 0.25 * F.cross_entropy(logits.T, own)
    assert torch.allclose(objective(representations, batch)["contrastive"], expected)


def test_heads_are_linear_relu_linear(make_objective):
    objective = make_objective("convirt", double=True)
    x = torch.randn(3, objective.image_width, dtype=torch.float64)
    first, _, second = objective.image_head
    hidden = (x @ first.weight.T + first.bias).clamp(min=0)
    assert torch.allclose(objective.image_head(x), hidden @ second.weight.T + second.bias)


def test_maximum_does_not_see_padding():
    tokens = torch.tensor([[[1.0, -5.0], [0.0, -4.0], [9.0, 9.0]]])
    assert masked_maximum(tokens, torch.tensor([[1, 1, 0]])).tolist() == [[1.0, -4.0]]


def test_kept_tokens_close_up_in_their_order():
    keep = (SENTENCES == 1) | (REPORT == 2) | (REPORT == 3)
    ids, mask = keep_tokens(torch.cat([REPORT, REPORT]), torch.cat([keep, REPORT == 31]))
    assert ids.tolist() == [[2, 21, 22, 23, 3], [31, 0, 0, 0, 0]]
    assert mask.tolist() == [[1, 1, 1, 1, 1], [1, 0, 0, 0, 0]]


def test_every_sentence_is_drawn_about_as_often():
    drawn = [int(draw_sentence(REPORT, SENTENCES, torch.tensor(step))) for step in range(3000)]
    for sentence in range(3):
        assert 900 < drawn.count(sentence) < 1100


def test_a_drawn_sentence_does_not_depend_on_padding_or_company():
    longer, more = F.pad(REPORT, (0, 5)), F.pad(SENTENCES, (0, 5), value=-1)
    for step in map(torch.tensor, range(20)):
        alone = draw_sentence(REPORT, SENTENCES, step)
        ids, sentences = torch.cat([longer + 1, longer]), torch.cat([more, more])
        assert draw_sentence(ids, sentences, step)[1] == alone[0]


def test_training_reads_one_sentence_and_another_at_another_step(make_objective, make_batch):
    objective, batch = make_objective("convirt", double=True).train(), make_batch(double=True)
    first = objective.encode(batch)["text_maximum"]
    assert torch.equal(first, objective.encode(batch)["text_maximum"])
    read = []
    for _ in range(8):
        objective.after_step(0.0)
        read.append(objective.encode(batch)["text_maximum"])
    assert any(not torch.allclose(first, other) for other in read)
    chosen = draw_sentence(batch.input_ids, batch.sentence_of_token, objective.step)
    for row, sentence in enumerate(chosen):
        inner = batch.input_ids[row][batch.sentence_of_token[row] == sentence]
        ids = torch.cat([torch.tensor([2]), inner, torch.tensor([3])])[None]
        phrase = objective.phrase_vectors(ids, torch.ones_like(ids))
        own = F.normalize(objective.text_head(read[-1][row]), dim=0)
        assert torch.allclose(phrase[0], own)


def test_outside_training_and_where_asked_the_whole_report_is_read(make_objective, make_batch):
    batch = make_batch(double=True)
    asked = make_objective("convirt", double=True).eval().encode(batch)["text_maximum"]
    whole = make_objective("convirt", double=True, sentences="all").train().encode(batch)
    assert torch.equal(asked, whole["text_maximum"])


def test_gradients_reach_both_encoders_and_both_heads(make_objective, make_batch):
    objective, batch = make_objective("convirt").train(), make_batch("CT")
    objective(objective.encode(batch), batch)["contrastive"].backward()
    parameters = dict(objective.named_parameters())
    for name in ("image_head.0.weight", "text_head.2.weight", "model.text.projection.weight"):
        assert (parameters[name].grad is None) == (name == "model.text.projection.weight")
    assert parameters["model.text.bert.embeddings.word_embeddings.weight"].grad.abs().sum() > 0
    assert parameters["model.vision.layers.0.qkv.weight"].grad.abs().sum() > 0


def test_training_ranks_the_right_report_first(make_objective, make_batch):
    objective, batch = make_objective("convirt", size=16, sentences="all"), make_batch(size=4)
    optimiser = torch.optim.AdamW(objective.parameters(), lr=3e-3)
    losses = []
    for _ in range(25):
        loss = objective(objective.encode(batch), batch)["contrastive"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        objective.after_step(0.0)
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    objective.eval()
    images = objective.image_vectors(objective.encode(batch), batch)
    texts = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    assert torch.equal((images @ texts.T).argmax(1), torch.arange(4))
