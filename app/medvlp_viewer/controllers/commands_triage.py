"""Commands of triage. Their keys belong to it while a worklist is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medvlp.store.worklist_records import Status
from medvlp_viewer.commands import Command
from medvlp_widgets.models.worklist import SHOW_ALL
from medvlp_widgets.models.worklist_row import STATUS_WORDS

if TYPE_CHECKING:
    from medvlp_viewer.controllers.viewer import ViewerController

_FILTERS = (
    (SHOW_ALL, "Show all scans"),
    *((status, f"Show {word.lower()} scans") for status, word in STATUS_WORDS.items()),
)


def triage_commands(viewer: ViewerController) -> tuple[Command, ...]:
    """Menu "Triage"."""
    return (*_worklist_commands(viewer), *_going_commands(viewer), *_filter_commands(viewer))


def _worklist_commands(viewer: ViewerController) -> tuple[Command, ...]:
    triage, view = viewer.triage, viewer.window.worklist

    def add(name: str, title: str, run: Callable[[], object], *keys: str) -> Command:
        return Command(
            name,
            title,
            "Triage",
            run,
            keys,
            needs_scan=False,
            enabled=lambda: triage.scoring.available,
        )

    return (
        add("open-worklist", "Open folder as worklist…", triage.open_folder, "Ctrl+Shift+W"),
        add("open-worklist-file", "Open manifest or hit list…", triage.open_list),
        Command(
            "show-worklist",
            "Show worklist",
            "Triage",
            lambda: view.set_visible(not view.visible),
            ("W",),
            checked=lambda: view.visible,
            needs_scan=False,
        ),
        _while_on(viewer, "export-worklist", "Export decisions…", triage.export, "Ctrl+E"),
        _while_on(viewer, "close-worklist", "Close worklist", triage.close),
    )


def _going_commands(viewer: ViewerController) -> tuple[Command, ...]:
    triage, view = viewer.triage, viewer.window.worklist

    def decide(status: Status) -> Callable[[], None]:
        return lambda: triage.decide(status)

    def add(name: str, title: str, run: Callable[[], object], *keys: str) -> Command:
        return _while_on(viewer, name, title, run, *keys)

    return (
        add("next-scan", "Next scan", lambda: triage.step(1), "J"),
        add("previous-scan", "Previous scan", lambda: triage.step(-1), "K"),
        add("accept-scan", "Accept, and go on", decide("accepted"), "A"),
        add("reject-scan", "Reject, and go on", decide("rejected"), "R"),
        add("unsure-scan", "Unsure, and go on", decide("unsure"), "U"),
        add("write-note", "Write a note", view.focus_note, "C"),
        add("order-worklist", "Order by…", view.focus_order, "O"),
        add("pause-scoring", "Pause scoring, or go on", triage.scoring.toggle_pause),
        add("cancel-scoring", "Cancel scoring", triage.scoring.stop),
    )


def _filter_commands(viewer: ViewerController) -> tuple[Command, ...]:
    model = viewer.state.worklist

    def show(status: str) -> Callable[[], None]:
        return lambda: model.show_status(status)

    def is_shown(status: str) -> Callable[[], bool]:
        return lambda: model.status_filter == status

    return tuple(
        Command(
            f"show-scans-{status}",
            title,
            "Triage",
            show(status),
            (f"Alt+{number}",),
            checked=is_shown(status),
            needs_scan=False,
            enabled=lambda: viewer.triage.on,
            claims_keys=True,
            starts_section=number == 0,
        )
        for number, (status, title) in enumerate(_FILTERS)
    )


def _while_on(
    viewer: ViewerController, name: str, title: str, run: Callable[[], object], *keys: str
) -> Command:
    """Enabled while a worklist is open; its keys are then taken from other commands."""
    return Command(
        name,
        title,
        "Triage",
        run,
        keys,
        needs_scan=False,
        enabled=lambda: viewer.triage.on,
        claims_keys=True,
        starts_section=name == "next-scan",
    )
