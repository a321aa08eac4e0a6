from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from medvlp.errors import MedVLPError
from medvlp_training.engine.cli import CONFIGS, find_config
from medvlp_training.objectives.registry import OBJECTIVES
from medvlp_training.pretraining.config import OptimisationConfig, read_config
from medvlp_training.pretraining.schedule import learning_rate

PLAIN = """\
objective: clip
out: run
data:
  ct: cases/*.safetensors
  shares: {CT: 1.0}
  image_size: 96
optimisation:
  steps: 10
  learning_rate: 1e-3
"""


@pytest.fixture
def write(tmp_path: Path):
    def make(text: str) -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(text)
        return path

    return make


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("steps: 10", "steps: many", r"line 8, optimisation\.steps: .*integer.*'many'"),
        ("steps: 10", "stepz: 10", r"line 8, optimisation\.stepz: Extra inputs"),
        ("image_size: 96", "image_size: 100", r"line 6, data\.image_size: .*multiple of 32.*100"),
        ("objective: clip", "objective: blip", "line 1, objective: .*unknown objective.*'blip'"),
        ("out: run", "out: run\nsettings: {taus: 1}", r"line 3, settings\.taus: Extra inputs"),
        ("out: run", "out: run\nsettings: {size: -1}", r"line 3, settings\.size: .*found -1"),
        ("out: run\n", "", "out: Field required"),
        ("  ct: cases/*.safetensors\n", "", "line 3, data: .*name sample 'shards'"),
        ("{CT: 1.0}", "{CT: 1.0, MR: 2}", r"line 5, data\.shares\.MR"),
    ],
)
def test_an_error_names_the_line_the_key_and_the_value(write, old, new, expected):
    assert old in PLAIN
    with pytest.raises(MedVLPError, match=expected):
        read_config(write(PLAIN.replace(old, new)))


def test_numbers_that_yaml_reads_as_text_are_numbers(write):
    assert read_config(write(PLAIN)).optimisation.learning_rate == 1e-3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN + "out: other\n", "'out' is given twice, in lines 2 and 10"),
        ("- a\n- b\n", "expected keys and values, found list"),
        ("a: [1\n", "is not YAML"),
    ],
)
def test_a_file_that_is_no_mapping_of_keys_is_refused(write, text, expected):
    with pytest.raises(MedVLPError, match=expected):
        read_config(write(text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MedVLPError, match=r"nothing\.yaml cannot be read"):
        read_config(tmp_path / "nothing.yaml")


def test_the_hash_follows_what_decides_the_outcome(write):
    plain = read_config(write(PLAIN))
    assert plain.digest() == read_config(write(PLAIN.replace("out: run", "out: other"))).digest()
    faster = PLAIN.replace("  image_size", "  workers: 3\n  image_size")
    assert plain.digest() == read_config(write(faster)).digest()
    assert plain.digest() != read_config(write(PLAIN.replace("steps: 10", "steps: 11"))).digest()
    explicit = PLAIN + "settings: {temperature: 0.07}\n"
    assert plain.digest() == read_config(write(explicit)).digest()


@pytest.mark.parametrize("name", OBJECTIVES)
def test_every_objective_ships_with_a_valid_configuration(name):
    path = CONFIGS / f"{name}.yaml"
    config = read_config(path)
    assert config.objective == name
    assert config.out.name == name
    assert find_config(name) == path
    assert yaml.safe_load(path.read_text())["objective"] == name


def test_the_default_model_s_recipe_is_still_found_by_name(tmp_path):
    assert find_config("small") == CONFIGS / "small.json"
    assert find_config(tmp_path / "absent.yaml") == tmp_path / "absent.yaml"
    with pytest.raises(MedVLPError, match=r"no recipe lowt.*\blovt\b"):
        find_config("lowt")


def test_warm_up_then_cosine_to_the_final_rate():
    config = OptimisationConfig(steps=110, learning_rate=1.0, warmup_share=10 / 110, final_rate=0.1)
    rates = [learning_rate(step, config, 1) for step in range(111)]
    assert rates[:3] == pytest.approx([0.1, 0.2, 0.3])
    assert rates[10] == pytest.approx(1.0)
    assert rates[60] == pytest.approx(0.55)
    assert rates[110] == pytest.approx(0.1)
    assert all(a >= b for a, b in pairwise(rates[10:]))


def test_a_periodic_schedule_comes_back_up_as_torch_s_does():
    from torch import nn, optim

    config = OptimisationConfig(
        steps=60, learning_rate=0.5, warmup_share=0.0, final_rate=0.0, schedule="periodic"
    )
    optimiser = optim.SGD([nn.Parameter(nn.Linear(1, 1).weight.detach())], lr=0.5)
    reference = optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=20)
    for step in range(60):
        assert learning_rate(step, config, 20) == pytest.approx(
            optimiser.param_groups[0]["lr"], abs=1e-6
        )
        optimiser.step()
        reference.step()
