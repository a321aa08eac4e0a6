from types import SimpleNamespace

import pytest

from medvlp_widgets.models.background_scoring import HANDED_OVER, BackgroundScoring, ScoringJob


class Process:
    """Does nothing by itself: tests say what it reports."""

    def __init__(self) -> None:
        self.submitted, self.cancelled, self.events, self.closed = [], [], [], False

    def submit(self, kind, **arguments):
        self.submitted.append((kind, arguments))
        return len(self.submitted)

    def poll(self):
        events, self.events = self.events, []
        return events

    def cancel(self, request):
        self.cancelled.append(request)

    def close(self):
        self.closed = True

    def report(self, request, kind="result", value=None, message="", fraction=0.0):
        self.events.append(
            SimpleNamespace(
                request=request, kind=kind, value=value, message=message, fraction=fraction
            )
        )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def process() -> Process:
    return Process()


@pytest.fixture
def queue(process, clock) -> BackgroundScoring:
    queue = BackgroundScoring(process, clock)
    queue.log = []
    queue.examined.connect(lambda key, value: queue.log.append((key, value)))
    queue.failed.connect(lambda key, why: queue.log.append((key, why)))
    queue.stopped.connect(lambda why: queue.log.append(("stopped", why)))
    return queue


def jobs(*keys: str, scan_id: str = "") -> list[ScoringJob]:
    return [ScoringJob(key, f"/scans/{key}", None, ("nodule",), scan_id) for key in keys]


def sources(process) -> list[str]:
    return [arguments["source"] for kind, arguments in process.submitted if kind == "examine"]


def test_only_a_few_requests_are_handed_over_at_a_time(queue, process):
    queue.score(jobs("a", "b", "c", "d", "e"))
    assert len(process.submitted) == HANDED_OVER == 2
    process.report(1, value="answer")
    queue.poll()
    assert sources(process) == ["/scans/a", "/scans/b", "/scans/c"]
    assert queue.log == [("a", "answer")]


def test_a_failure_belongs_to_its_scan_and_the_others_go_on(queue, process):
    queue.score(jobs("a", "b", "c"))
    process.report(1, "error", message="a: the file is empty")
    process.report(2, value="answer")
    queue.poll()
    assert queue.log == [("a", "a: the file is empty"), ("b", "answer")]
    assert queue.busy
    process.report(3, value="answer")
    queue.poll()
    assert not queue.busy
    assert not queue.progress.running


def test_paused_it_finishes_what_it_holds_and_begins_nothing(queue, process):
    queue.score(jobs("a", "b", "c", "d"))
    queue.pause()
    process.report(1, value="answer")
    process.report(2, value="answer")
    queue.poll()
    assert len(sources(process)) == 2
    queue.go_on()
    assert len(sources(process)) == 4


def test_the_time_left_does_not_count_pauses(queue, process, clock):
    queue.score(jobs("a", "b", "c", "d"))
    clock.now = 10.0
    process.report(1, value="answer")
    queue.poll()
    assert queue.progress.seconds_left == pytest.approx(30.0)
    queue.pause()
    clock.now = 1000.0
    queue.go_on()
    assert queue.progress.seconds_left == pytest.approx(30.0)


def test_stopped_it_drops_everything_and_late_answers_are_not_taken(queue, process):
    queue.score(jobs("a", "b", "c"))
    queue.stop()
    assert process.cancelled == [1, 2]
    process.report(1, value="late")
    queue.poll()
    assert queue.log == [("stopped", "")]
    assert len(process.submitted) == 2


def test_scans_in_the_cache_overtake_the_one_that_is_being_encoded(queue, process):
    queue.score(jobs("a", "b", "c"))
    process.report(1, value="answer")
    queue.poll()
    queue.score([*jobs("a", scan_id="c0ffee"), *jobs("b", "c")])
    assert process.cancelled == [2, 3]
    assert process.submitted[3][1]["scan_id"] == "c0ffee"
    process.report(2, value="late")
    queue.poll()
    assert queue.log == [("a", "answer")]


def test_before_the_model_is_loaded_nothing_is_interrupted(queue, process):
    queue.score(jobs("a", "b"))
    queue.score(jobs("c", scan_id="c0ffee"))
    assert process.cancelled == []


def test_a_process_that_keeps_dying_is_given_up_with_a_sentence(queue, process):
    queue.score(jobs("a", "b", "c", "d", "e"))
    for request in (1, 2, 3):
        process.report(request, "died", message="ended by SIGKILL")
        queue.poll()
    assert [key for key, _ in queue.log] == ["a", "b", "c", "stopped"]
    assert "several times" in queue.log[-1][1]
    assert not queue.busy


def test_looking_for_scans_ends_with_the_list_or_with_the_reason(queue, process):
    found, refused = [], []
    queue.listed.connect(found.append)
    queue.refused.connect(refused.append)
    queue.find("/scans")
    process.report(1, "progress", fraction=0.5, message="Reading header 5 of 10")
    queue.poll()
    assert queue.progress.message == "Reading header 5 of 10"
    process.report(1, value="worklist")
    queue.poll()
    queue.find("/nothing")
    process.report(2, "error", message="There is no worklist /nothing")
    queue.poll()
    assert (found, refused) == (["worklist"], ["There is no worklist /nothing"])
