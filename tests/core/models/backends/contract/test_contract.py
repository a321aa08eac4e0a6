"""What everything above a model relies on, for every model."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from medvlp.errors import Cancelled, ModelMismatchError
from medvlp.geometry import Geometry
from medvlp.grounding.ground import ground
from medvlp.models.protocol import GroundingModel

SPOTS = {"CT": ((6, 8, 10), (21, 30, 12), (13, 11, 40)), "XR": ((14, 12), (60, 15), (30, 50))}


def change_of(model, scan, plain) -> tuple[np.ndarray, object]:
    """How much each cell turned away, and the encoding."""
    a, b = model.encode(scan, cache=False), model.encode(plain, cache=False)
    assert a.geometry.is_close(b.geometry)
    return 1 - np.sum(a.grid.astype(np.float32) * b.grid.astype(np.float32), axis=-1), a


def test_it_has_the_protocol(backend):
    model = backend.model
    assert isinstance(model, GroundingModel)
    assert set(model.modalities) <= {"CT", "XR"}
    assert model.modalities
    assert len(model.sha256) == 64
    assert model.model_id.startswith(f"{model.name}@")
    assert np.isfinite([model.logit_scale, model.logit_bias]).all()
    assert model.logit_scale > 0


def test_shapes_and_dtypes(model_and_scan):
    model, scan = model_and_scan
    encoding = model.encode(scan, cache=False)
    texts = model.embed_text(["pleural effusion", "lung nodule"])
    assert encoding.grid.dtype == np.float16
    assert encoding.pooled.dtype == np.float32
    assert texts.dtype == np.float32
    assert encoding.grid.ndim == scan.array.ndim + 1
    assert encoding.geometry.shape == encoding.grid.shape[:-1]
    assert texts.shape == (2, encoding.grid.shape[-1])
    assert encoding.pooled.shape == texts.shape[1:]
    assert np.isfinite(encoding.matrix).all()


def test_vectors_have_length_one(model_and_scan):
    model, scan = model_and_scan
    encoding = model.encode(scan, cache=False)
    np.testing.assert_allclose(np.linalg.norm(encoding.matrix, axis=1), 1.0, atol=5e-3)
    np.testing.assert_allclose(np.linalg.norm(encoding.pooled), 1.0, atol=1e-3)
    texts = model.embed_text(["pleural effusion"])
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1.0, atol=1e-3)


def test_it_says_which_scan_and_which_model(model_and_scan):
    model, scan = model_and_scan
    encoding = model.encode(scan, cache=False)
    assert encoding.scan_id == scan.scan_id
    assert encoding.model_id == model.model_id
    assert encoding.modality == scan.modality
    assert encoding.scan_shape == scan.array.shape
    assert Geometry.from_dict(encoding.extra["scan_geometry"]).is_close(scan.geometry)


@pytest.mark.parametrize("geometry", ["axial", "oblique", "sagittal"])
@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
def test_a_cube_that_moves_in_a_ct_changes_the_cells_it_leaves_and_enters(
    for_ct, make_scan, geometry, pair
):
    spots = [SPOTS["CT"][i] for i in pair]
    first, second = (make_scan("CT", spot, geometry) for spot in spots)
    change, encoding = change_of(for_ct, first, second)
    check_places(change, encoding, first.geometry, spots, half=3.5)


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
def test_a_square_that_moves_in_an_xray_changes_the_cells_it_leaves_and_enters(
    for_xr, make_scan, pair
):
    spots = [SPOTS["XR"][i] for i in pair]
    first, second = (make_scan("XR", spot) for spot in spots)
    change, encoding = change_of(for_xr, first, second)
    check_places(change, encoding, first.geometry, spots, half=5.5)


def check_places(change, encoding, scan: Geometry, spots, half: float) -> None:
    """Both places, a cell around each, changed more than everything else."""
    cells = np.moveaxis(np.indices(change.shape), 0, -1)
    voxels = scan.world_to_index(encoding.geometry.index_to_world(cells))
    cell = np.abs(encoding.geometry.axis_vectors @ scan.inverse[:3, :3].T).max(axis=0)
    reach = half + cell[3 - scan.ndim :]
    near = [np.all(np.abs(voxels - np.asarray(spot)) <= reach, axis=-1) for spot in spots]
    elsewhere = change[~(near[0] | near[1])].max()
    assert min(change[n].max() for n in near) > max(elsewhere, 1e-4)


def test_the_answer_to_a_query_lies_where_the_cube_is(for_ct, make_scan, monkeypatch):
    """A text whose vector is what the cube looks like: the whole line down to millimetres."""
    first, second = (make_scan("CT", spot, "oblique") for spot in SPOTS["CT"][:2])
    plain, model = make_scan("CT", None, "oblique"), for_ct
    change, encoding = change_of(model, first, plain)
    cube = encoding.matrix[int(np.argmax(change))]
    rest = encoding.matrix.mean(axis=0)
    vector = (cube - rest * float(cube @ rest) / float(rest @ rest)).astype(np.float32)
    vector /= np.linalg.norm(vector)
    monkeypatch.setattr(model, "embed_text", lambda texts: np.tile(vector, (len(texts), 1)))
    monkeypatch.setattr(
        model, "calibration", model.calibration.model_copy(update={"negative_weight": 0.0})
    )
    for scan, spot in ((first, SPOTS["CT"][0]), (second, SPOTS["CT"][1])):
        seen = model.encode(scan, cache=False)
        (heat,) = ground(model, seen, "lung nodule")
        if heat.abstained:  # a random network does not know its own domain
            (heat,) = ground(model, dataclasses.replace(seen, in_domain=1.0), "lung nodule")
        cell = max(encoding.geometry.spacing)
        distance = np.linalg.norm(np.asarray(heat.peak_mm) - scan.geometry.index_to_world(spot))
        assert distance <= 1.5 * cell


@pytest.mark.parametrize("geometry", ["axial", "oblique", "sagittal"])
def test_the_grid_covers_what_it_must_and_has_the_scans_axes(for_ct, make_scan, geometry):
    from medvlp.grounding.grid_to_scan import grid_to_scan

    scan = make_scan("CT", SPOTS["CT"][1], geometry)
    encoding = for_ct.encode(scan, cache=False)
    covered = [w.any(axis=1) for w in grid_to_scan(encoding.geometry, scan.geometry).weights]
    assert all(c.mean() > 0.97 for c in covered)


def test_a_moved_scan_moves_the_grid_and_nothing_else(model_and_scan):
    model, scan = model_and_scan
    affine = scan.geometry.affine.copy()
    affine[:3, 3] += (10.0, -20.0, 30.0)
    geometry = Geometry(scan.geometry.shape, affine, scan.geometry.units)
    moved = dataclasses.replace(scan, geometry=geometry)
    a = model.encode(scan, cache=False)
    b = model.encode(moved, cache=False)
    np.testing.assert_array_equal(a.grid, b.grid)
    origin = (0,) * scan.array.ndim
    shift = b.geometry.index_to_world(origin) - a.geometry.index_to_world(origin)
    np.testing.assert_allclose(shift, (10.0, -20.0, 30.0), atol=1e-6)


def test_the_same_image_stored_backwards_is_the_same_encoding(for_ct, make_scan):
    """Turned over in memory, unchanged in the patient."""
    scan = make_scan("CT", SPOTS["CT"][0])
    turned = dataclasses.replace(
        scan,
        array=np.ascontiguousarray(scan.array.transpose(1, 0, 2)[:, ::-1]),
        geometry=scan.geometry.permuted((1, 0, 2), (False, True, False)),
    )
    a = for_ct.encode(scan, cache=False)
    b = for_ct.encode(turned, cache=False)
    assert a.geometry.is_close(b.geometry)
    np.testing.assert_array_equal(a.grid, b.grid)


def test_twice_the_same(model_and_scan):
    model, scan = model_and_scan
    first, second = (model.encode(scan, cache=False) for _ in range(2))
    np.testing.assert_array_equal(first.grid, second.grid)
    np.testing.assert_array_equal(first.pooled, second.pooled)


def test_texts_do_not_depend_on_their_batch(backend):
    model = backend.model
    alone = model.embed_text(["lung nodule"])
    for memory in ("_vectors", "_texts"):
        if isinstance(getattr(model, memory, None), dict):
            getattr(model, memory).clear()
    together = model.embed_text(["there is a left pleural effusion", "lung nodule", "no effusion"])
    np.testing.assert_allclose(alone[0], together[1], atol=2e-5)


def test_different_texts_differ(backend):
    a, b = backend.model.embed_text(["pleural effusion", "lung nodule"])
    assert float(a @ b) < 0.9999


def test_it_reports_progress_and_ends(model_and_scan):
    model, scan = model_and_scan
    seen: list[float] = []
    model.encode(scan, progress=lambda f, _: seen.append(f), cache=False)
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] == 1.0


def test_it_can_be_cancelled(backend, make_scan):
    scan = make_scan(backend.model.modalities[0])

    def stop(fraction: float, message: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        backend.model.encode(scan, progress=stop, cache=False)


def test_a_scan_of_the_other_kind_is_refused(for_one_kind, make_scan):
    from medvlp.session import Session

    other = make_scan(*({"CT", "XR"} - set(for_one_kind.modalities)))
    with pytest.raises(ModelMismatchError, match="Choose another model"):
        for_one_kind.encode(other, cache=False)
    session = Session(for_one_kind, cache=False)
    session.open(other)
    with pytest.raises(ModelMismatchError, match="Choose another model"):
        session.encode()


def test_the_cache_gives_back_what_was_encoded(model_and_scan, tmp_path, monkeypatch):
    model, scan = model_and_scan
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path))
    messages: list[str] = []
    first = model.encode(scan)
    second = model.encode(scan, progress=lambda _, message: messages.append(message))
    np.testing.assert_array_equal(first.grid, second.grid)
    assert second.geometry.is_close(first.geometry)
    assert any("cache" in m for m in messages)


def test_its_folder_is_whole(backend):
    from medvlp.models.folder import problems

    assert problems(backend.folder) == []
