"""``medvlp-viewer``: arguments to window, picture or desktop entry."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from medvlp.errors import MedVLPError

DEMO_SAMPLE = "effusion-ct"
DEMO_QUERY = "pleural effusion"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the viewer; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except MedVLPError as error:
        print(f"medvlp-viewer: {error}", file=sys.stderr)
        return error.exit_status


def command() -> NoReturn:
    """Run the viewer as a program of its own and end it.

    A DICOM node that says nothing would keep the program for as long as it may keep silent: threads
    of pynetdicom cannot be interrupted. Everything else that is at work is waited for.
    """
    status = main()
    waiting = [
        t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon
    ]
    if waiting and all(type(t).__module__.startswith("pynetdicom") for t in waiting):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="medvlp-viewer",
        description="Open a CT or a chest X-ray, ask in words, see where. "
        "Research use only. Not for clinical decisions.",
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="DICOM file, folder or zip, NIfTI, NRRD, PNG, ...")
    add("--query", action="append", default=[], metavar="TEXT", help="ask this; may be repeated")
    add("--model", metavar="M", help="name or folder of a model (default: the built-in one)")
    add("--demo", action="store_true", help="open the sample CT that comes with the package")
    add(
        "--worklist",
        metavar="FOLDER|FILE",
        help="go through the scans of a folder, a manifest (CSV, Parquet) or a hit list (JSON), "
        "ordered by the first --query",
    )
    add("--screenshot", metavar="FILE", type=Path, help="save a picture of the window and exit")
    add("--json", metavar="FILE", type=Path, help="with --screenshot: also write the scores here")
    add("--install-desktop", action="store_true", help="add the viewer to the desktop's menu")
    add("--uninstall-desktop", action="store_true", help="remove it from there")
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.install_desktop or options.uninstall_desktop:
        from medvlp_viewer.desktop import install, uninstall

        for file in install() if options.install_desktop else uninstall():
            print(file)
        return 0
    from medvlp_viewer.platform import has_display, prepare_environment

    on_screen = has_display(os.environ) or bool(os.environ.get("QT_QPA_PLATFORM"))
    if options.demo and options.screenshot is None and not on_screen:
        _ask_for_demo_files(options)
    if options.screenshot is None and not on_screen:
        print(
            "medvlp-viewer: there is no display (DISPLAY and WAYLAND_DISPLAY are not set). "
            "Use --screenshot FILE to render the window into a picture.",
            file=sys.stderr,
        )
        return 3
    path, queries = _what_to_show(options)
    _check(path, queries, options.model)
    prepare_environment(offscreen=options.screenshot is not None)
    return _show(path, queries, options)


def _ask_for_demo_files(options: argparse.Namespace) -> None:
    """Without a display the demo is a picture; say where it will be."""
    folder = Path(tempfile.mkdtemp(prefix="medvlp-demo-"))
    options.screenshot = folder / "demo.png"
    options.json = options.json or folder / "demo.json"
    print(
        f"There is no display: the window is rendered into {options.screenshot}, "
        f"its scores into {options.json}",
        file=sys.stderr,
    )


def _what_to_show(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Path and queries; without a path the sample, so that the first window is not empty."""
    queries = list(options.query)
    if options.worklist:
        return options.worklist, queries
    if options.paths:
        return options.paths[0], queries
    from medvlp.io.samples import get_sample

    if options.demo and not queries:
        queries = [DEMO_QUERY]
    return str(get_sample(DEMO_SAMPLE)), queries


def _check(path: str, queries: Sequence[str], model: str | None) -> None:
    """Refuse what can be refused before a window opens.

    Raises
    ------
    MedVLPError
        If the path does not exist, a query cannot be used, or there is no such model.
    """
    from medvlp.errors import UnreadableScanError
    from medvlp.grounding.query import parse_query
    from medvlp.models.load import find_model

    if not Path(path).exists():
        raise UnreadableScanError(f"{path} does not exist. Give a file or folder with a scan.")
    for text in queries:
        parse_query(text)
    if model:
        find_model(model)


def _show(path: str, queries: Sequence[str], options: argparse.Namespace) -> int:
    from medvlp.worker import Worker
    from medvlp_viewer.application import make_viewer, run, user_system
    from medvlp_viewer.models.settings_file import SettingsFile, default_path
    from medvlp_viewer.views.base import Message

    listed = bool(options.worklist)
    if options.screenshot is None:
        file = SettingsFile(default_path())
        settings, problem = file.load()
        worker = Worker(options.model or settings.model or None, settings.device)
        message = Message("warning", problem) if problem else None
        viewer = make_viewer(worker, settings, user_system(file), message)
        return run(viewer, path, queries, listed, options.paths[1:])
    from medvlp_viewer.screenshot import render

    # A picture looks the same for every user: it is made with the built-in settings.
    viewer = make_viewer(Worker(options.model))
    outcome = render(viewer, path, queries, options.screenshot, options.json, listed)
    if outcome.message:
        print(f"medvlp-viewer: {outcome.message}", file=sys.stderr)
    elif outcome.scores:
        print(outcome.scores)
    return outcome.status


if __name__ == "__main__":
    sys.exit(main())
