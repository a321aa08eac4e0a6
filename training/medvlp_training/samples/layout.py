"""Collections as they are published: files that must be there, tables with their columns."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from medvlp_training.samples.errors import LayoutError

Row = tuple[int, dict[str, str]]
"""Number of a row as a spreadsheet counts (the header is row 1), and its cells by column."""


@dataclass(frozen=True)
class Layout:
    """How a collection lies on disk.

    Parameters
    ----------
    collection
        Name, with its version.
    tree
        The files that are read, one on a line.
    source
        Where the layout is documented.
    """

    collection: str
    tree: str
    source: str

    def error(self, root: Path, problem: str) -> LayoutError:
        """An error that says what is wrong and how the folder should look."""
        return LayoutError(
            f"{root} is not laid out as {self.collection}: {problem}. Expected:\n{self.tree}\n"
            f"as documented at {self.source}."
        )

    def find(self, root: Path, *patterns: str) -> Path:
        """First file or folder that matches one of the patterns.

        Raises
        ------
        LayoutError
            If none does.
        """
        found = self.look_for(root, *patterns)
        if found is None:
            raise self.error(root, f"there is no {' or '.join(patterns)}")
        return found

    def look_for(self, root: Path, *patterns: str) -> Path | None:
        """As :meth:`find`, for what need not be there."""
        for pattern in patterns:
            found = sorted(root.glob(pattern))
            if found:
                return found[0]
        return None

    def rows(self, path: Path, columns: Sequence[str]) -> Iterator[Row]:
        """Rows of a CSV table, gzip-compressed or not; lazily, after its header was checked.

        Raises
        ------
        LayoutError
            If a column is missing, or (while reading) a row cannot be decoded.
        """
        with _open(path) as file:
            try:
                header = next(csv.reader(file), [])
            except (UnicodeDecodeError, csv.Error, OSError, EOFError) as error:
                raise self.error(path.parent, f"{path.name} is no CSV table ({error})") from None
        header = [name.strip() for name in header]
        missing = [name for name in columns if name not in header]
        if missing:
            raise self.error(
                path.parent, f"{path.name} has no column {', '.join(map(repr, missing))}"
            )
        return self._rows(path)

    def _rows(self, path: Path) -> Iterator[Row]:
        with _open(path) as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader)]
            number = 1
            try:
                for number, cells in enumerate(reader, 2):
                    if cells:
                        yield number, dict(zip(header, cells, strict=False))
            except (UnicodeDecodeError, csv.Error, OSError, EOFError) as error:
                raise self.error(
                    path.parent, f"{path.name} cannot be read after row {number} ({error})"
                ) from None


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", newline="", encoding="utf-8-sig")
    return open(path, newline="", encoding="utf-8-sig")
