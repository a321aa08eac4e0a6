from __future__ import annotations

import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.transfer.box_head import (
    BoxHead,
    Cells,
    assigned,
    cells,
    detections,
)
from medvlp_training.evaluation.transfer.detection import detection
from medvlp_training.evaluation.transfer.fitting import Schedule
from medvlp_training.evaluation.transfer.split import split_patients


def test_cells_cover_the_image():
    corner, side = cells((2, 3), (8, 24), torch.device("cpu"))
    assert side.tolist() == [4, 8]
    assert corner.tolist() == [[0, 0], [0, 8], [0, 16], [4, 0], [4, 8], [4, 16]]


def test_a_box_goes_to_the_map_of_its_size_and_the_cell_of_its_centre():
    grids = [(2, 2), (8, 8)]  # cells of 16 and 4 pixels on a 32 x 32 image: anchors of 64 and 16
    boxes = torch.tensor([[-8.0, -8, 32, 32], [20, 4, 32, 12], [24, 24, 40, 40]])
    assert assigned(boxes, grids, (32, 32)).tolist() == [0, 4 + 6 * 8 + 2, 4 + 63]


def test_an_untrained_head_says_anchors_and_hardly_anything():
    torch.manual_seed(0)
    head = BoxHead(2, 8)
    found = head([torch.zeros(1, 8, 2, 2), torch.zeros(1, 8, 4, 4)], (16, 16))
    assert found.boxes.shape == (1, 20, 4)
    assert found.boxes[0, 0].tolist() == [-12, -12, 20, 20]
    assert found.boxes[0, 4].tolist() == [-6, -6, 10, 10]
    torch.testing.assert_close(found.logits.sigmoid(), torch.full((1, 20), 0.01))


def test_the_loss_falls_when_the_right_cell_is_sure_and_its_box_fits():
    head, grids, size = BoxHead(2, 8), [(4, 4)], (16, 16)
    true = [torch.tensor([[1.0, 1, 9, 9]]), torch.zeros(0, 4)]
    own = int(assigned(true[0], grids, size))
    boxes = torch.tensor([20.0, 20, 24, 24]).repeat(2, 16, 1)
    quiet = torch.full((2, 16), -6.0)
    missed = head.loss(Cells(quiet, boxes), true, grids, size)
    logits, fitting = quiet.clone(), boxes.clone()
    logits[0, own] = 6
    found = head.loss(Cells(logits, boxes), true, grids, size)
    fitting[0, own] = true[0][0]
    fits = head.loss(Cells(logits, fitting), true, grids, size)
    assert fits < 0.05 < found < missed
    logits[1, own] = 6
    alarmed = head.loss(Cells(logits, fitting), true, grids, size)
    assert alarmed > fits + 1
    # A neighbour whose box overlaps the true one is no false alarm.
    logits[1, own], logits[0, own + 1], fitting[0, own + 1] = -6, 6, true[0][0]
    assert head.loss(Cells(logits, fitting), true, grids, size) < fits + 0.01


def test_a_batch_without_boxes_has_a_finite_loss_with_a_gradient():
    head = BoxHead(3, 8)
    found = head([torch.randn(2, 8, 2, 3, 2)], (16, 24, 16))
    loss = head.loss(found, [torch.zeros(0, 6)] * 2, [(2, 3, 2)], (16, 24, 16))
    loss.backward()
    assert loss.isfinite()
    assert head.predict.weight.grad is not None
    assert head.predict.weight.grad.isfinite().all()


def test_overlapping_detections_are_suppressed():
    boxes = torch.tensor([[[0.0, 0, 10, 10], [0, 0, 10, 9], [30, 30, 40, 40]]])
    kept, scores = detections(Cells(torch.tensor([[1.0, 2.0, 0.0]]), boxes), 0)
    assert kept.tolist() == [[0, 0, 10, 9], [30, 30, 40, 40]]
    torch.testing.assert_close(scores, torch.tensor([2.0, 0.0]).sigmoid())


def test_boxes_that_the_images_show_are_found_and_noise_finds_none(toy, blocks):
    data = toy(48)
    split = split_patients(data.patients)
    schedule = Schedule(learning_rate=5e-3, batch_size=8, epochs=8)
    given = (data.boxes, data.patients, split)
    found = detection(blocks(), data.images, *given, schedule=schedule, width=16)
    assert found.estimate([0.5]).value > 0.9
    assert set(found.patients) == set(split.test)
    noise = torch.randn(data.images.shape, generator=torch.Generator().manual_seed(1))
    short = Schedule(learning_rate=5e-3, batch_size=8, epochs=3)
    blind = detection(blocks(), noise, *given, schedule=short, width=16)
    assert blind.estimate([0.5]).value < 0.3


def test_volumes_have_boxes_on_two_maps(blocks):
    class Blocks3D(torch.nn.Module):
        def forward(self, images):
            return [torch.nn.functional.avg_pool3d(images, n) for n in (4, 2, 1)]

    generator = torch.Generator().manual_seed(0)
    images = torch.randn(10, 1, 8, 8, 8, generator=generator)
    boxes = [torch.tensor([[0.0, 0, 0, 6, 6, 6]])] * 10
    patients = [str(i) for i in range(10)]
    short = Schedule(learning_rate=1e-3, batch_size=4, epochs=1)
    found = detection(
        Blocks3D(), images, boxes, patients, split_patients(patients), schedule=short, width=8
    )
    assert len(found.images) == 2
    assert all(image.boxes == 1 and image.matched.shape[0] == 8 for image in found.images)


def test_boxes_without_extent_are_refused(toy, blocks):
    data = toy(8)
    wrong = [*data.boxes[:-1], torch.tensor([[5.0, 5, 5, 9]])]
    with pytest.raises(MedVLPError, match="sample 7"):
        detection(blocks(), data.images, wrong, data.patients, split_patients(data.patients))
