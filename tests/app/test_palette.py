"""The command palette: what is found, in which order, and what is run."""

import pytest

from medvlp_viewer.commands import Command
from medvlp_viewer.models.palette import PaletteModel, fuzzy_match


@pytest.mark.parametrize(
    ("typed", "title", "places"),
    [
        ("sc", "Score organs", (0, 1)),
        ("so", "Score organs", (0, 6)),
        ("ORG", "Score organs", (6, 7, 8)),
        ("s o", "Score organs", (0, 6)),
        ("", "Score organs", ()),
    ],
)
def test_characters_are_matched_where_a_reader_would_see_them(typed, title, places):
    assert fuzzy_match(typed, title)[1] == places


@pytest.mark.parametrize("typed", ["sx", "gro", "score organs!", "oo oo"])
def test_all_characters_must_occur_in_order(typed):
    assert fuzzy_match(typed, "Score organs") is None


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("sc", ["Score organs", "Show crosshair", "Next slice"]),
        ("zi", ["Zoom in", "Maximise pane zi"]),
        ("sl", ["Slice first", "Next slice", "Tools for all"]),
    ],
)
def test_starts_of_words_and_neighbours_come_first(typed, titles):
    scores = [fuzzy_match(typed, title)[0] for title in titles]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_letters_that_fold_into_two_do_not_shift_the_places():
    assert fuzzy_match("öf", "Größe öffnen")[1] == (6, 7)


class Palette:
    def __init__(self) -> None:
        self.log, self.scan = [], False
        run = self.log.append
        commands = (
            Command(
                "open", "Open file…", "File", lambda: run("open"), ("Ctrl+O",), needs_scan=False
            ),
            Command("score", "Score organs", "Ask", lambda: run("score"), ("Ctrl+Shift+S",)),
            Command(
                "undo", "Undo", "Edit", lambda: run("undo"), needs_scan=False, enabled=lambda: False
            ),
        )
        self.model = PaletteModel(
            commands,
            lambda: self.scan,
            run,
            lambda text, n: [p for p in ("pleural effusion", "pleural plaque") if text in p][:n],
        )

    def titles(self, typed):
        self.model.search(typed)
        return [row.title for row in self.model.rows]


@pytest.fixture
def palette() -> Palette:
    return Palette()


def test_nothing_typed_lists_every_command_those_that_can_be_run_first(palette):
    assert palette.titles("") == ["Open file", "Score organs", "Undo"]
    assert [row.enabled for row in palette.model.rows] == [True, False, False]
    palette.scan = True
    palette.model.search("")
    assert [row.enabled for row in palette.model.rows] == [True, True, False]


def test_keys_are_shown_and_a_row_runs_its_command(palette):
    palette.scan = True
    palette.model.search("score")
    assert palette.model.rows[0].keys == "Ctrl+Shift+S"
    palette.model.rows[0].run()
    assert palette.log == ["score"]


def test_questions_of_the_lexicon_and_what_was_typed_can_be_asked(palette):
    palette.scan = True
    assert palette.titles("pleur") == ["pleural effusion", "pleural plaque", "pleur"]
    palette.model.rows[1].run()
    assert palette.log == ["pleural plaque"]
    assert palette.titles("p") == ["Open file"]


def test_titles_are_searched_in_the_users_language():
    commands = [Command("open", "Open file…", "File", lambda: None, needs_scan=False)]
    german = {"Open file…": "Datei öffnen…"}
    model = PaletteModel(
        commands, lambda: True, lambda t: None, lambda t, n: [], lambda t: german.get(t, t)
    )
    model.search("dat")
    assert model.rows[0].title == "Datei öffnen"
    assert [row.group for row in model.rows] == ["File", "Ask"]
