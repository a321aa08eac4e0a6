import pytest

from medvlp_viewer.controllers.questions import QuestionsController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState


@pytest.fixture
def state():
    return ViewerState()


@pytest.fixture
def session(state, fake_worker):
    return SessionController(state, fake_worker)


def ask(state, session, *texts):
    for text in texts:
        session.ask(state.queries.ask(text).key)


def open_and_encode(make, session, worker, scan=None):
    scan = scan or make.scan(make.geometry())
    session.open("somewhere")
    worker.reply(worker.last("open"), value=scan)
    session.poll()
    worker.reply(worker.last("encode"), value=make.facts())
    session.poll()
    return scan


def kinds(worker):
    return [kind for kind, _ in worker.submitted]


def test_opening_encodes_and_scores_without_being_asked(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    assert state.scan.scan is scan
    assert kinds(fake_worker) == ["open", "encode", "score"]
    assert (state.jobs.model, state.jobs.device) == ("fake", "cpu (numpy)")


def test_questions_wait_for_the_encoding_and_go_as_one_request(make, session, fake_worker, state):
    ask(state, session, "liver", "spleen")
    session.poll()
    assert kinds(fake_worker) == []
    open_and_encode(make, session, fake_worker)
    assert ("ask", {"texts": ["liver", "spleen"]}) in fake_worker.submitted


def test_an_answer_reaches_its_row_and_is_drawn(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    ask(state, session, "lung mass")
    session.poll()
    fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan)])
    session.poll()
    assert state.queries["lung mass"].probability == pytest.approx(0.9)
    assert state.heats.get("lung mass") is not None


def test_a_late_answer_about_the_last_scan_is_dropped(make, session, fake_worker, state):
    old = open_and_encode(make, session, fake_worker)
    ask(state, session, "lung mass")
    session.poll()
    late = fake_worker.last("ask")
    session.open("another")
    assert late in fake_worker.cancelled
    fake_worker.reply(late, value=[make.heatmap(old)])
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.oblique()))
    session.poll()
    assert state.heats.get("lung mass") is None
    assert state.queries["lung mass"].pending


def test_only_the_newest_answer_to_a_repeated_question_counts(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    requests = []
    for _ in range(2):
        ask(state, session, "lung mass")
        session.poll()
        requests.append(fake_worker.last("ask"))
    newest = make.heatmap(scan, probability=0.2)
    fake_worker.reply(requests[1], value=[newest])
    fake_worker.reply(requests[0], value=[make.heatmap(scan, probability=0.7)])
    session.poll()
    assert state.heats.get("lung mass") is newest


def test_the_answer_to_a_removed_question_is_dropped(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    ask(state, session, "lung mass")
    session.poll()
    state.queries.remove("lung mass")
    session.forget("lung mass")
    fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan)])
    session.poll()
    assert state.heats.get("lung mass") is None
    assert len(state.queries) == 0


def test_questions_stay_and_are_asked_again_about_the_next_scan(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    ask(state, session, "lung mass")
    session.poll()
    fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan)])
    session.poll()
    open_and_encode(make, session, fake_worker, make.scan(make.oblique()))
    assert kinds(fake_worker).count("ask") == 2
    assert state.heats.get("lung mass") is None


def test_a_scan_that_cannot_be_read_leaves_the_one_on_screen(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    said = []
    session.failed.connect(lambda *what: said.append(what))
    session.open("broken")
    fake_worker.reply(fake_worker.last("open"), "error", message="broken cannot be read.")
    session.poll()
    assert state.scan.scan is scan
    assert said == [("open", "broken cannot be read.", 3)]


def test_a_failed_encoding_is_said_in_every_waiting_row(make, session, fake_worker, state):
    ask(state, session, "liver", "spleen")
    session.open("somewhere")
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.geometry()))
    session.poll()
    fake_worker.reply(fake_worker.last("encode"), "error", message="no such model")
    session.poll()
    assert [row.reason for row in state.queries] == ["no such model"] * 2
    assert not session.busy


def test_after_a_cancelled_encoding_the_next_question_encodes_again(
    make, session, fake_worker, state
):
    session.open("somewhere")
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.geometry()))
    session.poll()
    encoding = fake_worker.last("encode")
    session.cancel()
    assert fake_worker.cancelled == [encoding]
    fake_worker.reply(encoding, "cancelled")
    session.poll()
    assert not state.jobs.busy
    ask(state, session, "liver")
    session.poll()
    assert fake_worker.last("encode") > encoding


def test_a_dead_process_is_a_message_and_not_a_lost_session(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    fake_worker.reply(fake_worker.last("score"), value=None)
    ask(state, session, "liver")
    session.poll()
    said = []
    session.failed.connect(lambda *what: said.append(what[:2]))
    fake_worker.reply(fake_worker.last("ask"), "died", message="out of memory")
    session.poll()
    assert said == [("died", "out of memory")]
    assert state.queries["liver"].reason == "out of memory"
    assert state.scan.scan is scan
    ask(state, session, "spleen")
    session.poll()
    fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan, "spleen")])
    session.poll()
    assert state.heats.get("spleen") is not None


def test_idle_is_said_once_when_the_last_answer_came(make, session, fake_worker, state):
    rang = []
    session.idle.connect(lambda: rang.append(1))
    ask(state, session, "lung mass")
    scan = open_and_encode(make, session, fake_worker)
    fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan)])
    session.poll()
    assert rang == []
    fake_worker.reply(fake_worker.last("score"), value=None)
    session.poll()
    session.poll()
    assert rang == [1]


def test_the_first_answer_is_selected_and_jumped_to(make, session, fake_worker, fake_window, state):
    QuestionsController(state, fake_window, session)
    scan = open_and_encode(make, session, fake_worker)
    state.crosshair.attach(scan.geometry)
    for text in ("lung mass", "liver"):
        state.queries.ask(text)
        fake_window.ask(text)
    session.poll()
    maps = [make.heatmap(scan), make.heatmap(scan, "liver", probability=0.1)]
    fake_worker.reply(fake_worker.last("ask"), value=maps)
    session.poll()
    assert state.queries.selected == "lung mass"
    assert state.crosshair.index == maps[0].peak_index


def test_next_peak_goes_around(make, session, fake_worker, fake_window, state):
    questions = QuestionsController(state, fake_window, session)
    scan = open_and_encode(make, session, fake_worker)
    state.crosshair.attach(scan.geometry)
    values = make.heatmap(scan).values * 0
    values[1, 1, 1], values[4, 8, 10] = 0.9, 0.6
    state.queries.ask("lung mass")
    fake_window.ask("lung mass")
    session.poll()
    heatmap = make.heatmap(scan, values=values)
    fake_worker.reply(fake_worker.last("ask"), value=[heatmap])
    session.poll()
    first, second = (peak.index for peak in heatmap.peaks())
    assert state.crosshair.index == first
    questions.step_peak(1)
    assert state.crosshair.index == second
    questions.step_peak(1)
    assert state.crosshair.index == first
    fake_window.previous_peak.emit("lung mass")
    assert state.crosshair.index == second


def test_a_result_that_comes_after_closing_starts_nothing(make, session, fake_worker, state):
    session.open("somewhere")
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.geometry()))
    session.close()
    session.poll()
    assert kinds(fake_worker) == ["open"]
    assert state.scan.scan is None


def test_a_model_that_is_loaded_while_a_scan_opens_is_used_for_it(
    make, session, fake_worker, state
):
    open_and_encode(make, session, fake_worker)
    session.use_model("other", "cpu")
    session.open("another")
    loading = fake_worker.last("load_model")
    assert loading not in fake_worker.cancelled
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.oblique()))
    session.poll()
    assert loading not in fake_worker.cancelled
    assert kinds(fake_worker).count("encode") == 1
    fake_worker.reply(loading, value=make.facts().model)
    session.poll()
    assert kinds(fake_worker).count("encode") == 2


def test_a_scan_that_waited_for_a_model_is_encoded_when_that_cannot_be_loaded(
    make, session, fake_worker, state
):
    session.use_model("no such model", "cpu")
    session.open("somewhere")
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.geometry()))
    session.poll()
    fake_worker.reply(fake_worker.last("load_model"), "error", message="no such model")
    session.poll()
    assert kinds(fake_worker) == ["load_model", "open", "encode"]


def test_a_question_does_not_wait_for_a_scan_that_is_read_ahead(make, session, fake_worker, state):
    scan = open_and_encode(make, session, fake_worker)
    fake_worker.reply(fake_worker.last("score"), value=None)
    session.poll()
    session.prefetch("next.png")
    ahead = fake_worker.last("prefetch")
    ask(state, session, "liver")
    session.poll()
    assert fake_worker.cancelled == [ahead]
    fake_worker.reply(fake_worker.last("ask"), value=[make.heatmap(scan, "liver")])
    session.poll()
    assert fake_worker.last("prefetch") > ahead  # taken up again once there is time
    session.open("next.png")
    assert fake_worker.cancelled == [ahead]
