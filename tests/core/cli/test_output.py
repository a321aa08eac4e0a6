"""What a terminal shows, and what a program that reads the output gets."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest

from medvlp.cli.output import log_to_stderr, progress_bar, show, stdout_kept_clean


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def use_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make both streams one terminal (in the test itself: pytest replaces them after fixtures)."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_a_terminal_gets_the_table_unless_json_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = use_terminal(monkeypatch)
    show({"a": 1}, None, lambda: "the table")
    assert terminal.getvalue() == "the table\n"
    show({"a": 1}, True, lambda: "the table")
    assert json.loads(terminal.getvalue().removeprefix("the table")) == {"a": 1}


def test_a_pipe_gets_json_unless_a_table_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    show({"a": "ä"}, None, lambda: "the table")
    assert capsys.readouterr().out == '{"a": "\\u00e4"}\n'
    show({"a": 1}, False, lambda: "the table")
    assert capsys.readouterr().out == "the table\n"


def test_a_number_that_json_does_not_know_is_never_printed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        show({"a": float("nan")}, True, lambda: "")


def test_progress_shows_what_is_being_done_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = use_terminal(monkeypatch)
    with progress_bar() as progress:
        progress(0.5, "Encoding slab 3 of 6")
    assert "Encoding slab 3 of 6" in terminal.getvalue()
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with progress_bar() as progress:
        progress(0.5, "Encoding slab 3 of 6")
    assert pipe.getvalue() == ""


def test_prints_of_libraries_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with stdout_kept_clean():
        print("chatter")
    print("report")
    assert tuple(capsys.readouterr()) == ("report\n", "chatter\n")


@pytest.mark.parametrize(("verbose", "shown"), [(False, ["ours", "broken"]), (True, None)])
def test_only_what_concerns_the_user_is_logged_unless_verbose(
    capsys: pytest.CaptureFixture[str], verbose: bool, shown: list[str] | None
) -> None:
    log_to_stderr(verbose)
    logging.getLogger("medvlp.store").warning("ours")
    logging.getLogger("library").warning("theirs")
    logging.getLogger("library").error("broken")
    logging.getLogger("medvlp.store").info("detail")
    said = [line.partition(": ")[2] for line in capsys.readouterr().err.splitlines()]
    assert said == (shown or ["ours", "theirs", "broken", "detail"])
