"""The worker: a real child process, cancelled, killed and replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import numpy as np
import pytest
from published_layouts import write_clip

from medvlp.errors import MedVLPError, WorkerError
from medvlp.geometry import Geometry
from medvlp.scan import Scan, ScanWarning
from medvlp.worker import EncodingFacts, Event, ModelFacts, Worker, supervisor
from medvlp.worker.child import _Child
from medvlp.worker.messages import Context, Job, Setup
from medvlp.worker.shared_scan import SharedBlocks, remove_block

PATIENCE = 120.0
SEEN: WeakKeyDictionary[Worker, list[Event]] = WeakKeyDictionary()


@pytest.fixture
def worker_of(fake_model):
    """``worker_of("plain")``: a worker with that session of tests/support/fake_sessions.py."""
    workers = []

    def make(name: str) -> Worker:
        workers.append(Worker(fake_session_factory=f"fake_sessions:{name}"))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


def scan_with_effusion(shape=(16, 20, 24)) -> Scan:
    array = np.full(shape, -2000, np.int16)
    array[:, 2:6, 2:22] = -700
    array[4:8, 10:14, 16:20] = 10
    geometry = Geometry.axial(shape, (4.0, 3.0, 3.0), (-36.0, 5.0, 100.0))
    warning = ScanWarning("made-up", "This scan is made up.")
    return Scan(array, geometry, "CT", "HU", (warning,), {"format": "none"}, (40.0, 400.0))


def events_of(worker: Worker, request: int, enough) -> list[Event]:
    """All events of a request so far, once they are ``enough``."""
    deadline = time.monotonic() + PATIENCE
    seen = SEEN.setdefault(worker, [])
    while time.monotonic() < deadline:
        seen.extend(worker.poll())
        mine = [event for event in seen if event.request == request]
        if enough(mine):
            return mine
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for request {request}; seen {seen}")


def end_of(worker: Worker, request: int) -> Event:
    """The event that ends a request."""

    def ended(events: list[Event]) -> bool:
        return any(event.kind != "progress" for event in events)

    (end,) = (e for e in events_of(worker, request, ended) if e.kind != "progress")
    return end


def wait_for_progress(worker: Worker, request: int, times: int = 1) -> list[float]:
    """The fractions reported so far, at least ``times`` of them."""
    events = events_of(worker, request, lambda mine: len(mine) >= times)
    assert {event.kind for event in events} == {"progress"}
    return [event.fraction for event in events]


def exists(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(process_id: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not exists(process_id):
            return True
        time.sleep(0.05)
    return False


linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and /dev/shm")


def test_masks_of_a_file_come_back_with_the_encoding_or_are_refused(worker_of, tmp_path):
    import nibabel

    worker, scan = worker_of("plain"), scan_with_effusion()
    labels = np.zeros(scan.array.shape, np.uint8)
    labels[2:8, 12:16, 4:8] = 5
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ scan.geometry.affine[:, [2, 1, 0, 3]]
    path, other = tmp_path / "organs.nii.gz", tmp_path / "other.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels.transpose(2, 1, 0), affine), path)
    affine[0, 3] += 500
    nibabel.save(nibabel.Nifti1Image(labels.transpose(2, 1, 0), affine), other)
    end_of(worker, worker.submit("open", source=scan))
    refused = end_of(worker, worker.submit("use_organs", organs=str(other)))
    assert refused.kind == "error"
    assert "does not lie on the scan" in refused.message
    facts = end_of(worker, worker.submit("use_organs", organs=str(path))).value
    marked = facts.geometry.index_to_world(np.argwhere(facts.organs["liver"] >= 0.5))
    middle = scan.geometry.index_to_world((4.5, 13.5, 5.5))
    assert np.linalg.norm(marked.mean(axis=0) - middle) < 6.0


def test_a_scan_is_opened_encoded_asked_and_scored_in_the_child(worker_of):
    worker, scan = worker_of("plain"), scan_with_effusion()
    requests = [
        worker.submit("open", source=scan),
        worker.submit("encode"),
        worker.submit("ask", texts=["pleural effusion", "left pleural effusion"]),
        worker.submit("score", organs=None),
        worker.submit("encode"),
    ]
    assert requests == sorted(requests)
    ends = {request: end_of(worker, request) for request in requests}
    assert [ends[r].kind for r in requests] == ["result"] * 5
    opened = ends[requests[0]].value
    assert np.array_equal(opened.array, scan.array)
    assert opened.geometry == scan.geometry
    assert opened.scan_id == scan.scan_id
    assert (opened.warnings, opened.window) == (scan.warnings, scan.window)
    facts = ends[requests[1]].value
    assert isinstance(facts, EncodingFacts)
    assert facts.model.device == "cpu (numpy)"
    assert facts.organs["liver"].shape == facts.geometry.shape
    first, second = ends[requests[2]].value
    assert opened.array[first.peak_index] == 10
    assert first.on(opened).shape == scan.array.shape
    assert first.probability > 0.9
    assert second.probability > 0.9
    assert ends[requests[3]].value.rows[0].organ == "whole_scan"


def test_voxels_come_back_read_only(worker_of):
    worker = worker_of("plain")
    opened = end_of(worker, worker.submit("open", source=scan_with_effusion())).value
    with pytest.raises(ValueError, match="read-only"):
        opened.array[0, 0, 0] = 1


def test_an_error_of_the_user_is_an_event_with_its_exception(worker_of, tmp_path):
    worker = worker_of("plain")
    event = end_of(worker, worker.submit("encode"))
    assert event.kind == "error"
    assert isinstance(event.value, MedVLPError)
    assert "No scan is open" in event.message
    event = end_of(worker, worker.submit("open", path=str(tmp_path / "missing.nii")))
    assert event.kind == "error"
    assert "missing.nii" in event.message


def test_a_failed_open_keeps_the_scan_before_it(worker_of, tmp_path):
    worker = worker_of("plain")
    worker.submit("open", source=scan_with_effusion())
    assert end_of(worker, worker.submit("open", path=str(tmp_path / "no"))).kind == "error"
    assert end_of(worker, worker.submit("encode")).kind == "result"


def test_wrong_arguments_are_errors_and_the_worker_goes_on(worker_of):
    worker = worker_of("plain")
    with pytest.raises(WorkerError, match="Unknown request"):
        worker.submit("dance")
    assert end_of(worker, worker.submit("open", source=lambda: None)).kind == "error"
    assert end_of(worker, worker.submit("encode", colour="red")).kind == "error"
    assert end_of(worker, worker.submit("open", source=scan_with_effusion())).kind == "result"


def test_progress_is_reported_before_the_result(worker_of):
    worker = worker_of("slow")
    worker.submit("open", source=scan_with_effusion())
    request = worker.submit("encode")
    fractions = wait_for_progress(worker, request, times=2)
    assert fractions == sorted(fractions)
    worker.cancel(request)
    assert end_of(worker, request).kind == "cancelled"


def test_a_job_that_listens_is_cancelled_without_losing_its_process(worker_of, monkeypatch):
    monkeypatch.setattr(supervisor, "CANCEL_GRACE_SECONDS", 30.0)  # a busy machine hears it late
    worker = worker_of("slow")
    assert end_of(worker, worker.submit("open", source=scan_with_effusion())).kind == "result"
    before, request = worker.process_id, worker.submit("encode")
    wait_for_progress(worker, request)
    worker.cancel(request)
    assert end_of(worker, request).kind == "cancelled"
    assert worker.process_id == before


def test_a_job_that_does_not_listen_is_killed_and_the_scan_is_not_lost(worker_of):
    worker = worker_of("stubborn")
    assert end_of(worker, worker.submit("open", source=scan_with_effusion())).kind == "result"
    before, request = worker.process_id, worker.submit("encode")
    time.sleep(0.3)
    worker.cancel(request)
    assert end_of(worker, request).kind == "cancelled"
    request = worker.submit("load_model", model=None)  # fails or not: the child answers again
    assert end_of(worker, request).kind in ("result", "error")
    assert worker.process_id != before
    assert gone(before)


@pytest.fixture
def child(fake_model):
    """The child's side without a process: cancelled requests finish before they hear of it."""
    sent: list[Event] = []
    connection = SimpleNamespace(send=sent.append)
    child = _Child(connection, Setup(None, "cpu", "fake_sessions:plain"), set())

    def answer(job: Job) -> Event:
        child.answer(job)
        return sent[-1]

    return SimpleNamespace(answer=answer, inner=child)


@pytest.mark.parametrize(
    ("accepted", "said"), [(False, "published under"), (True, "the hub did not answer")]
)
def test_a_model_that_cannot_be_pulled_is_an_error_with_a_sentence(
    child, monkeypatch, tmp_path, accepted, said
):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path))
    arguments = {"repository": "google/medsiglip-448", "accept_licence": accepted}
    done = child.answer(Job(1, "pull_model", arguments))
    assert done.kind == "error"
    assert said in done.message
    assert isinstance(done.value, MedVLPError)
    assert child.inner._session is None  # neither a model nor a scan was touched for it


def test_a_model_is_added_from_a_folder(child, monkeypatch, tmp_path):
    (tmp_path / "mine").mkdir()
    folder = write_clip(tmp_path / "mine")
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    arguments = {"folder": folder, "accept_licence": True}
    done = child.answer(Job(1, "import_model", arguments))
    assert (done.kind, done.value) == ("result", folder.name)
    assert (tmp_path / "models" / done.value / "manifest.json").is_file()
    refused = child.answer(Job(2, "import_model", arguments | {"folder": tmp_path}))
    assert (refused.kind, str(tmp_path) in refused.message) == ("error", True)
    assert child.inner._session is None


def test_a_model_for_another_kind_of_scan_leaves_the_one_in_use(child, fake_model):
    other = type(fake_model)()
    other.modalities = ("XR",)
    done = child.answer(Job(1, "load_model", {"model": other, "modality": "CT"}))
    assert (done.kind, child.inner.session.model is other) == ("error", False)
    done = child.answer(Job(2, "load_model", {"model": other, "modality": "XR"}))
    assert (done.kind, child.inner.session.model is other) == ("result", True)


def test_a_cancelled_model_that_was_loaded_all_the_same_does_not_answer(child, fake_model):
    block = f"medvlp-test-{os.getpid()}"
    opening = Job(1, "open", {"source": scan_with_effusion()}, shared_name=block)
    assert child.answer(opening).kind == "result"
    other = type(fake_model)()
    context = Context().after(opening)  # nothing came of the request in between
    assert child.answer(Job(2, "load_model", {"model": other}, context)).kind == "result"
    done = child.answer(Job(3, "ask", {"texts": ["pleural effusion"]}, context))
    assert (done.kind, done.message) == ("result", "")
    assert done.value[0].peak_index is not None
    assert child.inner.session.model is not other
    remove_block(block)


def test_a_cancelled_scan_that_was_opened_all_the_same_is_not_encoded(child):
    block = f"medvlp-test-{os.getpid()}"
    child.answer(Job(1, "open", {"source": scan_with_effusion()}, shared_name=block))
    event = child.answer(Job(2, "encode", {}, Context()))
    assert (event.kind, "No scan is open" in event.message) == ("error", True)
    remove_block(block)


def test_a_waiting_request_is_cancelled_at_once_and_the_running_one_goes_on(worker_of):
    worker = worker_of("slow")
    worker.submit("open", source=scan_with_effusion())
    running, waiting = worker.submit("encode"), worker.submit("ask", texts=["liver"])
    worker.cancel(waiting)
    assert end_of(worker, waiting).kind == "cancelled"
    worker.cancel(running)
    assert end_of(worker, running).kind == "cancelled"
    worker.cancel(running)
    worker.cancel(12345)


def test_a_crash_is_an_event_and_the_next_request_finds_the_same_scan(
    worker_of, monkeypatch, tmp_path
):
    monkeypatch.setenv("MEDVLP_TEST_MARK", str(tmp_path / "crashed"))
    worker = worker_of("crashing_once")
    assert end_of(worker, worker.submit("open", source=scan_with_effusion())).kind == "result"
    event = end_of(worker, worker.submit("encode"))
    assert event.kind == "died"
    assert "status 9" in event.message
    (heat,) = end_of(worker, worker.submit("ask", texts=["pleural effusion"])).value
    assert heat.peak_index is not None


def test_a_process_that_the_system_killed_while_idle_is_replaced(worker_of):
    worker = worker_of("plain")
    end_of(worker, worker.submit("open", source=scan_with_effusion()))
    os.kill(worker.process_id, signal.SIGKILL)
    event = end_of(worker, 0)
    assert event.kind == "died"
    assert "SIGKILL" in event.message
    assert end_of(worker, worker.submit("encode")).kind == "result"


def test_a_scan_that_always_crashes_the_process_does_not_loop(worker_of):
    worker = worker_of("crashing")
    end_of(worker, worker.submit("open", source=scan_with_effusion()))
    for _ in range(2):
        assert end_of(worker, worker.submit("encode")).kind == "died"
    assert end_of(worker, worker.submit("open", source=scan_with_effusion())).kind == "result"


@pytest.mark.parametrize(
    ("factory", "kind", "text"),
    [
        ("broken", "error", "no session today"),
        ("hungry", "error", "not enough memory"),
        ("ending", "died", "status 3"),
        ("absent", "error", "absent"),
    ],
)
def test_a_session_that_fails_answers_with_an_event(worker_of, factory, kind, text):
    worker = worker_of(factory)
    worker.submit("open", source=scan_with_effusion())
    event = end_of(worker, worker.submit("encode"))
    assert event.kind == kind
    assert text in event.message


def test_submit_and_poll_return_while_a_job_runs(worker_of):
    worker = worker_of("stubborn")
    worker.submit("open", source=scan_with_effusion())
    first = worker.submit("encode")
    more = [worker.submit("ask", texts=["liver"]) for _ in range(500)]
    assert all(e.request <= first for e in worker.poll())
    assert more[-1] == first + 500


def test_the_model_can_be_changed_and_what_it_is_told(worker_of):
    worker = worker_of("plain")
    event = end_of(worker, worker.submit("load_model", model="no-such-model"))
    assert event.kind == "error"
    worker.submit("open", source=scan_with_effusion())
    facts = end_of(worker, worker.submit("encode")).value.model
    assert isinstance(facts, ModelFacts)
    assert facts.name == "fake"


def test_a_survey_lists_each_path_as_it_goes_and_leaves_the_scan_alone(worker_of, tmp_path):
    (tmp_path / "a.txt").write_text("no scan")
    worker = worker_of("plain")
    end_of(worker, worker.submit("open", source=scan_with_effusion()))
    request = worker.submit("survey", paths=[str(tmp_path / "a.txt"), str(tmp_path / "b")])
    end = end_of(worker, request)
    events = [e for e in SEEN[worker] if e.request == request]
    assert [e.value.paths for e in events if e.kind == "progress" and e.value is not None] == [
        (str(tmp_path / "a.txt"),),
        (str(tmp_path / "b"),),
    ]
    assert ["not recognised" in end.value[0].problem, "no file" in end.value[1].problem] == [
        True
    ] * 2
    assert end_of(worker, worker.submit("ask", texts=["pleural effusion"])).kind == "result"


def test_a_scan_that_is_not_the_expected_one_is_refused_and_the_open_one_stays(
    worker_of, fake_model
):
    worker, scan = worker_of("plain"), scan_with_effusion()
    end_of(worker, worker.submit("open", source=scan))
    other = scan_with_effusion((16, 20, 26))
    event = end_of(worker, worker.submit("open", source=other, scan_id=scan.scan_id))
    assert (event.kind, "has changed" in event.message) == ("error", True)
    (heat,) = end_of(worker, worker.submit("ask", texts=["pleural effusion"])).value
    assert heat.scan_geometry == scan.geometry
    assert (
        end_of(worker, worker.submit("open", source=other, scan_id=other.scan_id)).kind == "result"
    )


def test_close_ends_the_process_even_in_the_middle_of_a_job(worker_of):
    worker = worker_of("stubborn")
    worker.submit("open", source=scan_with_effusion())
    request = worker.submit("encode")
    time.sleep(1.0)
    process = worker.process_id
    worker.close()
    worker.close()
    assert gone(process)
    assert worker.process_id is None
    assert all(e.request <= request for e in worker.poll())
    with pytest.raises(WorkerError, match="closed"):
        worker.submit("encode")


@linux
def test_no_shared_memory_outlives_the_worker(worker_of):
    before = set(Path("/dev/shm").glob("medvlp-*"))
    worker = worker_of("plain")
    for _ in range(3):
        end_of(worker, worker.submit("open", source=scan_with_effusion()))
    opened = end_of(worker, worker.submit("open", source=scan_with_effusion())).value
    worker.close()
    assert opened.array[5, 11, 17] == 10  # still there: the array keeps its memory
    assert set(Path("/dev/shm").glob("medvlp-*")) == before


def test_shared_blocks_are_unmapped_once_no_array_uses_them(fake_model):
    scan, ours, theirs = scan_with_effusion(), SharedBlocks(), SharedBlocks()
    name = f"medvlp-test-{os.getpid()}"
    shared, parcel = ours.publish(scan, name)
    received = theirs.receive(parcel)
    view = received.array[3:9]
    assert np.array_equal(received.array, shared.array)
    del received, shared, scan
    ours.sweep()
    theirs.sweep()
    assert (len(ours), len(theirs)) == (0, 1)
    assert view[2, 11, 17] == 10
    del view
    theirs.sweep()
    assert len(theirs) == 0
    remove_block(name)


def test_a_scan_is_sent_whole_where_shared_memory_is_too_small(fake_model, monkeypatch):
    monkeypatch.setattr("medvlp.worker.shared_scan._fits", lambda size: False)
    scan, blocks = scan_with_effusion(), SharedBlocks()
    same, parcel = blocks.publish(scan, "medvlp-unused")
    assert same is scan
    assert np.array_equal(SharedBlocks().receive(parcel).array, scan.array)


ORPHAN = """
import sys, time
from medvlp.worker import Worker
sys.path.insert(0, {support!r})

if __name__ == "__main__":
    from test_scan import scan
    worker = Worker(fake_session_factory="fake_sessions:stubborn")
    worker.submit("open", source=scan)
    worker.submit("encode")
    while not any(e.kind == "result" for e in worker.poll()):
        time.sleep(0.05)
    time.sleep(0.5)
    print(worker.process_id, flush=True)
    time.sleep(600)
"""


@linux
def test_no_process_outlives_a_parent_that_was_killed(fake_model, tmp_path):
    support = str(Path(__file__).parents[1] / "support")
    (tmp_path / "test_scan.py").write_text(
        "import numpy as np\nfrom medvlp.geometry import Geometry\nfrom medvlp.scan import Scan\n"
        "g = Geometry.axial((8, 8, 8), (1, 1, 1))\n"
        "scan = Scan(np.zeros((8, 8, 8), np.int16), g, 'CT', 'HU')\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(ORPHAN.format(support=support))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        assert exists(child)
        parent.kill()
    assert gone(child)
