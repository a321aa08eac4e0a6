import re

import pytest

from medvlp_viewer.views.qt.icons import icon_folder
from medvlp_viewer.views.qt.theme import THEME, style_sheet


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


SURFACES = ("canvas", "window", "panel", "raised", "hover")


# Muted text is never put on a selection, which is accent_dark.
@pytest.mark.parametrize(
    ("surface", "ink"),
    [(s, ink) for s in SURFACES for ink in ("text", "muted")] + [("accent_dark", "text")],
)
def test_text_reaches_aa_contrast_on_every_surface(surface, ink):
    assert contrast(getattr(THEME, ink), getattr(THEME, surface)) >= 4.5


@pytest.mark.parametrize(
    ("ink", "surface"),
    [
        ("on_accent", "accent"),
        ("warning", "window"),
        ("warning", "raised"),
        ("error", "raised"),
        ("information", "raised"),
        ("letters", "canvas"),
        ("accent", "window"),
    ],
)
def test_coloured_text_reaches_aa_contrast(ink, surface):
    assert contrast(getattr(THEME, ink), getattr(THEME, surface)) >= 4.5


@pytest.mark.parametrize("surface", ["window", "panel", "raised"])
def test_borders_of_controls_can_be_seen(surface):
    assert contrast(THEME.control_line, getattr(THEME, surface)) >= 3.0


def test_the_style_sheet_has_no_hole_and_its_pictures_exist():
    from pathlib import Path

    sheet = style_sheet(THEME, icon_folder())
    assert "{window}" not in sheet
    for path in re.findall(r"url\((.*?)\)", sheet):
        assert Path(path).is_file()
