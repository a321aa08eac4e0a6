from __future__ import annotations

import pytest
import torch
from pydantic import ValidationError
from torch import nn

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import join
from medvlp_training.objectives.clip import Clip
from medvlp_training.objectives.flagship import Flagship
from medvlp_training.objectives.mlip import MLIP

TERMS = ("global", "divergence", "local", "prototype", "category", "matching", "swapping")


class First(nn.Module):
    """A divergence encoder that is the identity."""

    def forward(self, sequence, padding=None):
        return sequence[:, 0]


def test_default_weights_are_those_of_the_specification():
    assert MLIP.Settings().weights() == {
        "global": 1.0, "divergence": 0.1, "local": 0.7, "prototype": 0.5,
        "category": 0.5 * 0.5, "matching": 1.0, "swapping": 1.0,
    }  # fmt: skip


def test_weights_scale_their_terms(make_mlip, make_batch, run):
    batch = make_batch("XR")
    plain, scaled = make_mlip(), make_mlip(local_weight=1.4, matching_weight=3.0)
    scaled.load_state_dict(plain.state_dict())
    first, second = run(plain.eval(), batch), run(scaled.eval(), batch)
    torch.testing.assert_close(second["local"], 2 * first["local"])
    torch.testing.assert_close(second["matching"], 3 * first["matching"])
    torch.testing.assert_close(second["global"], first["global"])


def test_identity_for_divergence_encoder_makes_the_global_loss_clip(
    make_mlip, make_model, make_batch, vocabulary, run
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
    make_mlip, make_batch, change, settings, absent, modules, run
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


def test_losses_need_no_images(make_mlip, make_batch, change, settle):
    batch = make_batch("CT")
    objective = settle(make_mlip(), batch)
    representations = objective.encode(batch)
    bare = change(batch, images=batch.images[..., :0])
    whole, joined = objective(representations, batch), objective(representations, join([bare]))
    torch.testing.assert_close(whole, joined)


def test_concepts_matter_with_knowledge_only(make_mlip, make_batch, change, run, settle):
    batch = make_batch("XR")
    renamed = change(
        batch, concept_of_token=torch.where(batch.concept_of_token >= 0, 0, 4).clamp(max=4)
    )
    for knowledge in (True, False):
        objective = settle(make_mlip(knowledge=knowledge), batch)
        first, second = run(objective, batch), run(objective, renamed)
        assert torch.equal(first["local"], second["local"]) != knowledge
        assert torch.equal(first["global"], second["global"])


def test_emphasis_weighs_entities(make_mlip, make_batch, change, run, settle):
    batch = make_batch("XR")
    every = change(batch, concept_of_token=torch.where(batch.sentence_of_token >= 0, 0, -1))
    plain, emphatic = make_mlip(entity_emphasis=0.0), make_mlip(entity_emphasis=1.0)
    emphatic.load_state_dict(settle(plain, every).state_dict())
    arguments = (
        torch.rand(2, 4), torch.tensor([[0, -1, 2, -1]] * 2), torch.ones(2, 4, dtype=torch.bool)
    )  # fmt: skip
    torch.testing.assert_close(
        emphatic._word_weights(*arguments),
        plain._word_weights(*arguments) * torch.tensor([2.0, 1.0, 2.0, 1.0]),
    )
    assert run(emphatic.eval(), every)["local"] > run(plain, every)["local"]


def test_training_without_the_names_of_entities_is_refused(make_mlip, make_batch, run):
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


def test_it_is_a_part_of_the_flagship(small, make_model, make_batch, vocabulary):
    parts = [{"objective": "clip"}, {"objective": "mlip", "settings": small}]
    settings = Flagship.Settings(
        parts=parts, image_vectors_of="mlip", region_vectors_of="mlip", organ_vectors_of=None
    )
    objective, batch = Flagship(make_model(), settings, vocabulary).eval(), make_batch("XR")
    together = objective(objective.encode(batch), batch)
    alone = objective.part("mlip")(objective.part("mlip").encode(batch), batch)
    for name, term in alone.items():
        torch.testing.assert_close(together[f"mlip/{name}"], term)
