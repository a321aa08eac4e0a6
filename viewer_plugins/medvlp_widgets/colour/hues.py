"""Colours that tell queries apart, also with a colour vision deficiency.

The palette is that of Okabe and Ito, "Color Universal Design" (2008), without black, ordered so
that neighbours differ in lightness as well as in hue. A colour never carries meaning alone: hosts
show :attr:`Hue.number` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hue:
    """One colour of the palette.

    Parameters
    ----------
    name
        English name, spoken by screen readers.
    rgb
        sRGB in [0, 255].
    number
        Position, from 1: the mark that stands for the colour where colours cannot be seen.
    """

    name: str
    rgb: tuple[int, int, int]
    number: int = 1

    @property
    def hex(self) -> str:
        """``"#rrggbb"``."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


_PALETTE = (
    ("orange", (230, 159, 0)),
    ("sky blue", (86, 180, 233)),
    ("yellow", (240, 228, 66)),
    ("green", (0, 158, 115)),
    ("pink", (204, 121, 167)),
    ("vermilion", (213, 94, 0)),
    ("blue", (0, 114, 178)),
)

HUES = tuple(Hue(name, rgb, i + 1) for i, (name, rgb) in enumerate(_PALETTE))


def hue_for(number: int) -> Hue:
    """Colour of query ``number`` (from 1); colours repeat after the seventh, numbers do not."""
    name, rgb = _PALETTE[(number - 1) % len(_PALETTE)]
    return Hue(name, rgb, number)
