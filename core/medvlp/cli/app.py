"""The command line's root: which commands there are, and how errors become exit statuses.

Exit status: 0 done, 1 failed for a reason outside the input (full disk, defect), 2 bad usage,
3 unreadable or refused input, 4 no such model, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from medvlp import RESEARCH_NOTICE, __version__
from medvlp.cli import doctor, encode, ground, index, info, models, pacs, samples, score, training
from medvlp.errors import Cancelled, MedVLPError

INTERRUPTED = 130


class InterruptibleGroup(TyperGroup):
    """Commands that end with :class:`~medvlp.errors.Cancelled` when the user presses Ctrl+C."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Cancelled("Interrupted; files already complete are kept.") from error


app = typer.Typer(
    name="medvlp",
    cls=InterruptibleGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help: importing what draws boxes around it takes as long as everything else together.
    rich_markup_mode=None,
    help=f"Ask a CT or a chest X-ray in words, and see where. {RESEARCH_NOTICE}",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"medvlp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="More log on stderr.")] = False,
) -> None:
    from medvlp.cli.output import log_to_stderr

    log_to_stderr(verbose)


app.command("info")(info.info)
app.command("ground", short_help="Show where the words are true, with a probability each.")(
    ground.ground
)
app.command("score", short_help="Score the findings of every organ.")(score.score)
app.command("encode")(encode.encode)
app.add_typer(index.app, name="index")
app.add_typer(models.app, name="models")
app.add_typer(pacs.app, name="pacs")
app.add_typer(samples.app, name="samples")
app.command("train", short_help="Train a model from a recipe; goes on where it stopped.")(
    training.train
)
app.command("evaluate")(training.evaluate)
app.command("doctor", short_help="Check the installation.")(doctor.doctor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; never raises, except for defects when ``MEDVLP_DEBUG=1``.

    Parameters
    ----------
    arguments
        Without the program's name; None takes them from the command line.

    Returns
    -------
    int
        The exit status.
    """
    debug = os.environ.get("MEDVLP_DEBUG", "") not in ("", "0")
    try:
        app(args=arguments, prog_name="medvlp")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except MedVLPError as error:
        if debug:
            traceback.print_exc()
        _complain(error.at_the_prompt)
        return error.exit_status
    except KeyboardInterrupt:
        _complain("Interrupted.")
        return INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        _complain(_unexpected(error))
        return 1
    return 0


def _unexpected(error: Exception) -> str:
    """One sentence for what is not the input's fault."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}."
    if isinstance(error, MemoryError):
        return "Not enough memory for this scan. Close other programs, or use a smaller series."
    return (
        f"Unexpected {type(error).__name__}: {error}. This is a defect in medvlp, please report it; "
        "MEDVLP_DEBUG=1 shows where it happened."
    )


def _complain(message: str) -> None:
    print(f"medvlp: {message}", file=sys.stderr, flush=True)
