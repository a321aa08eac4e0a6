import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from shiboken6 import delete

from medvlp_viewer.views.qt.icons import icon_folder
from medvlp_viewer.views.qt.theme import (
    DARK,
    LIGHT,
    ON_PICTURE,
    THEME,
    chosen_theme,
    follow_theme,
    style_sheet,
)

THEMES = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


SURFACES = ("window", "panel", "raised", "hover")


# Muted text is never put on a selection, which is accent_dark.
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("surface", "ink"),
    [(s, ink) for s in SURFACES for ink in ("text", "muted")] + [("accent_dark", "text")],
)
def test_text_reaches_aa_contrast_on_every_surface(theme, surface, ink):
    assert contrast(getattr(theme, ink), getattr(theme, surface)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "surface"),
    [
        ("on_accent", "accent"),
        ("warning", "window"),
        ("warning", "raised"),
        ("error", "raised"),
        ("error", "panel"),
        ("information", "raised"),
        ("accent", "window"),
        ("accent", "panel"),
    ],
)
def test_coloured_text_reaches_aa_contrast(theme, ink, surface):
    assert contrast(getattr(theme, ink), getattr(theme, surface)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", ["window", "panel", "raised"])
def test_borders_and_focus_rings_of_controls_can_be_seen(theme, surface):
    assert contrast(theme.control_line, getattr(theme, surface)) >= 3.0
    assert contrast(theme.accent, getattr(theme, surface)) >= 3.0


@pytest.mark.parametrize("ink", ["text", "muted", "letters", "crosshair", "measure", "accent"])
def test_what_is_written_over_pictures_is_bright_in_both_themes(ink):
    assert LIGHT.canvas == DARK.canvas == "#000000"
    assert contrast(getattr(ON_PICTURE, ink), ON_PICTURE.canvas) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_style_sheet_has_no_hole_and_its_pictures_exist(theme):
    sheet = style_sheet(theme, icon_folder())
    assert not re.search(r"\{\w+\}", sheet)
    for path in re.findall(r"url\((.*?)\)", sheet):
        assert Path(path).is_file()


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_the_style_sheet_is_the_themes(theme):
    colours = {v for v in vars(theme).values() if str(v).startswith("#")}
    assert set(re.findall(r"#[0-9a-f]{6}\b", style_sheet(theme, ""))) <= colours


def test_the_theme_in_use_changes_for_everyone_at_once():
    heard = []
    connection = THEME.changed.connect(lambda: heard.append(THEME.text))
    try:
        THEME.use(LIGHT)
        THEME.use(LIGHT)
        assert heard == [LIGHT.text]
        assert THEME.window == LIGHT.window
    finally:
        THEME.changed.disconnect(connection)
        THEME.use(DARK)
    assert THEME.window == DARK.window
    with pytest.raises(AttributeError):
        _ = THEME.no_such_colour


def test_the_systems_theme_is_followed(qt_application, monkeypatch):
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QStyleHints

    assert chosen_theme("light") is LIGHT
    assert chosen_theme("dark") is DARK
    for scheme, theme in (("Light", LIGHT), ("Dark", DARK), ("Unknown", DARK)):
        value = getattr(Qt.ColorScheme, scheme)
        monkeypatch.setattr(QStyleHints, "colorScheme", lambda self, v=value: v)
        assert chosen_theme("system") is theme


def test_a_widget_follows_the_theme_for_as_long_as_it_lives(qt_application):
    class Owner:
        """Not a QObject, as the views behind an interface."""

        def __init__(self) -> None:
            self.label, self.seen = QLabel(), []
            follow_theme(self.label, self.style)

        def style(self) -> None:
            self.label.setStyleSheet(f"color: {THEME.text};")
            self.seen.append(THEME.theme)

    owner = Owner()
    try:
        THEME.use(LIGHT)
        assert owner.seen == [DARK, LIGHT]
        delete(owner.label)
        THEME.use(DARK)
        assert owner.seen == [DARK, LIGHT]
    finally:
        THEME.use(DARK)
