"""The published transforms, and where the cells of a picture lie in the patient."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from medvlp.geometry import Geometry
from medvlp.models.backends.framing import frame, window_starts
from medvlp.models.backends.network import ImageFeatures, ImageTextNetwork
from medvlp.models.backends.pictures import Pictures, slab_weights, windowed
from medvlp.models.backends.settings import MEDGEMMA_WINDOWS, PlanarPreprocessing
from medvlp.scan import Scan


def settings(**fields) -> PlanarPreprocessing:
    values = {
        "image_size": 64,
        "cell_pixels": 16,
        "fit": "crop",
        "resize_to": 64,
        "resample": "bicubic",
        "mean": (0.48145466, 0.4578275, 0.40821073),
        "std": (0.26862954, 0.26130258, 0.27577711),
        "dense": "test",
    }
    return PlanarPreprocessing(**values | fields)


def radiograph(shape, spacing=(1.5, 2.0)) -> Scan:
    image = np.random.default_rng(1).random(shape, dtype=np.float32)
    return Scan(image, Geometry.radiograph(shape, spacing), "XR", "normalised")


def published_square(scan: Scan, chosen: PlanarPreprocessing) -> np.ndarray:
    """The square that the pooled vector is made of, normalised."""
    pictures = Pictures(scan, chosen)
    top, left = pictures.framing.centre
    size = chosen.image_size
    square = pictures[0][:, top : top + size, left : left + size].astype(np.float32) / 255
    return (square - np.reshape(chosen.mean, (3, 1, 1))) / np.reshape(chosen.std, (3, 1, 1))


@pytest.mark.parametrize("shape", [(90, 90), (121, 90), (64, 101), (40, 33), (200, 71)])
@pytest.mark.parametrize("resize_to", [64, 73])
def test_clip_transform_is_that_of_transformers(shape, resize_to):
    scan = radiograph(shape)
    processor = CLIPImageProcessorPil(
        size={"shortest_edge": resize_to}, crop_size={"height": 64, "width": 64}
    )
    rgb = np.repeat(np.rint(scan.array * 255).astype(np.uint8)[..., None], 3, axis=-1)
    theirs = processor(rgb, return_tensors="np")["pixel_values"][0]
    ours = published_square(scan, settings(resize_to=resize_to))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("shape", [(90, 90), (121, 90), (40, 33)])
@pytest.mark.parametrize("resample", ["bilinear", "bicubic"])
def test_siglip_transform_is_that_of_transformers(shape, resample):
    scan = radiograph(shape)
    processor = SiglipImageProcessorPil(
        size={"height": 64, "width": 64}, resample={"bilinear": 2, "bicubic": 3}[resample]
    )
    rgb = np.repeat(np.rint(scan.array * 255).astype(np.uint8)[..., None], 3, axis=-1)
    theirs = processor(rgb, return_tensors="np")["pixel_values"][0]
    half = (0.5, 0.5, 0.5)
    ours = published_square(scan, settings(fit="squash", resample=resample, mean=half, std=half))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_padding_is_black_and_leaves_the_odd_pixel_at_the_end():
    """Google-Health/medsiglip pads ``missing // 2`` first and the rest after."""
    scan = radiograph((61, 64))
    picture = Pictures(scan, settings(fit="pad"))[0]
    assert (picture[:, 0] == 0).all()
    assert (picture[:, -2:] == 0).all()
    np.testing.assert_array_equal(picture[0, 1:-2], np.rint(scan.array * 255))


def test_windows_become_red_green_and_blue():
    hu = np.array([[-2000, -1225, -100, 1025, 3000], [-135, 40, 215, 0, 80]], np.float32)
    red, green, blue = (windowed(hu, *w) for w in MEDGEMMA_WINDOWS)
    assert red[0].tolist() == [0, 0, 128, 255, 255]
    assert green[1].tolist() == [0, 128, 255, 98, 157]
    assert blue[1].tolist() == [0, 128, 255, 0, 255]


def test_slabs_share_slices_by_thickness():
    np.testing.assert_allclose(
        slab_weights(5, 2), [[0.4, 0.4, 0.2, 0, 0], [0, 0, 0.2, 0.4, 0.4]], atol=1e-12
    )
    np.testing.assert_allclose(slab_weights(3, 3), np.eye(3))


@pytest.mark.parametrize(("length", "window", "cell"), [(64, 64, 16), (80, 64, 16), (400, 64, 16)])
def test_squares_cover_the_canvas_in_whole_cells(length, window, cell):
    starts = window_starts(length, window, cell)
    assert starts[0] == 0
    assert starts[-1] + window == length
    assert all(s % cell == 0 for s in starts)
    assert all(b - a <= window for a, b in pairwise(starts))


class MeanNetwork(ImageTextNetwork):
    """A cell's vector points by how bright the cell is: positions can be read off exactly."""

    def __init__(self, cell: int) -> None:
        super().__init__()
        self.cell = cell

    def encode_images(self, pixels):
        bright = torch.nn.functional.avg_pool2d(pixels, self.cell)[:, 0]
        dense = torch.stack([bright, 1 - bright], dim=-1)
        return ImageFeatures(dense, dense.flatten(1, 2).mean(1))

    def encode_texts(self, ids, mask):
        raise NotImplementedError

    @property
    def similarity(self):
        return 1.0, 0.0


def planar_model(chosen: PlanarPreprocessing):
    from tokenizers import Tokenizer, models

    from medvlp.grounding.calibration import Calibration
    from medvlp.models.backends.planar import PlanarModel
    from medvlp.models.backends.settings import TextSettings
    from medvlp.models.device import Placement
    from medvlp.models.folder import ModelInfo

    info = ModelInfo("mean", None, "Mean", 0, "0" * 64, ("CT", "XR"), "", False, "1" * 64)
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    parts = (tokenizer, TextSettings(max_tokens=8), Calibration.identity(), info)
    network = MeanNetwork(chosen.cell_pixels)
    return PlanarModel(chosen, network, *parts, Placement("cpu", torch.float32))


def centre_of_brightness(encoding) -> np.ndarray:
    grid = encoding.grid.astype(np.float64)
    bright = grid[..., 0] / grid.sum(axis=-1)
    cells = np.moveaxis(np.indices(bright.shape), 0, -1).reshape(-1, bright.ndim)
    middle = np.average(cells, axis=0, weights=bright.ravel())
    return encoding.geometry.index_to_world(middle)


@pytest.mark.parametrize("fit", ["squash", "pad", "crop"])
@pytest.mark.parametrize("shape", [(96, 96), (96, 150), (131, 96)])
def test_the_centre_of_a_square_is_found_to_a_fraction_of_a_pixel(fit, shape):
    plain = {"mean": (0.0,) * 3, "std": (1.0,) * 3, "resample": "bilinear", "cell_pixels": 4}
    model = planar_model(settings(fit=fit, image_size=64, **plain))
    image = np.zeros(shape, np.float32)
    image[20:41, 50:71] = 1.0
    scan = Scan(image, Geometry.radiograph(shape, (1.5, 2.0)), "XR", "normalised")
    encoding = model.encode(scan, cache=False)
    found, expected = centre_of_brightness(encoding), scan.geometry.index_to_world((30, 60))
    pixel = max(encoding.geometry.spacing) / 4  # resampling alone moves it by a tenth of one
    np.testing.assert_allclose(found, expected, atol=0.2 * pixel)


@pytest.mark.parametrize("slice_mm", [1.0, 5.0])
def test_the_centre_of_a_cube_in_an_oblique_ct_is_found(slice_mm):
    plain = {"mean": (0.0,) * 3, "std": (1.0,) * 3, "resample": "bilinear", "cell_pixels": 4}
    window = ((0.0, 1000.0),) * 3
    chosen = settings(fit="pad", ct_windows=window, slice_mm=slice_mm, **plain)
    angle = np.radians(17)
    affine = np.eye(4)
    affine[:3, :3] = [
        [0, -1.5 * np.sin(angle), -1.2 * np.cos(angle)],
        [0, 1.5 * np.cos(angle), -1.2 * np.sin(angle)],
        [2.5, 0, 0],
    ]
    affine[:3, 3] = (90, -40, 15)
    array = np.zeros((30, 70, 90), np.int16)
    array[4:13, 10:31, 50:61] = 1000
    scan = Scan(array, Geometry(array.shape, affine), "CT", "HU")
    encoding = planar_model(chosen).encode(scan, cache=False)
    expected = scan.geometry.index_to_world((8, 20, 55))
    np.testing.assert_allclose(centre_of_brightness(encoding), expected, atol=0.35)


def test_a_frame_of_a_square_is_one_square():
    framing = frame((90, 90), settings())
    assert framing.squares == ((0, 0),)
    assert framing.centre == (0, 0)
    assert framing.canvas == (64, 64)
