from __future__ import annotations

import numpy as np
import pytest
import torch

from medvlp_training.datasets.augment_ct import OUTSIDE, random_crop
from medvlp_training.datasets.case import CTCase, read_case, write_case
from medvlp_training.datasets.concepts import NEGATIVE, POSITIVE, UNKNOWN, broader, organ_row
from medvlp_training.datasets.targets import TargetBuilder

SHAPE = (40, 48, 56)


def lopsided_case(**more) -> CTCase:
    """Liver on the patient's right (low L index), spleen on the left, a nodule in the left lung."""
    volume = np.full(SHAPE, -1000, dtype=np.int16)
    organs = np.zeros(SHAPE, dtype=np.uint8)
    volume[5:35, 8:40, 6:50] = 0
    organs[6:18, 12:36, 8:26] = 1
    volume[organs == 1] = 80
    organs[6:14, 14:30, 40:48] = 2
    volume[organs == 2] = 200
    organs[20:34, 10:38, 30:48] = 3
    volume[organs == 3] = -800
    nodule = np.zeros(SHAPE, dtype=bool)
    nodule[24:29, 20:25, 36:41] = True
    volume[nodule] = 40
    names = {1: "liver", 2: "spleen", 3: "lung_left"}
    facts = {
        "lesions": {"lung_nodule": nodule},
        "sides": {"lung_nodule": "left"},
        "absent": frozenset({"pleural_effusion", "lung_nodule"}),
    }
    return CTCase("p", volume, organs, names, frozenset(names.values()), **(facts | more))


def test_a_case_survives_being_written_and_read(tmp_path):
    case = lopsided_case()
    write_case(tmp_path / "case.safetensors", case)
    back = read_case(tmp_path / "case.safetensors")
    np.testing.assert_array_equal(back.volume, case.volume)
    np.testing.assert_array_equal(back.lesions["lung_nodule"], case.lesions["lung_nodule"])
    assert (back.names, back.annotated, back.absent) == (case.names, case.annotated, case.absent)


def test_labels_move_with_the_voxels_under_every_deformation():
    case = lopsided_case(lesions={}, sides={})
    for seed in range(12):
        crop = random_crop(case, np.random.default_rng(seed), ((32, 32, 32),))
        cells = torch.nn.functional.avg_pool3d(crop.hu[None, None], 2)[0, 0]
        for label, low, high in ((1, 20, 140), (3, -980, -600)):
            inside = crop.labels == label
            if int(inside.sum()) > 60:
                assert low < float(cells[inside].median()) < high


def test_left_stays_left():
    case = lopsided_case(lesions={}, sides={})
    both = 0
    for seed in range(30):
        crop = random_crop(case, np.random.default_rng(seed), ((40, 48, 56),))
        where = {k: torch.nonzero(crop.labels == k)[:, 2].float() for k in (1, 2)}
        if all(len(v) > 20 for v in where.values()):
            both += 1
            assert where[1].mean() < where[2].mean()
    assert both >= 5


def test_the_same_seed_gives_the_same_crop():
    first, second = (random_crop(lopsided_case(), np.random.default_rng(4)) for _ in range(2))
    torch.testing.assert_close(first.hu, second.hu)
    assert torch.equal(first.labels, second.labels)


def test_cells_beyond_the_scan_are_marked():
    case = lopsided_case()
    crop = random_crop(case, np.random.default_rng(0), ((96, 96, 96),))
    assert bool((crop.labels == OUTSIDE).any())


def test_unlabelled_voxels_deny_only_what_was_annotated():
    row = organ_row("spleen", {1: "liver"}, frozenset({"liver"}))
    assert row[1] == NEGATIVE
    assert row[0] == UNKNOWN
    row = organ_row("spleen", {1: "liver"}, frozenset({"liver", "spleen"}))
    assert row[0] == NEGATIVE


def test_a_lobe_is_lung_but_a_lung_may_or_may_not_be_the_lobe():
    lobes = {1: "lung_upper_lobe_left", 2: "lung_lower_lobe_left"}
    row = organ_row("lung_left", lobes, frozenset(lobes.values()))
    assert row[1] == row[2] == POSITIVE
    row = organ_row("lung_upper_lobe_left", {1: "lung_left"}, frozenset({"lung_left"}))
    assert row[1] == UNKNOWN
    assert row[0] == NEGATIVE


def test_consolidation_is_a_kind_of_opacity():
    assert "lung_opacity" in broader("consolidation")
    assert broader("liver") == {"liver"}


@pytest.fixture(scope="module")
def targets():
    case = lopsided_case()
    builder = TargetBuilder(80)
    labels = torch.from_numpy(case.organs).flatten().long()
    lesions = {k: torch.from_numpy(v).flatten() for k, v in case.lesions.items()}
    rows = builder.organ_rows(case.names, case.annotated, "CT")
    return case, builder.build(
        labels, rows, lesions, case.sides, case.absent, "CT", np.random.default_rng(0)
    )


def test_a_sided_finding_is_true_on_its_side_and_false_on_the_other(targets):
    case, built = targets
    nodule = torch.from_numpy(case.lesions["lung_nodule"]).flatten()
    sided = {
        side: [i for i, p in enumerate(built.phrases) if side in p and "nodul" in p.lower()]
        for side in ("left", "right")
    }
    for i in sided["left"]:
        assert torch.equal(built.targets[i] == 1, nodule)
    assert sided["right"]
    for i in sided["right"]:
        assert built.concepts[i].startswith("!")
        assert not bool((built.targets[i] != 0).any())


def test_an_absent_finding_is_false_everywhere(targets):
    _, built = targets
    effusion = built.concepts.index("pleural_effusion")
    assert not bool(built.targets[effusion].any())
    assert int(built.scan_level()[effusion]) == 0


def test_organs_cover_their_own_cells(targets):
    case, built = targets
    liver = built.concepts.index("liver")
    expected = torch.from_numpy(case.organs == 1).flatten()
    assert torch.equal(built.targets[liver] == 1, expected)
