"""The command palette: fuzzy search over commands and questions, without any GUI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from psygnal import Signal

from medvlp_viewer.commands import Command

_MOST_QUESTIONS = 6
_SHORTEST_QUESTION = 2
# Points of a matched character: anywhere, after the match before it, at the start of a word, at the
# start of the title.
_ANYWHERE, _NEXT, _WORD_START, _FIRST = 1, 8, 7, 10

Complete = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class PaletteRow:
    """One line of the palette.

    Parameters
    ----------
    title
        What it does.
    group
        Menu of a command, or "Ask".
    keys
        First shortcut, in Qt's portable notation, or empty.
    enabled
        Whether it can be run now.
    matched
        Positions in ``title`` of the characters that were typed.
    run
        Does it.
    """

    title: str
    group: str
    keys: str
    enabled: bool
    matched: tuple[int, ...]
    run: Callable[[], object]


def fuzzy_match(typed: str, title: str) -> tuple[int, tuple[int, ...]] | None:
    """Score and positions if all characters of ``typed`` occur in ``title`` in this order.

    Word starts and runs of neighbours score higher, as in the palettes of text editors: for every
    position the best score of a match that ends there is kept (Smith and Waterman's recurrence
    without gap costs). Spaces that were typed only separate; None if something does not occur.
    """
    wanted = typed.casefold().replace(" ", "")
    text = title.casefold()
    if len(text) != len(title):  # a character folded into two: positions would not fit
        text = title.lower() if len(title.lower()) == len(title) else title
    best: dict[int, tuple[int, tuple[int, ...]]] = {-2: (0, ())}
    for character in wanted:
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for i, other in enumerate(text):
            if other != character:
                continue
            starts = i == 0 or not text[i - 1].isalnum()
            own = _FIRST if i == 0 else _WORD_START if starts else _ANYWHERE
            options = [
                (score + own + (_NEXT if end == i - 1 else 0), (*places, i))
                for end, (score, places) in best.items()
                if end < i
            ]
            if options:
                found[i] = max(options, key=lambda option: option[0])
        if not found:
            return None
        best = found
    return max(best.values(), key=lambda option: option[0])


class PaletteModel:
    """Commands and questions that fit what was typed, the best first.

    Parameters
    ----------
    commands
        All commands of the window.
    has_scan
        Whether commands that need a scan, and questions, can be run.
    ask
        Asks a question.
    complete
        ``complete(prefix, n)``: questions that the lexicon knows.
    translate
        Title of a command in the user's language.

    Events
    ------
    changed
        Emitted after the rows changed.
    """

    changed = Signal()

    def __init__(
        self,
        commands: Sequence[Command],
        has_scan: Callable[[], bool],
        ask: Callable[[str], object],
        complete: Complete,
        translate: Callable[[str], str] = str,
    ) -> None:
        self._commands = commands
        self._has_scan = has_scan
        self._ask = ask
        self._complete = complete
        self._translate = translate
        self.rows: tuple[PaletteRow, ...] = ()

    def search(self, typed: str) -> None:
        """Find rows for what was typed; nothing typed lists every command."""
        has_scan = self._has_scan()
        scored = []
        for command in self._commands:
            title = self._translate(command.title).rstrip("…")
            match = fuzzy_match(typed, title)
            if match is not None:
                scored.append((match[0], self._row(command, title, match[1], has_scan)))
        scored.sort(key=lambda item: (not item[1].enabled, -item[0]))
        self.rows = (*(row for _, row in scored), *self._questions(typed, has_scan))
        self.changed.emit()

    def _row(
        self, command: Command, title: str, matched: tuple[int, ...], has_scan: bool
    ) -> PaletteRow:
        enabled = (has_scan or not command.needs_scan) and (
            command.enabled is None or command.enabled()
        )
        keys = command.keys[0] if command.keys else ""
        return PaletteRow(title, command.group, keys, enabled, matched, command.run)

    def _questions(self, typed: str, has_scan: bool) -> list[PaletteRow]:
        wanted = " ".join(typed.split())
        if len(wanted) < _SHORTEST_QUESTION:
            return []
        phrases = dict.fromkeys([*self._complete(wanted, _MOST_QUESTIONS), wanted])
        rows = []
        for phrase in phrases:
            match = fuzzy_match(wanted, phrase)
            places = match[1] if match else ()
            rows.append(PaletteRow(phrase, "Ask", "", has_scan, places, partial(self._ask, phrase)))
        return rows
