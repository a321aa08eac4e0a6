from __future__ import annotations

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.simulation.case import SimulationError
from medvlp_training.simulation.pair_sheet import pairs_of, row, sheet


def _pair(name: str, finding: str | None) -> tuple[ImageTextSample, ImageTextSample]:
    ct, film = np.zeros((20, 24, 28), np.int16), np.full((32, 40), 90, np.uint8)
    lesion, flat = np.zeros(ct.shape, bool), np.zeros(film.shape, bool)
    lesion[6:12, 8:14, 18:24], flat[10:20, 26:36] = True, True
    affine = np.array(Geometry.axial(ct.shape, (3.0, 4.0, 2.0)).affine)
    return (
        ImageTextSample(f"{name}/ct", name, "CT", ct, affine, ("A.",),
                        lesions={finding: lesion} if finding else {}),
        ImageTextSample(f"{name}/xr", name, "XR", film, None, ("A.",),
                        lesions={finding: flat} if finding else {}),
    )  # fmt: skip


def _red(picture: np.ndarray) -> np.ndarray:
    return (picture[..., 0] > 200) & (picture[..., 1] < 80)


def test_ct_and_film_of_one_report_find_each_other_in_any_order() -> None:
    (a, b), (c, d) = _pair("p", "lung_mass"), _pair("q", "lung_mass")
    found = [(ct.identity, film.identity) for ct, film in pairs_of([d, a, c, b])]
    assert found == [("q/ct", "q/xr"), ("p/ct", "p/xr")]


def test_every_second_cell_is_outlined_and_the_film_on_the_side_of_the_lesion() -> None:
    picture = row(*_pair("p", "lung_mass"), "lung_mass")
    cells = np.split(picture[28:], 6, axis=1)
    assert [bool(_red(c).any()) for c in cells] == [False, True] * 3
    assert np.nonzero(_red(cells[5]))[1].mean() > 150


def test_one_row_for_each_finding() -> None:
    samples = [s for n, f in (("p", "lung_mass"), ("q", "lung_mass"), ("r", "emphysema"))
               for s in _pair(n, f)]  # fmt: skip
    height = row(*_pair("p", "lung_mass"), "lung_mass").shape[0]
    assert sheet(samples, 9).shape[0] == 2 * height
    assert sheet(samples, 1).shape[0] == height


def test_pairs_without_a_finding_give_no_sheet() -> None:
    with pytest.raises(SimulationError, match="has a finding"):
        sheet(_pair("p", None), 3)
