"""A bar on the terminal while samples are encoded or heads are fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from medvlp.cli.output import progress_bar

Item = TypeVar("Item")


def tracked(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items one after the other; nothing is shown where stderr is no terminal."""
    with progress_bar() as report:
        for done, item in enumerate(items):
            report(done / len(items), f"{what} {done + 1} of {len(items)}")
            yield item
