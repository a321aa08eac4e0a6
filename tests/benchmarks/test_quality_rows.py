"""Figures of bars: goals, groups, and what an interrupted run keeps."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.quality import ct_organs, run, xr_findings, xr_lesions
from benchmarks.quality.bar import Case, Goal, Row, mean_of
from benchmarks.quality.phrases import check_unseen, negations, paraphrases
from benchmarks.quality.table import table
from medvlp.errors import MedVLPError
from medvlp.grounding.calibration import Calibration
from medvlp.grounding.lexicon import load_lexicon


def organ(name, patient, seen, distance, confused=None, chance=0.1):
    return {
        "organ": name, "patient": patient, "seen": seen, "scan": patient, "chance": chance,
        "distance_mm": {"model": distance, "centre": 80.0, "atlas": None}, "confused": confused,
        "dice": {"model": 0.5, "centre": 0.1, "atlas": None, "random": 0.2},
    }  # fmt: skip


def test_seen_and_unseen_patients_are_never_in_one_figure():
    records = [organ("liver", "a", True, 0.0), organ("liver", "b", False, 40.0)]
    rows = ct_organs.rows(records)
    pointing = {row.group: row for row in rows if row.measure.startswith("peak")}
    assert pointing["trained on"].value.value == 1
    assert pointing["unseen"].value.value == 0
    assert pointing["trained on"].met is None


def test_effusions_of_both_halves_are_ranked_together_and_nothing_else_is():
    def film(patient, part, present, probability):
        said = {"pleural_effusion": probability, xr_findings.ANY: probability}
        names = ["pleural_effusion"] if present else []
        return {
            "patient": patient,
            "view": "PA",
            "part": part,
            "present": names,
            "probability": said,
        }

    records = [
        film("a", "test", True, 0.4), film("b", "test", False, 0.1),
        film("c", "validation", True, 0.9), film("d", "validation", False, 0.5),
    ]  # fmt: skip
    found = {(row.measure, row.group): row.value for row in xr_findings.rows(records)}
    both = [measure for measure, group in found if group == "both halves"]
    assert both == ["AUROC of pleural_effusion, PA"]
    assert found["AUROC of pleural_effusion, PA", "test"].value == 1
    assert found["AUROC of pleural_effusion, PA", "both halves"].value == 0.75


def test_five_millimetres_count_and_a_lost_peak_does_not():
    near = organ("liver", "a", False, 4.9)
    assert ct_organs.hit(near, "model") == 1
    assert ct_organs.hit(organ("liver", "a", False, 5.1), "model") == 0
    assert ct_organs.hit(organ("liver", "a", False, None), "model") == 0
    assert ct_organs.hit(near, "atlas") is None
    assert ct_organs.hit(near, "random") == pytest.approx(0.1)


def test_few_organs_cannot_meet_the_goal():
    (row, *_) = ct_organs.rows([organ("liver", "a", False, 0.0), organ("spleen", "b", False, 0.0)])
    assert row.value.value == 1
    assert row.met is None
    assert "only 2 organs of 25" in row.note
    assert "cannot be judged" in table([row])


def test_the_twin_is_the_other_side():
    assert ct_organs.twin("rib_left_7") == "rib_right_7"
    assert ct_organs.twin("kidney_right") == "kidney_left"
    assert ct_organs.twin("liver") is None


def test_a_nodule_is_found_within_25_mm():
    record = {"distance_mm": {"model": 24.9, "centre": 25.1, "atlas": None}, "chance": 0.02}
    assert [xr_lesions.within(record, of) for of in ("model", "centre", "atlas", "random")] == [
        1.0, 0.0, None, 0.02,
    ]  # fmt: skip


def test_goals_say_which_side_is_good():
    assert Goal(0.9).met(0.9) is True
    assert Goal(0.02, at_least=False).met(0.02) is False
    assert Goal(0.9).met(float("nan")) is None


def test_one_patient_has_no_interval():
    alone = mean_of([1.0, None, 0.0], ["a", "a", "a"])
    assert (alone.value, alone.n) == (0.5, 2)
    assert alone.low != alone.low
    two = mean_of([1.0, 0.0], ["a", "b"])
    assert (two.low, two.high) == (0.0, 1.0)


def test_an_interrupted_run_asks_only_what_is_missing(tmp_path, monkeypatch):
    asked: list[str] = []
    broken = {"b"}

    def ask(key):
        if key in broken:
            raise KeyboardInterrupt
        asked.append(key)
        return [{"key": key}]

    bar = SimpleNamespace(
        TITLE="t",
        FOLDERS=(),
        GUARDED=False,
        cases=lambda data, prepared: (Case(k, lambda model, k=k: ask(k)) for k in "abc"),
        rows=lambda records: [Row("m", "unseen", 1, mean_of([len(records)] * 2, ["x", "y"]))],
    )
    monkeypatch.setattr(run, "fingerprint", lambda model, folder, guarded: {"model": model.name})
    monkeypatch.setattr(run, "SAVE_EVERY_S", -1.0)
    settings = run.Settings(tmp_path, tmp_path, tmp_path / "answers", tmp_path / "results")
    model = SimpleNamespace(name="m1")
    with pytest.raises(KeyboardInterrupt):
        run.run("bar", bar, model, tmp_path, settings)
    broken.clear()
    path = run.run("bar", bar, model, tmp_path, settings)
    assert asked == ["a", "b", "c"]
    assert json.loads(path.read_text())["rows"][0]["value"]["value"] == 3
    run.run("bar", bar, SimpleNamespace(name="m2"), tmp_path, settings)
    assert asked == [*"abc", *"abc"]


def test_data_that_changed_has_another_version(tmp_path: Path):
    (tmp_path / "ct").mkdir()
    (tmp_path / "ct" / "a.txt").write_text("1")
    first = run.data_version(tmp_path, ["ct"])
    assert run.data_version(tmp_path, ["ct"]) == first
    (tmp_path / "ct" / "a.txt").write_text("2")
    assert run.data_version(tmp_path, ["ct"]) != first


def test_the_phrases_are_many_unseen_and_of_the_lexicon():
    lexicon, said, pairs = load_lexicon(), paraphrases(), negations()
    assert len({p.phrase for p in said}) == len(said) >= 300
    assert len(pairs) >= 60
    assert {p.concept for p in (*said, *pairs)} <= set(lexicon.concepts)
    check_unseen([p.phrase for p in said], lexicon)
    check_unseen([text for p in pairs for text in (p.stated, p.denied)], lexicon)


@pytest.mark.parametrize(
    "text",
    [
        "Pleural effusions",
        "there is PTX",
        "no evidence of fluid around the lung",
        "left haemothorax",
    ],
)
def test_a_phrase_that_training_knew_is_refused(text):
    with pytest.raises(MedVLPError, match="known to training"):
        check_unseen(["a lung floating in liquid", text], load_lexicon())


def test_a_threshold_matters_only_to_a_bar_that_lets_the_model_abstain(tmp_path, monkeypatch):
    monkeypatch.setattr(
        run.model_folder, "model_info", lambda folder: SimpleNamespace(fingerprint="f")
    )

    def found(guarded, **settings):
        model = SimpleNamespace(model_id="m", calibration=Calibration(**settings))
        return run.fingerprint(model, tmp_path, guarded)

    strict = {"in_domain_by_modality": {"XR": 0.9}}
    assert found(False) == found(False, **strict)
    assert found(True) != found(True, **strict)
    assert found(False) != found(False, pooled_weight=0.1)
