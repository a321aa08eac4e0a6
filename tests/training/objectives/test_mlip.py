from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from pydantic import ValidationError
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from torch import nn

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import UNKNOWN, join
from medvlp_training.objectives.clip import Clip
from medvlp_training.objectives.flagship import Flagship
from medvlp_training.objectives.mlip import MLIP
from medvlp_training.objectives.shared.projection import RowNorm

TERMS = ("global", "divergence", "local", "prototype", "category", "matching", "swapping")
SMALL = {"size": 16, "hidden": 32, "prototypes": 5, "entity_vectors": "relations"}


class First(nn.Module):
    """A divergence encoder that is the identity."""

    def forward(self, sequence, padding=None):
        return sequence[:, 0]


@pytest.fixture
def make_mlip(make_model, vocabulary) -> Callable[..., MLIP]:
    """``make_mlip(double=False, **settings)``: in training mode."""

    def make(double: bool = False, **settings) -> MLIP:
        model = make_model()
        objective = MLIP(model, MLIP.Settings(**SMALL | settings), vocabulary).train()
        return objective.double() if double else objective

    return make


def run(objective, batch):
    return objective(objective.encode(batch), batch)


def fixed(objective):
    """In evaluation mode, after statistics and categories have seen a batch."""

    def prepare(batch):
        run(objective.train(), batch)
        return objective.eval()

    return prepare


def test_default_weights_are_those_of_the_specification():
    assert MLIP.Settings().weights() == {
        "global": 1.0, "divergence": 0.1, "local": 0.7, "prototype": 0.5,
        "category": 0.5 * 0.5, "matching": 1.0, "swapping": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_every_term_is_there_and_trains_the_encoders(make_mlip, make_batch, kind):
    objective = make_mlip()
    terms = run(objective, make_batch(kind))
    assert tuple(terms) == TERMS
    assert all(term.isfinite() and term > 0 for term in terms.values())
    sum(terms.values()).backward()
    unused = {name.split(".")[0] for name, p in objective.named_parameters() if p.grad is None}
    assert unused == {"model"}  # other kind's tokeniser, dense decoders, projections of the model
    assert objective.model.vision.layers[0].qkv.weight.grad.abs().sum() > 0
    assert objective.model.text.bert.embeddings.word_embeddings.weight.grad.abs().sum() > 0


def test_weights_scale_their_terms(make_mlip, make_batch):
    batch = make_batch("XR")
    plain, scaled = make_mlip(), make_mlip(local_weight=1.4, matching_weight=3.0)
    scaled.load_state_dict(plain.state_dict())
    first, second = run(plain.eval(), batch), run(scaled.eval(), batch)
    torch.testing.assert_close(second["local"], 2 * first["local"])
    torch.testing.assert_close(second["matching"], 3 * first["matching"])
    torch.testing.assert_close(second["global"], first["global"])


def test_identity_for_divergence_encoder_makes_the_global_loss_clip(
    make_mlip, make_model, make_batch, vocabulary
):
    batch = make_batch("XR", 6)
    objective = make_mlip(divergence_weight=0.0)
    objective.image_divergence = objective.text_divergence = First()
    clip = Clip(objective.model, Clip.Settings(text_pooling="cls"), vocabulary)
    clip.image_projection, clip.text_projection = objective.image_global, objective.text_global
    assert "divergence" not in run(objective, batch)
    expected = run(clip, batch)["contrastive"]
    torch.testing.assert_close(run(objective, batch)["global"], expected)
    without = make_mlip(divergence=False)
    without.load_state_dict(
        {k: v for k, v in objective.state_dict().items() if "_divergence." not in k}
    )
    torch.testing.assert_close(run(without, batch)["global"], expected)


@pytest.mark.parametrize(
    ("settings", "absent", "modules"),
    [
        ({"divergence": False}, {"divergence"}, ("image_divergence", "text_divergence")),
        ({"knowledge": False}, {"category"}, ("knowledge", "entity_projection", "categories")),
        ({"local_weight": 0}, {"local"}, ()),
        ({"prototype_weight": 0}, {"prototype", "category"}, ("prototypes", "categories")),
        ({"matching_weight": 0, "swapping_weight": 0}, {"matching", "swapping"}, ("proxies",)),
    ],
)
def test_ablations_leave_out_their_terms_and_modules(
    make_mlip, make_batch, change, settings, absent, modules
):
    objective, batch = make_mlip(**settings), make_batch("XR")
    terms = run(objective, batch)
    assert set(TERMS) - set(terms) == absent
    assert not any(hasattr(objective, name) for name in modules)
    silent = run(objective, change(batch, has_report=torch.zeros(4, dtype=torch.bool)))
    assert tuple(silent) == tuple(terms)


def test_encode_treats_each_sample_alone_and_twice_the_same(make_mlip, make_batch):
    objective, batch = make_mlip(), make_batch("XR", 4)
    whole = objective.encode(batch)
    again = objective.encode(batch)
    parts = [objective.encode(batch.part(slice(n, n + 2))) for n in (0, 2)]
    for name, rows in whole.items():
        assert torch.equal(rows, again[name])
        torch.testing.assert_close(rows, torch.cat([part[name] for part in parts]))


def test_losses_need_no_images(make_mlip, make_batch, change):
    batch = make_batch("CT")
    objective = fixed(make_mlip())(batch)
    representations = objective.encode(batch)
    bare = change(batch, images=batch.images[..., :0])
    whole, joined = objective(representations, batch), objective(representations, join([bare]))
    torch.testing.assert_close(whole, joined)


def degenerate(change, batch, case):
    size = len(batch)
    if case == "one":
        return batch.part(slice(0, 1))
    if case == "no reports":
        return change(batch, has_report=torch.zeros(size, dtype=torch.bool))
    if case == "one report":
        return change(batch, has_report=torch.arange(size) == 1)
    if case == "no sentences":
        return change(batch, sentence_of_token=torch.full_like(batch.sentence_of_token, -1))
    if case == "all normal":
        texts = ("input_ids", "attention_mask", "sentence_of_token", "concept_of_token")
        same = {name: getattr(batch, name)[:1].expand(size, -1) for name in texts}
        return change(batch, labels=torch.zeros_like(batch.labels), **same)
    if case == "no concepts":
        return change(batch, concept_of_token=torch.full_like(batch.concept_of_token, -1))
    if case == "one patient":
        return change(batch, patients=("same",) * size)
    if case == "no organs":
        return change(batch, organ_masks=batch.organ_masks[:, :0],
                      organ_usable=batch.organ_usable[:, :0],
                      organ_phrase=batch.organ_phrase[:, :0])  # fmt: skip
    return change(batch, labels=torch.full_like(batch.labels, UNKNOWN))


@pytest.mark.parametrize(
    ("case", "nothing"),
    [
        ("one", {"global", "prototype", "matching", "swapping"}),
        ("no reports", set(TERMS)),
        ("one report", {"global", "prototype", "matching", "swapping"}),
        ("no sentences", set(TERMS)),
        ("all normal", {"matching", "swapping"}),
        ("no concepts", {"category"}),
        ("one patient", {"global", "matching", "swapping"}),
        ("no organs", set()),
        ("unknown labels", set()),
    ],
)
def test_degenerate_batches_give_zero_or_finite_terms(make_mlip, make_batch, change, case, nothing):
    objective = make_mlip()
    terms = run(objective, degenerate(change, make_batch("XR"), case))
    assert {name for name, term in terms.items() if float(term.detach()) == 0} - {
        "divergence"
    } == nothing - {"divergence"}
    sum(terms.values()).backward()
    for parameter in objective.parameters():
        assert parameter.grad is None or parameter.grad.isfinite().all()


def test_samples_without_report_change_nothing(make_mlip, make_batch, change):
    batch = make_batch("XR", 5)
    told = change(batch, has_report=torch.tensor([True, True, False, True, True]))
    kept = join([batch.part(slice(0, 2)), batch.part(slice(3, 5))])
    for objective in (make_mlip(divergence_dropout=0.0), fixed(make_mlip())(batch)):
        torch.manual_seed(0)
        objective.load_state_dict(state := dict(objective.state_dict()))
        with_all = run(objective, told)
        objective.load_state_dict(state)
        torch.manual_seed(0)
        without = run(objective, kept)
        random = {"matching", "swapping"} if objective.training else set()
        for name in set(TERMS) - random:
            torch.testing.assert_close(with_all[name], without[name])


def test_padding_changes_nothing(make_mlip, make_batch, change):
    batch = make_batch("XR")
    objective = fixed(make_mlip())(batch)
    pad = torch.nn.functional.pad
    longer = change(
        batch,
        input_ids=pad(batch.input_ids, (0, 4)),
        attention_mask=pad(batch.attention_mask, (0, 4)),
        sentence_of_token=pad(batch.sentence_of_token, (0, 4), value=-1),
        concept_of_token=pad(batch.concept_of_token, (0, 4), value=-1),
    )
    torch.testing.assert_close(run(objective, batch), run(objective, longer))


def test_the_order_of_samples_changes_nothing(make_mlip, make_batch):
    batch = make_batch("XR", 4)
    objective = fixed(make_mlip(swapping_weight=0))(batch)
    turned = join([batch.part(slice(2, 4)), batch.part(slice(0, 2))])
    torch.testing.assert_close(run(objective, batch), run(objective, turned))


def reached(objective, term):
    """Which parts of the objective the gradient of a term reaches."""
    objective.zero_grad()
    term.backward(retain_graph=True)
    found = set()
    for name, parameter in objective.named_parameters():
        if parameter.grad is not None and parameter.grad.abs().sum() > 0:
            found.add(".".join(name.split(".")[: 2 if name.startswith("model") else 1]))
    return found


def test_gradients_go_where_the_paper_lets_them(make_mlip, make_batch):
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


def test_the_divergence_term_stops_at_the_original(make_mlip, make_batch):
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


def test_concepts_matter_with_knowledge_only(make_mlip, make_batch, change):
    batch = make_batch("XR")
    renamed = change(
        batch, concept_of_token=torch.where(batch.concept_of_token >= 0, 0, 4).clamp(max=4)
    )
    for knowledge in (True, False):
        objective = fixed(make_mlip(knowledge=knowledge))(batch)
        first, second = run(objective, batch), run(objective, renamed)
        assert torch.equal(first["local"], second["local"]) != knowledge
        assert torch.equal(first["global"], second["global"])


def test_emphasis_weighs_entities(make_mlip, make_batch, change):
    batch = make_batch("XR")
    every = change(batch, concept_of_token=torch.where(batch.sentence_of_token >= 0, 0, -1))
    plain, emphatic = make_mlip(entity_emphasis=0.0), make_mlip(entity_emphasis=1.0)
    emphatic.load_state_dict(fixed(plain)(every).state_dict())
    arguments = (
        torch.rand(2, 4), torch.tensor([[0, -1, 2, -1]] * 2), torch.ones(2, 4, dtype=torch.bool)
    )  # fmt: skip
    torch.testing.assert_close(
        emphatic._word_weights(*arguments),
        plain._word_weights(*arguments) * torch.tensor([2.0, 1.0, 2.0, 1.0]),
    )
    assert run(emphatic.eval(), every)["local"] > run(plain, every)["local"]


def test_training_without_the_names_of_entities_is_refused(make_mlip, make_batch):
    with pytest.raises(MedVLPError, match="use_tokenizer"):
        run(make_mlip(entity_vectors="names"), make_batch("XR"))


@pytest.mark.parametrize(
    "settings",
    [
        {"divergence_low": 0.6}, {"entity_vectors": "cui_vectors"}, {"local_weight": -1},
        {"prototypes": 1}, {"temprature": 0.1},
    ],
)  # fmt: skip
def test_settings_that_contradict_are_refused(settings):
    with pytest.raises(ValidationError):
        MLIP.Settings(**settings)


def test_a_saved_state_gives_the_same_losses(make_mlip, make_batch):
    batch = make_batch("XR")
    objective = fixed(make_mlip())(batch)
    restored = make_mlip().eval()
    restored.load_state_dict(objective.state_dict())
    torch.testing.assert_close(run(objective, batch), run(restored, batch))
    assert int(restored.categories.filled) > 0


def single_sentence(change, batch):
    inner = (batch.sentence_of_token >= 0).long()
    return change(
        batch,
        sentence_of_token=inner - 1,
        concept_of_token=torch.full_like(batch.concept_of_token, -1),
    )


def test_a_phrase_is_a_report_of_one_sentence(make_mlip, make_batch, change):
    batch = single_sentence(change, make_batch("XR"))
    objective = fixed(make_mlip())(batch)
    tokens = objective.encode(batch)["text_tokens"]
    phrases = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    torch.testing.assert_close(phrases, objective._text_vectors(tokens))
    absent = objective.phrase_vectors(batch.input_ids, batch.attention_mask, polarity=1)
    assert (absent - phrases).abs().max() > 1e-5  # the prompts are of random, small numbers


@pytest.fixture
def letters() -> Tokenizer:
    """Reads any text as ids below 900; the names of two organs are words of their own."""
    words = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "liver": 4, "spleen": 5}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_padding()
    return tokenizer


def test_a_phrase_names_entities_as_its_report_does(make_mlip, make_batch, change, letters):
    ids = torch.tensor([[2, 1, 4, 1, 3], [2, 5, 3, 0, 0]])
    inner = (ids > 3) | (ids == 1)
    concepts = {4: 4, 5: 6}  # of the vocabulary
    objective = fixed(make_mlip())(make_batch("XR"))
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


def test_names_are_read_once_and_survive_a_changed_tower(make_mlip, make_batch, letters):
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


def test_it_is_a_part_of_the_flagship(make_model, make_batch, vocabulary):
    parts = [{"objective": "clip"}, {"objective": "mlip", "settings": SMALL}]
    settings = Flagship.Settings(
        parts=parts, image_vectors_of="mlip", region_vectors_of="mlip", organ_vectors_of=None
    )
    objective, batch = Flagship(make_model(), settings, vocabulary).eval(), make_batch("XR")
    together = objective(objective.encode(batch), batch)
    alone = objective.part("mlip")(objective.part("mlip").encode(batch), batch)
    for name, term in alone.items():
        torch.testing.assert_close(together[f"mlip/{name}"], term)


def test_vectors_for_evaluation_are_unit_and_meet_in_pairs(make_mlip, make_batch):
    batch = make_batch("CT", 3)
    objective = fixed(make_mlip())(batch)
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


def test_all_losses_run_in_half_precision(make_mlip, make_batch):
    objective, batch = make_mlip(), make_batch("XR")
    with torch.autocast("cpu", torch.bfloat16):
        terms = run(objective, batch)
    assert all(term.dtype == torch.float32 and term.isfinite() for term in terms.values())


def test_a_short_training_lowers_the_loss_and_ranks_the_pair_first(make_mlip, make_batch, change):
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
