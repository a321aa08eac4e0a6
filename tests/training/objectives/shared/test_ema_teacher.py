from __future__ import annotations

import pytest
import torch
from torch import nn

from medvlp_training.objectives.shared.ema_teacher import EMATeacher, cosine_momentum


@pytest.fixture
def students() -> dict[str, nn.Module]:
    torch.manual_seed(0)
    return {
        "a": nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout(0.5)),
        "b": nn.Linear(2, 2),
    }


def test_momentum_runs_from_its_start_to_one():
    assert cosine_momentum(0.0) == pytest.approx(0.996)
    assert cosine_momentum(0.5) == pytest.approx(0.998)
    assert cosine_momentum(1.0) == 1.0
    steps = [cosine_momentum(n / 20) for n in range(21)]
    assert steps == sorted(steps)


def test_teacher_starts_as_its_students(students):
    teacher = EMATeacher(students)
    for name, module in students.items():
        for key, value in module.state_dict().items():
            assert torch.equal(teacher[name].state_dict()[key], value)


def test_teacher_moves_by_the_rest_of_the_momentum(students):
    teacher = EMATeacher(students)
    old = students["b"].weight.detach().clone()
    with torch.no_grad():
        students["b"].weight.add_(1)
    teacher.follow(students, 0.9)
    torch.testing.assert_close(teacher["b"].weight, old + 0.1)


def test_momentum_of_one_leaves_the_weights_and_of_zero_copies_them(students):
    teacher = EMATeacher(students)
    old = teacher["b"].weight.clone()
    with torch.no_grad():
        students["b"].weight.add_(1)
    teacher.follow(students, 1.0)
    assert torch.equal(teacher["b"].weight, old)
    teacher.follow(students, 0.0)
    assert torch.equal(teacher["b"].weight, students["b"].weight)


def test_running_statistics_are_copied(students):
    teacher = EMATeacher(students)
    students["a"](torch.randn(8, 3))
    teacher.follow(students, 0.9)
    assert torch.equal(teacher["a"][1].running_mean, students["a"][1].running_mean)
    assert int(teacher["a"][1].num_batches_tracked) == 1


def test_teacher_takes_no_gradient_and_stays_in_evaluation_mode(students):
    teacher = EMATeacher(students).train()
    assert not any(p.requires_grad for p in teacher.parameters())
    assert not any(module.training for module in teacher.modules())


def test_teacher_is_saved_and_does_not_hold_its_students(students):
    teacher = EMATeacher(students)
    assert "copies.b.weight" in teacher.state_dict()
    assert teacher["b"].weight is not students["b"].weight


def test_what_students_share_their_copies_share():
    shared = nn.Linear(2, 2)
    teacher = EMATeacher({"a": nn.Sequential(shared), "b": nn.Sequential(shared)})
    assert teacher["a"][0].weight is teacher["b"][0].weight
