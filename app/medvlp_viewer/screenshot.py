"""The real window without a screen: a picture of it and the answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QTimer

from medvlp.export.reports import ground_report
from medvlp.models.protocol import GroundingModel
from medvlp.store.atomic import write_bytes_atomically
from medvlp.worker import EncodingFacts
from medvlp_viewer.application import Viewer, start

# Layout and font requests of the last answer reach the screen through the event loop.
_SETTLE_MILLISECONDS = 150


@dataclass
class Outcome:
    """How the run ended: exit status, sentence for stderr, JSON for stdout."""

    status: int = 0
    message: str = ""
    scores: str = ""
    facts: EncodingFacts | None = None


def render(
    viewer: Viewer,
    path: str,
    queries: Sequence[str],
    picture: Path,
    json_file: Path | None,
    worklist: bool = False,
) -> Outcome:
    """Open, encode, ask, jump to the peak of the first answer, save the picture and the JSON.

    With ``worklist`` the path is one, and all of its scans are scored first.
    """
    outcome = Outcome()
    session, scoring = viewer.controller.session, viewer.controller.triage.scoring

    def fail(kind: str, message: str, status: int) -> None:
        outcome.status, outcome.message = status, message
        viewer.application.exit(status)

    def keep(facts: EncodingFacts) -> None:
        outcome.facts = facts

    def stop_when_done() -> None:
        if not session.busy and not scoring.running:
            QTimer.singleShot(_SETTLE_MILLISECONDS, viewer.application.quit)

    session.failed.connect(fail)
    session.encoded.connect(keep)
    session.idle.connect(stop_when_done)
    scoring.changed.connect(stop_when_done)
    scoring.refused.connect(lambda why: fail("worklist", why, 3))
    viewer.window.show()
    start(viewer, path, queries, worklist)
    viewer.application.exec()
    if outcome.status == 0:
        _write(viewer, outcome, picture, json_file)
    viewer.close()
    return outcome


def _write(viewer: Viewer, outcome: Outcome, picture: Path, json_file: Path | None) -> None:
    """Save picture and JSON; what went wrong goes into the outcome."""
    if outcome.facts is None:
        outcome.status, outcome.message = 3, "The window closed before the scan was encoded."
        return
    outcome.scores = json.dumps(report(viewer, outcome.facts), indent=2)
    try:
        write_bytes_atomically(picture, viewer.window.picture())
        if json_file is not None:
            write_bytes_atomically(json_file, (outcome.scores + "\n").encode())
    except OSError as error:
        outcome.status = 3
        outcome.message = f"{picture} could not be written: {error.strerror}. Name another place."


def report(viewer: Viewer, facts: EncodingFacts) -> dict[str, Any]:
    """JSON object of schema ``medvlp/ground/1`` for the rows on screen."""
    state = viewer.state
    assert state.scan.scan is not None
    heatmaps = [h for h in (state.heats.get(row.key) for row in state.queries) if h is not None]
    seconds = facts.seconds | {"query": viewer.controller.session.query_seconds}
    # The report reads name, hash and device, which the facts have in common with the model.
    model = cast(GroundingModel, facts.model)
    return ground_report(state.scan.scan, model, heatmaps, [{}] * len(heatmaps), seconds)
