"""Taking back: the stack, and removed questions with their answers."""

import pytest

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.undo import UndoStack, UndoStep
from medvlp_widgets.models.queries import query_key


def step(log: list, name: str) -> UndoStep:
    return UndoStep(name, lambda: log.append(f"-{name}"), lambda: log.append(f"+{name}"))


class TestStack:
    def test_steps_are_taken_back_in_reverse_and_done_again_in_order(self):
        log, stack = [], UndoStack()
        for name in "abc":
            stack.push(step(log, name))
        assert [stack.undo().title, stack.undo().title] == ["c", "b"]
        assert stack.redo().title == "b"
        assert log == ["-c", "-b", "+b"]
        assert stack.redo().title == "c"
        assert not stack.can_redo

    def test_a_new_step_forgets_what_was_taken_back(self):
        stack = UndoStack()
        stack.push(step([], "a"))
        stack.undo()
        stack.push(step([], "b"))
        assert stack.redo() is None
        assert stack.undo().title == "b"

    def test_what_undo_does_is_no_step_itself(self):
        stack = UndoStack()
        noisy = UndoStep("a", lambda: stack.push(step([], "x")), lambda: stack.undo())
        stack.push(noisy)
        stack.undo()
        assert not stack.can_undo
        stack.redo()
        assert stack.can_undo
        assert not stack.can_redo

    def test_the_oldest_steps_are_forgotten(self):
        log, stack = [], UndoStack(limit=2)
        for name in "abc":
            stack.push(step(log, name))
        while stack.undo():
            pass
        assert log == ["-c", "-b"]

    def test_steps_of_one_scan_are_forgotten_with_it(self):
        stack = UndoStack()
        for name in "abc":
            stack.push(UndoStep(name, lambda: None, lambda: None, of_scan=name != "b"))
        stack.undo()
        stack.forget_scan()
        assert not stack.can_redo
        assert stack.undo().title == "b"
        assert not stack.can_undo

    def test_a_step_that_fails_leaves_the_stack_usable(self):
        stack = UndoStack()
        stack.push(step([], "a"))
        stack.push(UndoStep("bad", lambda: 1 / 0, lambda: None))
        with pytest.raises(ZeroDivisionError):
            stack.undo()
        assert stack.undo().title == "a"


class Answered:
    """A viewer with three answered questions."""

    def __init__(self, make, window, worker) -> None:
        self.viewer = ViewerController(ViewerState(), window, worker)
        self.window, self.worker, self.make = window, worker, make
        self.scan = make.scan(make.geometry())
        self.open(self.scan)
        for text in ("lung mass", "left kidney", "pleural effusion"):
            self.viewer.state.queries.ask(text)
            window.asked.emit(text)
            self.viewer.session.poll()
            self.reply("ask", [make.heatmap(self.scan, text)])

    def open(self, scan):
        self.viewer.open("somewhere")
        self.reply("open", scan)
        self.reply("encode", self.make.facts())

    def reply(self, kind, value):
        self.worker.reply(self.worker.last(kind), value=value)
        self.viewer.session.poll()

    def remove(self, text):
        """As the panel does it: the row goes, then the window is told."""
        self.viewer.state.queries.remove(query_key(text))
        self.window.removed.emit(query_key(text))

    @property
    def texts(self):
        return [row.text for row in self.viewer.state.queries]


@pytest.fixture
def answered(make, fake_window, fake_worker) -> Answered:
    return Answered(make, fake_window, fake_worker)


def test_a_removed_question_comes_back_in_its_place_with_its_colour_and_its_heat(answered):
    state = answered.viewer.state
    row, heat = state.queries["left kidney"], state.heats.get("left kidney")
    asked = len(answered.worker.submitted)
    answered.remove("left kidney")
    assert state.heats.get("left kidney") is None
    answered.viewer.undo.undo()
    assert answered.texts == ["lung mass", "left kidney", "pleural effusion"]
    assert state.queries["left kidney"] == row
    assert state.heats.get("left kidney") is heat
    assert len(answered.worker.submitted) == asked
    assert "left kidney" in answered.window.messages[-1].text


def test_redo_removes_it_again_and_undo_brings_it_back_again(answered):
    answered.remove("left kidney")
    for _ in range(2):
        answered.viewer.undo.undo()
        assert "left kidney" in answered.texts
        answered.viewer.undo.redo()
        assert answered.texts == ["lung mass", "pleural effusion"]
        assert answered.viewer.state.heats.get("left kidney") is None


def test_on_another_scan_the_question_is_asked_again_and_the_old_heat_stays_away(answered):
    answered.remove("left kidney")
    answered.open(answered.make.scan(answered.make.oblique()))
    answered.viewer.undo.undo()
    state = answered.viewer.state
    assert state.queries["left kidney"].pending
    assert state.heats.get("left kidney") is None
    answered.viewer.session.poll()
    assert "left kidney" in answered.worker.submitted[-1][1]["texts"]


@pytest.mark.parametrize("encoded", [False, True])
def test_with_another_model_the_question_is_asked_again_and_the_old_heat_stays_away(
    answered, encoded
):
    answered.remove("left kidney")
    answered.viewer.session.use_model("large", "cpu")
    facts = answered.make.facts()
    facts.model.name, facts.model.model_id = "large", "large@bb"
    answered.reply("load_model", facts.model)
    if encoded:
        answered.reply("encode", facts)
    answered.viewer.undo.undo()
    state = answered.viewer.state
    assert state.queries["left kidney"].pending
    assert state.heats.get("left kidney") is None
    if not encoded:
        answered.reply("encode", facts)
    answered.viewer.session.poll()
    asked = answered.worker.submitted[answered.worker.last("ask") - 1][1]["texts"]
    assert "left kidney" in asked


def test_a_question_asked_again_meanwhile_is_left_alone(answered):
    answered.remove("left kidney")
    answered.viewer.state.queries.ask("left kidney")
    answered.viewer.undo.undo()
    assert answered.texts == ["lung mass", "pleural effusion", "left kidney"]


def test_a_colour_given_away_is_not_used_twice(answered):
    answered.remove("left kidney")
    answered.viewer.state.queries.ask("heart")
    answered.viewer.undo.undo()
    numbers = [row.hue.number for row in answered.viewer.state.queries]
    assert len(set(numbers)) == 4


def test_undo_and_redo_can_be_had_only_when_there_is_something(answered):
    commands = {command.name: command for command in answered.viewer.commands}
    assert not commands["undo"].enabled()
    answered.remove("left kidney")
    assert commands["undo"].enabled()
    commands["undo"].run()
    assert not commands["undo"].enabled()
    assert commands["redo"].enabled()
    assert commands["undo"].keys[0] == "Ctrl+Z"
    assert commands["redo"].keys[0] == "Ctrl+Shift+Z"
