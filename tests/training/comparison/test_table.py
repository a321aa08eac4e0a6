from __future__ import annotations

import json

import numpy as np
import pytest

from medvlp_training.comparison.claims import CLAIMS, Claim
from medvlp_training.comparison.figures import figures
from medvlp_training.comparison.plan import read_plan
from medvlp_training.comparison.table import Results, main, summary, verdict

SAMPLES = 40


def measured(seed: int, skill: float) -> dict:
    """Measures of a run whose scores follow the truth as far as ``skill`` says."""
    rng = np.random.default_rng(seed)
    truth = np.arange(SAMPLES) % 2
    scores = (skill * truth + (1 - skill) * rng.random(SAMPLES)).tolist()
    hits = (rng.random(SAMPLES) < skill).tolist()
    probe = {"scores": [scores], "truth": [truth.tolist()]}
    return {
        "patients": [f"p{i // 2}" for i in range(SAMPLES)],
        "zero_shot": {
            "labels": ["a"],
            "truth": [truth.tolist()],
            "scores": {"1": [scores], "learned": [scores]},
        },
        "retrieval": {"image_to_text": [0] * SAMPLES, "text_to_image": [9] * SAMPLES},
        "local": [
            {
                "sample": i,
                "finding": "a",
                "hit": hits[i],
                "contrast": None if i == 0 else 1.0,
                "centre_hit": False,
                "random_hit": 0.1,
            }
            for i in range(SAMPLES)
        ],
        "organs": {},
        "probe": {
            "labels": ["a"],
            "0.1": probe,
            "1": probe
            | {"overlap": [2] * SAMPLES, "predicted": [4] * SAMPLES, "true": [4] * SAMPLES},
        },
    }


@pytest.fixture
def folder(tmp_path):
    for entry, skill in (("lovt-xr", 0.9), ("lovt-global-xr", 0.2), ("clip-xr", 0.2)):
        for seed in range(2):
            result = {
                "entry": entry,
                "seed": seed,
                "config_sha256": f"{entry}{seed}",
                "measures": {"XR": measured(seed, skill)},
            }
            (tmp_path / f"{entry}-{seed}.json").write_text(json.dumps(result))
    return tmp_path


def test_figures_by_hand():
    found = figures(measured(0, 1.0))
    everyone = np.arange(SAMPLES)
    assert found["zero_shot"](everyone) == 1.0
    assert found["retrieval"](everyone) == 0.5
    assert found["pointing"](everyone) == 1.0
    assert found["pointing_random"](everyone) == pytest.approx(0.1)
    assert found["contrast"](np.array([0, 1, 1])) == 1.0
    assert np.isnan(found["contrast"](np.array([0])))
    assert found["segmentation_1"](everyone) == 0.5
    assert "organ_recognition" not in found


def test_a_claim_holds_only_if_the_interval_lies_above_zero(folder):
    results = Results(folder, ["lovt-xr", "lovt-global-xr", "clip-xr"])
    better = verdict(results, CLAIMS[0])
    assert better["verdict"] == "held"
    assert better["difference"]["low"] > 0
    same = Claim("x", "x", "XR", ("clip-xr", "pointing"), ("lovt-global-xr", "pointing"))
    assert verdict(results, same)["verdict"] == "not shown"
    turned = Claim("x", "x", "XR", CLAIMS[0].second, CLAIMS[0].first)
    assert verdict(results, turned)["verdict"] == "the opposite"


def test_a_claim_about_a_missing_entry_is_left_out(folder):
    results = Results(folder, ["lovt-xr"])
    assert verdict(results, CLAIMS[0]) is None


def test_intervals_hold_the_value(folder):
    values = Results(folder, ["lovt-xr"]).values("lovt-xr", "XR", "pointing")
    one = summary(values)
    assert one["low"] <= one["value"] <= one["high"]
    assert one["low"] < one["high"]


def test_intervals_hold_the_spread_over_seeds(folder):
    for seed, hit in ((0, True), (1, False)):
        path = folder / f"lovt-xr-{seed}.json"
        result = json.loads(path.read_text())
        for one in result["measures"]["XR"]["local"]:
            one["hit"] = hit
        path.write_text(json.dumps(result))
    one = summary(Results(folder, ["lovt-xr"]).values("lovt-xr", "XR", "pointing"))
    assert one == {"value": 0.5, "low": 0.0, "high": 1.0}


def test_every_claim_names_entries_of_the_plan():
    names = {entry.name: entry.kinds for entry in read_plan().entries}
    for claim in CLAIMS:
        for entry, _ in (claim.first, claim.second):
            assert claim.kind in names[entry]


def test_seeds_that_only_one_side_has_do_not_count(folder):
    (folder / "lovt-global-xr-1.json").unlink()
    found = verdict(Results(folder, ["lovt-xr", "lovt-global-xr"]), CLAIMS[0])
    assert found["seeds"] == [0]


def test_the_command_writes_the_summary_and_fills_the_page(folder, tmp_path):
    out, page = tmp_path / "out" / "r.json", tmp_path / "page.md"
    page.write_text(
        "a\n<!-- table: claims -->\n<!-- end -->\nb\n<!-- table: XR -->\n<!-- end -->\n"
    )
    main(["--results", str(folder), "--json", str(out), "--page", str(page)])
    content = json.loads(out.read_text())
    assert content["samples_and_patients"] == {"XR": [SAMPLES, SAMPLES // 2]}
    assert content["config_sha256"]["lovt-xr"] == {"0": "lovt-xr0", "1": "lovt-xr1"}
    assert {c["verdict"] for c in content["claims"]} == {"held", "not shown"}
    text = page.read_text()
    assert text.startswith("a\n")
    assert "| chance |" in text
    assert "| lovt-xr | 2 |" in text
