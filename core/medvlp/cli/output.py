"""What goes to stdout (one JSON object, or a table) and to stderr (log, progress)."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from rich.console import RenderableType

JsonOption = Annotated[
    bool | None,
    typer.Option(
        "--json/--table",
        help="What to print on stdout. Without either: a table on a terminal, JSON elsewhere.",
        show_default=False,
    ),
]


def show(report: dict[str, Any], as_json: bool | None, table: Callable[[], RenderableType]) -> None:
    """Print ``report`` as one JSON object, or the table made from it."""
    on_terminal = sys.stdout.isatty()
    if as_json or (as_json is None and not on_terminal):
        indent = 2 if on_terminal else None
        print(json.dumps(report, indent=indent, allow_nan=False), flush=True)
        return
    from rich.console import Console

    Console(soft_wrap=not on_terminal).print(table())


@contextmanager
def stdout_kept_clean() -> Iterator[None]:
    """Send what libraries print to stderr, so that stdout holds the report and nothing else."""
    from contextlib import redirect_stdout

    with redirect_stdout(sys.stderr):
        yield


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr with the time left; silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield ignore_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message)


class StderrHandler(logging.Handler):
    """Writes to whatever ``sys.stderr`` is when a record comes."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        print(self.format(record), file=sys.stderr, flush=True)


def log_to_stderr(verbose: bool) -> None:
    """Log medvlp's warnings and everybody's errors; with ``verbose`` everything from INFO on."""
    handler = StderrHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    handler.addFilter(lambda record: verbose or _concerns_the_user(record))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, StderrHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.captureWarnings(True)


def _concerns_the_user(record: logging.LogRecord) -> bool:
    ours = record.name.partition(".")[0] in ("medvlp", "medvlp_training")
    return record.levelno >= logging.ERROR or ours


def notice(message: str) -> None:
    """One line on stderr."""
    print(f"medvlp: {message}", file=sys.stderr, flush=True)
