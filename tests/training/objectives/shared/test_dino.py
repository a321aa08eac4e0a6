from __future__ import annotations

import math

import pytest
import torch

from medvlp_training.objectives.shared.dino import (
    Centre,
    DINOHead,
    dino_loss,
    teacher_temperature,
)


def logits(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def entropy(teacher: torch.Tensor, centre: torch.Tensor, temperature: float) -> torch.Tensor:
    p = ((teacher - centre) / temperature).softmax(-1)
    return -(p * p.log()).sum(-1).mean()


def test_loss_is_at_least_the_teachers_entropy():
    teacher, centre = logits(6, 5), logits(5, seed=1) / 10
    for seed in range(2, 12):
        loss = dino_loss(logits(6, 5, seed=seed), teacher, centre, 0.5, 0.7)
        assert loss > entropy(teacher, centre, 0.5)


def test_loss_is_the_teachers_entropy_where_both_distributions_are_the_same():
    teacher, centre = logits(6, 5), logits(5, seed=1)
    student = (teacher - centre) * 0.1 / 0.05
    loss = dino_loss(student, teacher, centre, teacher_temperature=0.05, student_temperature=0.1)
    torch.testing.assert_close(loss, entropy(teacher, centre, 0.05))


def test_loss_by_hand():
    teacher = torch.tensor([[math.log(3.0), 0.0]])
    student = torch.tensor([[0.0, 0.0]])
    centre = torch.tensor([math.log(3.0), 0.0])
    # Centred, the teacher says 1/2 and 1/2; so does the student.
    assert float(dino_loss(student, teacher, centre, 1.0, 1.0)) == pytest.approx(math.log(2))
    student = torch.tensor([[math.log(4.0), 0.0]])
    expected = -(0.75 * math.log(0.8) + 0.25 * math.log(0.2))
    found = dino_loss(student, teacher, torch.zeros(2), 1.0, 1.0)
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_loss_ignores_a_shift_of_all_logits_and_the_order_of_rows_and_prototypes():
    student, teacher, centre = logits(4, 5), logits(4, 5, seed=1), logits(5, seed=2)
    loss = dino_loss(student, teacher, centre, 0.1)
    torch.testing.assert_close(dino_loss(student + 3, teacher - 2, centre, 0.1), loss)
    rows, columns = torch.randperm(4), torch.randperm(5)
    again = dino_loss(student[rows][:, columns], teacher[rows][:, columns], centre[columns], 0.1)
    torch.testing.assert_close(again, loss)


def test_loss_has_the_gradient_of_the_student_and_none_of_the_teacher():
    student = logits(3, 4).requires_grad_()
    teacher = logits(3, 4, seed=1).requires_grad_()
    centre = logits(4, seed=2)
    assert torch.autograd.gradcheck(lambda s: dino_loss(s, teacher, centre, 0.5, 0.5), (student,))
    dino_loss(student, teacher, centre, 0.5).backward()
    assert teacher.grad is None


def test_teacher_temperature_rises_linearly_and_stays():
    found = [teacher_temperature(p, 0.4) for p in (0.0, 0.2, 0.4, 1.0)]
    assert found == pytest.approx([0.04, 0.055, 0.07, 0.07])
    assert teacher_temperature(0.0, 0.0) == 0.07


def test_head_gives_cosines_with_its_prototypes():
    head = DINOHead(6, prototypes=7, hidden=8, bottleneck=5)
    x = torch.randn(2, 3, 6)
    found = head(x)
    assert found.shape == (2, 3, 7)
    assert found.abs().max() <= 1 + 1e-6
    with torch.no_grad():
        head.prototypes.mul_(3)
    torch.testing.assert_close(head(x), found)


def test_head_gives_float32_under_half_precision():
    head = DINOHead(6, prototypes=7, hidden=8, bottleneck=5)
    with torch.autocast("cpu", torch.bfloat16):
        assert head(torch.randn(2, 6)).dtype == torch.float32


def test_head_is_differentiable_in_float64():
    head = DINOHead(3, prototypes=4, hidden=5, bottleneck=3).double()
    for layer in (head.mlp[0], head.mlp[2], head.mlp[4]):
        torch.nn.init.normal_(layer.weight)
    assert torch.autograd.gradcheck(head, (logits(2, 3).requires_grad_(),))


def test_centre_moves_by_a_tenth_only_when_told_to():
    centre = Centre(2)
    centre.note(torch.tensor([[[1.0, 2.0]], [[3.0, 6.0]]]))
    assert centre.value.tolist() == [0, 0]
    centre.update()
    assert centre.value.tolist() == pytest.approx([0.2, 0.4])
    centre.update()  # nothing was noted since
    assert centre.value.tolist() == pytest.approx([0.2, 0.4])


def test_centre_is_saved():
    assert list(Centre(2).state_dict()) == ["value"]
