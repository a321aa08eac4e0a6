from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from medvlp.errors import MedVLPError
from medvlp_training.comparison.plan import PLAN, read_plan


def test_every_entry_makes_a_configuration_of_its_own():
    plan = read_plan()
    configs = {
        entry.name: plan.config(entry, 0, Path("corpus"), Path("out")) for entry in plan.entries
    }
    assert len({config.digest() for config in configs.values()}) == len(configs)
    first, other = configs["clip-xr"], configs["lovt-xr"]
    assert first.model == other.model
    assert first.optimisation == other.optimisation
    assert len(plan.seeds) >= 3


def test_seed_and_settings_change_the_digest():
    plan = read_plan()
    entry = plan.entries[0]
    digests = {plan.config(entry, s, Path("corpus"), Path("out")).digest() for s in plan.seeds}
    assert len(digests) == len(plan.seeds)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p["entries"].append(p["entries"][0]), "share the name"),
        (lambda p: p["entries"][0].update(kind="XR"), "not a comparison plan"),
    ],
)
def test_a_wrong_plan_is_refused(tmp_path, change, message):
    content = yaml.safe_load(PLAN.read_text())
    change(content)
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(MedVLPError, match=message):
        read_plan(path)


def test_wrong_settings_name_the_entry(tmp_path):
    content = yaml.safe_load(PLAN.read_text())
    content["entries"][0]["settings"] = {"colour": 1}
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(content))
    plan = read_plan(path)
    with pytest.raises(MedVLPError, match="clip-xr"):
        plan.config(plan.entries[0], 0, Path("corpus"), Path("out"))
