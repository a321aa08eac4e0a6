"""Where the cells of BioViL's ResNet lie: by arithmetic, by gradients, and by a square that moves."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from medvlp.geometry import Geometry
from medvlp.models.backends.biovil import STRIDE, ResNet
from medvlp.models.backends.framing import frame
from medvlp.models.backends.settings import PlanarPreprocessing

SIDE = 448
LAYERS = ((7, 2, 3), (3, 2, 1), (3, 1, 1), (3, 2, 1), (3, 2, 1), (3, 2, 1))
"""Kernel, stride and padding of the stem, its pool, and the 3 x 3 convolution of each level's first
block (He et al., arXiv:1512.03385); what else there is has a stride of 1 and an even padding."""


def settings(**changes) -> PlanarPreprocessing:
    plain = {
        "image_size": SIDE, "cell_pixels": STRIDE, "fit": "crop", "resize_to": 512,
        "crop_offset": "round", "resample": "bilinear", "mean": (0, 0, 0), "std": (1, 1, 1),
        "stretch": True, "dense": "", "cell_centre": "first",
    }  # fmt: skip
    return PlanarPreprocessing(**(plain | changes))


@pytest.fixture(scope="module")
def resnet() -> nn.Module:
    """Of BioViL's depth and strides, thin, with weights above 0: every path counts with its weight."""
    torch.manual_seed(0)
    network = ResNet(4, [3, 4, 6, 3]).eval()
    for parameter in network.parameters():
        parameter.data = parameter.data.abs() + 0.01
    return network


def test_padding_and_strides_put_the_first_field_on_the_first_pixel():
    start, jump = 0.0, 1
    for kernel, stride, padding in LAYERS:
        start += ((kernel - 1) / 2 - padding) * jump
        jump *= stride
    assert (start, jump) == (0.0, STRIDE)


def test_gradients_say_the_same(resnet):
    """Weighted mean of the pixels that a cell depends on."""
    fields = []
    for seed in range(4):  # the pool picks one of nine pixels: over several images it has no side
        pixels = torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
        pixels.requires_grad_(True)
        resnet(pixels)[0, :, 6, 8].sum().backward()
        fields.append(pixels.grad[0].abs().sum(0))
    field = torch.stack(fields).sum(0).double()
    at = torch.arange(SIDE, dtype=torch.float64)
    row, column = ((field.sum(axis) * at).sum() / field.sum() for axis in (1, 0))
    assert abs(row - 6 * STRIDE) < 2
    assert abs(column - 8 * STRIDE) < 2


def test_a_square_that_moves_is_found_where_it_is(resnet):
    """Mean over many places: half a cell away if cells lay in the middle of their pixels."""
    plane = Geometry.radiograph((SIDE, SIDE), (1.0, 1.0))
    geometry = frame(plane.shape, settings(fit="squash")).cells(plane, settings(fit="squash"))
    cells = np.moveaxis(np.indices(geometry.shape), 0, -1)
    pixels = plane.world_to_index(geometry.index_to_world(cells))
    plain = 0.3 + 0.05 * torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        before = resnet(plain)
    offsets = []
    for row, column in ((r, c) for r in range(164, 284, 24) for c in range(164, 284, 24)):
        image = plain.clone()
        image[..., row - 6 : row + 7, column - 6 : column + 7] = 1.0
        with torch.no_grad():
            change = ((resnet(image) - before) / before).abs().mean(1)[0].double().numpy()
        weight = change**2  # a field reaches far: what lies about its middle counts
        found = (weight[..., None] * pixels).sum((0, 1)) / weight.sum()
        offsets.append(found - (row, column))
    assert np.abs(np.mean(offsets, axis=0)).max() < STRIDE / 8


def test_cells_are_centred_on_the_first_of_their_pixels_and_cover_the_picture():
    plane = Geometry.radiograph((512, 700), (1.0, 1.0))
    framing = frame(plane.shape, settings())
    cells = framing.cells(plane, settings())
    first = plane.world_to_index(cells.index_to_world((0, 0)))
    np.testing.assert_allclose(first, -np.array(framing.offset), atol=1e-9)
    faces = np.array([[-0.5, -0.5], [n - 0.5 for n in cells.shape]])
    low, high = plane.world_to_index(cells.index_to_world(faces))
    assert (low <= -0.5).all()
    assert (high >= np.array(plane.shape) - 0.5).all()
    middle = frame(plane.shape, settings(cell_centre="middle")).cells(
        plane, settings(cell_centre="middle")
    )
    shift = plane.world_to_index(middle.index_to_world((0, 0)))
    assert shift[0] == (STRIDE - 1) / 2


def test_the_published_centre_square_is_the_same_pixels():
    for shape in ((512, 512), (600, 480), (3000, 2500)):
        framings = [frame(shape, settings(cell_centre=c)) for c in ("first", "middle")]
        taken = [np.array(f.centre) - f.offset for f in framings]
        np.testing.assert_array_equal(*taken)
