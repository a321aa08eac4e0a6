"""Scans of a worklist are answered without touching the scan that is open."""

import numpy as np
import pytest
from PIL import Image

from medvlp.errors import ScanTooLargeError
from medvlp.session import Session
from medvlp.worker.examine import examine
from medvlp.worker.priority import background_threads
from medvlp.worker.read_ahead import ReadAhead


def quiet(fraction, message):
    pass


@pytest.fixture
def film(tmp_path):
    """Half of the picture has the intensity that the fake model takes for a mass."""
    pixels = np.zeros((64, 64), np.uint8)
    pixels[:, 40:] = 200
    path = tmp_path / "film.png"
    Image.fromarray(pixels).save(path)
    return str(path)


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "other.png"
    Image.fromarray(np.tile(np.arange(64, dtype=np.uint8), (64, 1))).save(path)
    return str(path)


def test_queries_are_answered_and_the_open_scan_stays(fake_model, film, other):
    session = Session(fake_model, cache=False)
    session.open(other)
    opened = session.scan
    done = examine(session, film, None, ["mass", "fracture"], "", quiet)
    assert session.scan is opened
    assert session.encoding is None
    assert (done.modality, done.model_id) == ("XR", fake_model.model_id)
    assert [answer.query for answer in done.answers] == ["mass", "fracture"]
    alone = Session(fake_model, cache=False)
    alone.open(film)
    expected = [heatmap.probability for heatmap in alone.ask(["mass", "fracture"])]
    assert [answer.probability for answer in done.answers] == expected
    assert expected[0] > expected[1]


def test_without_a_query_the_scan_is_encoded_all_the_same(fake_model, film):
    done = examine(Session(fake_model, cache=False), film, None, [], "", quiet)
    assert done.answers == ()
    assert len(done.scan_id) == 64


def test_a_scan_that_is_known_is_answered_from_the_cache_without_its_file(
    fake_model, film, tmp_path, monkeypatch
):
    from medvlp.store.encodings import EncodingStore

    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
    session = Session(fake_model, cache=True)
    first = examine(session, film, None, ["mass"], "", quiet)
    alone = Session(fake_model)
    alone.open(film)
    EncodingStore().put(alone.encode())
    again = examine(session, "/nowhere/film.png", None, ["mass"], first.scan_id, quiet)
    assert again == first


def test_an_abstention_keeps_its_reason(fake_model, film):
    model = type(fake_model)(in_domain=0.01)
    done = examine(Session(model, cache=False), film, None, ["mass"], "", quiet)
    assert done.answers[0].probability is None
    assert done.answers[0].reason


def test_a_scan_read_ahead_is_opened_without_reading_it_again(film, monkeypatch):
    ahead = ReadAhead()
    ahead.read(film, None, None, quiet)
    arguments = ahead.take({"source": film, "series": None})
    scan = Session().open(**arguments)
    assert scan.array.shape == (64, 64)
    assert arguments["source"] is scan
    assert ahead.take({"source": film, "series": None})["source"] == film  # it is given away once


@pytest.mark.parametrize(
    "asked",
    [
        {"series": "abc1"},
        {"series": None, "strict": True},
    ],
)
def test_what_is_asked_for_in_another_way_is_read_anew(film, asked):
    ahead = ReadAhead()
    ahead.read(film, None, None, quiet)
    arguments = {"source": film, **asked}
    assert ahead.take(arguments) == arguments


def test_a_scan_whose_file_changed_since_it_was_read_ahead_is_read_anew(film):
    ahead = ReadAhead()
    ahead.read(film, None, None, quiet)
    Image.fromarray(np.full((32, 48), 7, np.uint8)).save(film)
    arguments = {"source": film, "series": None}
    assert ahead.take(arguments) == arguments


def test_a_scan_read_ahead_is_dropped_when_another_one_is_opened(film, other):
    ahead = ReadAhead()
    ahead.read(film, None, None, quiet)
    ahead.take({"source": other, "series": None})
    arguments = {"source": film, "series": None}
    assert ahead.take(arguments) == arguments


def test_a_volume_that_memory_would_not_hold_is_refused(fake_model, tmp_path):
    import nibabel as nib

    path = str(tmp_path / "volume.nii.gz")
    nib.save(nib.Nifti1Image(np.zeros((9, 8, 7), np.int16), np.eye(4)), path)
    session = Session(fake_model, cache=False)
    with pytest.raises(ScanTooLargeError, match="are free"):
        examine(session, path, None, ["mass"], "", quiet, available_memory=1000)


def test_a_scan_that_cannot_be_read_ahead_is_left_to_the_opening(tmp_path):
    ahead = ReadAhead()
    ahead.read(str(tmp_path / "nothing.png"), None, None, quiet)
    arguments = {"source": str(tmp_path / "nothing.png"), "series": None}
    assert ahead.take(arguments) == arguments


def test_the_background_leaves_processors_to_the_foreground():
    assert [background_threads(n) for n in (1, 2, 3, 16)] == [1, 1, 1, 8]
