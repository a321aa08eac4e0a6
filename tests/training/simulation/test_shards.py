from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.simulation import shard_file
from medvlp_training.simulation.case import SimulationError
from medvlp_training.simulation.hosts import SOURCES, Host, HostSource, load_host
from medvlp_training.simulation.patient import draw_patient, fits
from medvlp_training.simulation.shard_file import (
    FILM_CONFOUNDS,
    known_absent,
    read_host,
    read_shard,
    require_one_origin,
    write_shard,
)
from medvlp_training.simulation.shards import NOTHING, case_path, make_case
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.workers import in_order


@pytest.fixture(scope="module")
def host_file(patient: Host, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hosts") / "test.safetensors"
    rng = np.random.default_rng(0)
    case = simulate(patient.volume, patient.organs, patient.spacing, [], rng, patient.absent)
    write_shard(path, patient, case, known_absent(patient, ()), 0)
    return path


def test_a_host_comes_back_as_it_was_written(patient: Host, host_file: Path) -> None:
    back = read_host(host_file)
    np.testing.assert_array_equal(back.volume, patient.volume)
    assert set(back.organs) == set(patient.organs)
    np.testing.assert_array_equal(back.organs["heart"], patient.organs["heart"])
    assert back.patient == patient.patient
    assert set(back.absent) == set(patient.absent)


def test_a_case_lists_its_findings_and_denies_none_of_them(host_file: Path, tmp_path: Path) -> None:
    for number in range(4):
        make_case([host_file], tmp_path, 0, number)
        shard = read_shard(tmp_path / f"case_{number:05d}.safetensors")
        placed = {f["finding"] for f in shard.meta["findings"]}
        assert placed == set(shard.lesions)
        assert placed.isdisjoint(shard.meta["absent"])
        assert shard.meta["host"] == "test"
        assert all(mask.any() for mask in shard.lesions.values())


def test_a_case_depends_on_its_number_only(host_file: Path, tmp_path: Path) -> None:
    make_case([host_file], tmp_path / "a", 0, 5)
    make_case([host_file], tmp_path / "b", 0, 4)
    make_case([host_file], tmp_path / "b", 0, 5)
    name = "case_00005.safetensors"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_shards_of_another_seed_or_version_are_never_mixed(
    host_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_one_origin(tmp_path / "not yet there", 0)
    make_case([host_file], tmp_path, 0, 1)
    require_one_origin(tmp_path, 0)
    with pytest.raises(MedVLPError, match=r"case_00001.* seed 0; .* seed 5"):
        require_one_origin(tmp_path, 5)
    monkeypatch.setattr(shard_file, "GENERATOR", "medvlp-simulation/next")
    with pytest.raises(MedVLPError, match="/next with seed 0"):
        require_one_origin(tmp_path, 0)


def test_two_workers_make_the_bytes_of_one(host_file: Path, tmp_path: Path) -> None:
    for name, workers in (("a", 1), ("b", 2)):
        work = partial(make_case, [host_file], tmp_path / name, 3, varied=True)
        list(in_order(work, range(2), workers))
    for number in range(2):
        one, two = (case_path(tmp_path / name, number).read_bytes() for name in "ab")
        assert one == two


def test_a_host_that_lacks_the_organ_or_has_the_finding_is_not_tried(patient: Host) -> None:
    lungs = {n: patient.organs[n] for n in ("lung_left", "lung_right")}
    assert fits(patient, "kidney_stone")
    assert not fits(replace(patient, organs=lungs), "kidney_stone")
    assert fits(replace(patient, organs=lungs), "lung_mass")
    assert not fits(replace(patient, present=("lung_mass",)), "lung_mass")

    def refuse() -> Host:
        raise AssertionError("A host was looked at after one that had room.")

    poor = replace(patient, name="poor", organs=lungs)
    hosts = [lambda: poor, lambda: patient, refuse]
    drawn = draw_patient(hosts, "liver_cyst", np.random.default_rng(0), varied=False)
    assert drawn is not None
    assert drawn.host.name == "test"
    assert "liver_cyst" in drawn.case.lesions
    assert draw_patient([lambda: poor], "liver_cyst", np.random.default_rng(0), False) is None


def test_an_effusion_leaves_atelectasis_unknown(patient: Host) -> None:
    absent = known_absent(patient, ("pleural_effusion",))
    assert "pneumothorax" in absent
    assert "atelectasis" not in absent
    assert "pleural_effusion" not in absent


def test_a_mass_is_no_consolidation_on_ct_but_may_be_one_on_a_film(patient: Host) -> None:
    for placed, other in (("lung_mass", "consolidation"), ("consolidation", "lung_mass")):
        assert other in known_absent(patient, (placed,))
        assert other not in known_absent(patient, (placed,), FILM_CONFOUNDS)


def test_no_host_is_a_held_out_patient() -> None:
    assert not [s.patient for s in SOURCES if is_held_out(s.patient)]


def test_disease_of_a_host_is_never_declared_absent() -> None:
    for source in SOURCES:
        assert set(source.present).isdisjoint(source.absent), source.name


def test_a_held_out_host_is_refused(tmp_path: Path) -> None:
    source = HostSource("x", "LUNG1-001", "x.nii.gz", None, None, ())
    with pytest.raises(SimulationError, match="held out"):
        load_host(source, tmp_path)


def test_one_patient_in_five_is_held_out_whatever_the_order() -> None:
    patients = [str(k) for k in range(2000)]
    share = np.mean([is_held_out(p) for p in patients])
    assert 0.17 < share < 0.23
    assert is_held_out("imlab id003")


def test_cases_take_their_findings_in_turn_and_nothing_is_one_of_them(
    host_file: Path, tmp_path: Path
) -> None:
    for number in range(4):
        make_case([host_file], tmp_path, 0, number, findings=("consolidation", NOTHING))
    shards = [read_shard(case_path(tmp_path, number)) for number in range(4)]
    assert [("consolidation" in s.lesions) for s in shards] == [True, False, True, False]
    assert not shards[1].lesions
    assert "consolidation" in shards[1].meta["absent"]
