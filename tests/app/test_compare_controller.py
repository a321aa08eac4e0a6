from types import SimpleNamespace

import numpy as np
import pytest

from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.window import Window


class Both:
    """A viewer on a scan, and a second worker that the test answers for."""

    def __init__(self, make, window, worker, free=10**10, used=10**9):
        self.make, self.window, self.worker = make, window, worker
        self.second = type(worker)()
        self.state = ViewerState()
        self.viewer = ViewerController(
            self.state,
            window,
            worker,
            system=System(available_memory=lambda: free),
            second=lambda: self.second,
            used_memory=lambda: used,
        )
        self.viewer.compare._run = lambda work: work()
        self.compare = self.viewer.compare
        self.left = make.scan(make.geometry("HFS", (12, 20, 24), (5.0, 1.0, 1.0)))
        self.right = make.scan(make.oblique((14, 22, 26), (4.0, 0.9, 1.0)))
        self.commands = {command.name: command for command in self.viewer.commands}

    def open_left(self):
        self.viewer.open("left")
        self.answer(self.worker, self.viewer.session, "open", self.left)
        self.answer(self.worker, self.viewer.session, "encode", self.make.facts())

    def open_right(self, path="right"):
        self.compare.open(path)
        self.reply("open", self.right)
        self.reply("encode", self.make.facts())

    def answer(self, worker, session, kind, value):
        worker.reply(worker.last(kind), value=value)
        session.poll()

    def reply(self, kind, value):
        self.second.reply(self.second.last(kind), value=value)
        self.window.compare.ticked.emit()

    def ask(self, text, left=0.8, right=0.3):
        self.window.ask_row(text, self.state)
        self.viewer.session.poll()
        heat = self.make.heatmap(self.left, text, probability=left)
        self.answer(self.worker, self.viewer.session, "ask", [heat])
        self.window.compare.ticked.emit()
        if right is not None:
            self.reply("ask", [self.make.heatmap(self.right, text, probability=right)])


@pytest.fixture
def both(make, fake_window, fake_worker):
    def ask_row(text, state):
        state.queries.ask(text)
        fake_window.asked.emit(text)

    fake_window.ask_row = ask_row
    return Both(make, fake_window, fake_worker)


def test_nothing_of_the_second_scan_exists_before_it_is_wanted(both):
    assert not both.commands["compare-open"].enabled()
    both.open_left()
    assert both.commands["compare-open"].enabled()
    assert both.second.submitted == []
    assert not both.window.compare_shown


def test_opening_shows_both_sides_with_the_same_pane_alone(both):
    both.open_left()
    both.viewer.panes.activate("coronal")
    both.open_right()
    assert both.second.submitted[0][1]["source"] == "right"
    assert both.window.compare_shown
    assert both.window.shown == both.window.compare.shown == ("coronal",)
    assert [title[:2] for title in both.window.compare.titles] == ["CT", "CT"]
    assert "score" not in [kind for kind, _ in both.second.submitted]
    both.viewer.panes.toggle_maximised()
    assert len(both.window.compare.shown) == 3


def test_crosshairs_follow_each_other_in_millimetres(both):
    both.open_left()
    both.open_right()
    left, right = both.state.crosshair, both.compare.right.crosshair
    left.move_to((4.0, -3.0, 12.0))
    assert right.world == pytest.approx((4.0, -3.0, 12.0))
    right.move_to((-5.0, 2.0, -8.0))
    assert left.world == pytest.approx((-5.0, 2.0, -8.0))


def test_at_the_end_of_one_scan_the_other_is_not_held_back(both):
    both.open_left()
    both.open_right()
    left = both.state.crosshair
    left.move_to_index((11, 19, 23))
    corner = both.left.geometry.index_to_world((11, 19, 23))
    assert left.world == pytest.approx(corner)
    assert not np.allclose(both.compare.right.crosshair.world, corner, atol=0.5)


def test_align_here_takes_the_step_between_the_crosshairs(both):
    both.open_left()
    both.open_right()
    left, right = both.state.crosshair, both.compare.right.crosshair
    both.commands["compare-link"].run()
    left.move_to((1.0, 1.0, 2.5))
    right.move_to((3.0, 0.0, 6.5))
    assert left.world == pytest.approx((1.0, 1.0, 2.5))
    both.commands["compare-align"].run()
    left.move_to((2.0, 2.0, 3.5))
    assert right.world == pytest.approx((4.0, 1.0, 7.5))
    assert "+2.0, \N{MINUS SIGN}1.0, +4.0 mm" in both.window.compare.match


def test_window_and_options_are_linked_and_the_second_scan_takes_over_the_first(both):
    both.open_left()
    both.state.display.set_window(Window(-500.0, 1400.0))
    both.open_right()
    right = both.compare.right.display
    assert right.window == both.state.display.window == Window(-500.0, 1400.0)
    right.set_window(Window(50.0, 350.0))
    assert both.state.display.window == Window(50.0, 350.0)
    both.state.display.set_smooth(False)
    assert not right.smooth


def test_the_same_queries_are_asked_of_both_in_the_same_colours(both):
    both.open_left()
    both.ask("nodule", right=None)
    both.ask("lung mass", right=None)
    both.state.queries.remove("nodule")
    both.open_right()
    both.reply("ask", [both.make.heatmap(both.right, "lung mass", probability=0.3)])
    (row,) = both.window.compare.rows
    assert (row.number, row.difference) == (2, "\N{MINUS SIGN}50 points")
    assert both.compare.right.queries["lung mass"].hue == both.state.queries["lung mass"].hue
    both.ask("effusion", left=0.1, right=0.6)
    assert [row.difference for row in both.window.compare.rows][1] == "+50 points"
    assert both.second.submitted[-1] == ("ask", {"texts": ["effusion"]})


def test_hiding_selecting_and_removing_a_query_happens_on_both_sides(both):
    both.open_left()
    both.open_right()
    both.ask("lung mass")
    both.ask("effusion")
    right = both.compare.right.queries
    both.state.queries.set_visible("effusion", False)
    assert not right["effusion"].visible
    both.window.compare.row_chosen.emit("effusion")
    assert both.state.queries.selected == right.selected == "effusion"
    both.state.queries.remove("effusion")
    assert [row.key for row in right] == ["lung mass"]
    assert len(both.window.compare.rows) == 1


def test_keys_scroll_the_side_that_has_the_keyboard(both):
    both.open_left()
    both.open_right()
    both.commands["compare-link"].run()
    left, right = both.viewer.panes.active_pane, both.compare.panes.active_pane
    start = left.position, right.position
    right.view.activated.emit()
    both.commands["next-slice"].run()
    assert (left.position, right.position) == (start[0], start[1] + 1)
    left.view.activated.emit()
    both.commands["next-slice"].run()
    assert (left.position, right.position) == (start[0] + 1, start[1] + 1)


def test_without_memory_for_a_second_scan_there_is_a_sentence(make, fake_window, fake_worker):
    both = Both(make, fake_window, fake_worker, free=10**9, used=2 * 10**9)
    both.open_left()
    both.compare.open("right")
    assert "2.3 GB are needed and 1.0 GB are free" in fake_window.messages[-1].text
    assert both.second.submitted == []
    assert not fake_window.compare_shown


def test_a_scan_that_cannot_be_read_leaves_the_first_as_it_was(both):
    both.open_left()
    both.ask("lung mass", right=None)
    both.compare.open("nothing")
    both.second.reply(both.second.last("open"), "error", message="It is not a scan.")
    both.window.compare.ticked.emit()
    assert both.window.messages[-1].text == "Second scan:  It is not a scan."
    assert not both.window.compare_shown
    assert both.second.closed
    assert both.state.scan.scan is both.left
    assert both.state.heats.get("lung mass") is not None


def test_closing_ends_the_second_process_and_restores_the_layout(both):
    both.open_left()
    both.open_right()
    both.ask("lung mass")
    both.commands["compare-close"].run()
    assert both.second.closed
    assert not both.window.compare_shown
    assert len(both.window.shown) == 3
    assert both.compare.right.scan.scan is None
    assert len(both.state.queries) == 1
    both.state.crosshair.move_to((1.0, 1.0, 1.0))  # nothing follows any more
    both.second = type(both.worker)()
    both.open_right("again")
    assert both.window.compare_shown
    assert both.second.submitted[0][1]["source"] == "again"
    both.second.reply(both.second.last("ask"), value=[both.make.heatmap(both.right)])
    both.window.compare.ticked.emit()
    assert both.window.compare.rows[0].difference != "\N{EM DASH}"


def test_closing_the_window_ends_both_processes(both):
    both.open_left()
    both.open_right()
    both.window.close()
    assert both.worker.closed
    assert both.second.closed


def test_a_late_answer_of_a_closed_second_scan_changes_nothing(both):
    both.open_left()
    both.ask("lung mass", right=None)
    both.open_right()
    request = both.second.last("ask")
    both.compare.close()
    both.second.reply(request, value=[both.make.heatmap(both.right)])
    both.window.compare.ticked.emit()
    assert both.compare.right.heats.get("lung mass") is None


def test_a_model_chosen_later_answers_for_both(both):
    both.open_left()
    both.open_right()
    both.viewer.settings.choose("model", "another")
    assert "load_model" not in [kind for kind, _ in both.second.submitted]
    both.answer(both.worker, both.viewer.session, "load_model", both.make.facts().model)
    both.viewer.settings.choose("device", "cpu")
    both.answer(both.worker, both.viewer.session, "load_model", both.make.facts().model)
    loads = [arguments for kind, arguments in both.second.submitted if kind == "load_model"]
    assert loads[-1] == {"model": "another", "device": "cpu", "modality": "CT"}


def test_answers_of_different_models_are_not_subtracted(both):
    both.open_left()
    both.compare.open("right")
    both.reply("open", both.right)
    facts = both.make.facts()
    facts.model = SimpleNamespace(name="other", sha256="0", model_id="other@0", device="cpu")
    both.reply("encode", facts)
    both.ask("lung mass")
    assert both.window.compare.rows[0].difference == "\N{EM DASH}"


def test_progress_of_the_second_scan_is_shown_and_can_be_cancelled(both):
    both.open_left()
    both.compare.open("right")
    request = both.second.last("open")
    both.second.reply(request, "progress", fraction=0.4)
    both.window.compare.ticked.emit()
    assert both.window.compare.progress == ("Opening the scan", pytest.approx(0.4))
    both.window.compare.cancel_requested.emit()
    assert request in both.second.cancelled
    assert not both.window.compare_shown


def test_paths_dropped_on_the_right_half_are_compared(both):
    both.window.dropped_beside.emit(["/data/b"])
    assert "Open a scan first" in both.window.messages[-1].text
    both.open_left()
    both.window.dropped_beside.emit(["/data/b"])
    assert both.second.submitted[0][1]["source"] == "/data/b"


def test_the_jump_to_the_peak_of_a_new_answer_moves_both(both):
    both.open_left()
    both.open_right()
    both.ask("lung mass")
    peak = both.state.heats.peaks("lung mass")[0].index
    world = both.left.geometry.index_to_world(peak)
    assert both.state.crosshair.world == pytest.approx(world)
    assert both.compare.right.crosshair.world == pytest.approx(world)


def test_another_left_scan_is_matched_anew_and_the_dropped_alignment_is_said(both):
    both.open_left()
    both.open_right()
    left, right = both.state.crosshair, both.compare.right.crosshair
    both.commands["compare-link"].run()
    right.move_to(left.world + np.array((3.0, -1.0, 4.0)))
    both.commands["compare-align"].run()
    both.left = both.make.scan(both.make.geometry("HFS", (16, 24, 28), (4.0, 1.0, 1.0)))
    both.open_left()
    assert right.world == pytest.approx(left.world)
    assert "alignment was dropped" in both.window.compare.match
    assert "positions in the files" in both.window.compare.match
    both.commands["compare-align"].run()
    assert "dropped" not in both.window.compare.match


def test_slices_dropped_on_the_right_half_are_read_together_and_a_session_file_is_handed_on(both):
    both.open_left()
    both.window.dropped_beside.emit(["/data/IM1", "/data/IM2"])
    assert both.second.submitted[0][1]["source"] == ["/data/IM1", "/data/IM2"]
    handed_on = []
    both.viewer.studies.session_dropped.connect(handed_on.append)
    both.window.dropped_beside.emit(["/data/a.medvlp.json"])
    assert handed_on == ["/data/a.medvlp.json"]
    assert len([kind for kind, _ in both.second.submitted if kind == "open"]) == 1


def test_hot_spots_of_the_second_scan_are_searched_where_those_of_the_first_are(both):
    state, searched = ViewerState(), []
    state.heats.background = lambda work, then: searched.append(work)
    viewer = ViewerController(state, both.window, both.worker)
    viewer.compare.right.heats.put("lung mass", both.make.heatmap(both.right))
    assert len(searched) == 1


def test_a_second_scan_too_large_can_be_opened_anyway(both):
    from medvlp.errors import ScanTooLargeError

    both.open_left()
    both.compare.open("big", 3)
    first = both.second
    error = ScanTooLargeError("Needs 90 GB.")
    first.reply(first.last("open"), "error", error, "Needs 90 GB.")
    both.second = type(both.worker)()
    both.window.compare.ticked.emit()
    assert not both.window.compare_shown
    message = both.window.messages[-1]
    assert (message.text, message.action.label) == ("Second scan:  Needs 90 GB.", "Open anyway")
    message.action.run()
    assert both.second.submitted[0] == ("open", {"source": "big", "series": 3})


def test_an_error_in_the_second_process_leaves_a_report(make, fake_window, fake_worker, tmp_path):
    both = Both(make, fake_window, fake_worker)
    both.compare._system = System(report_folder=tmp_path)
    both.open_left()
    both.open_right()
    both.compare.open("other")
    error = SimpleNamespace(report="ValueError at reader.py:7")
    both.second.reply(both.second.last("open"), "error", error, "Something went wrong.")
    fake_window.compare.ticked.emit()
    (report,) = tmp_path.iterdir()
    assert "ValueError at reader.py:7" in report.read_text()
    assert str(report) in fake_window.messages[-1].text
