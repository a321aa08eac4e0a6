"""What ``medvlp train --from MODEL --manifest TABLE`` runs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Literal

import typer

from medvlp.models.folder import model_info
from medvlp_training.fine_tuning.plan import FineTuning
from medvlp_training.fine_tuning.run import fine_tune


def train_from(
    model: str,
    manifest: Path,
    recipe: str | None,
    out: Path | None,
    method: Literal["lora", "full"] | None,
    steps: int | None,
    name: str | None,
    skip_bad_rows: bool,
    cpu: bool,
) -> None:
    """Fine-tune, and say where the model is and what to do next."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    given: dict[str, Any] = {} if recipe is None else {"recipe": recipe}
    wishes = FineTuning(
        model, manifest, out=out, method=method, steps=steps, name=name,
        skip_bad_rows=skip_bad_rows, cpu=cpu, **given,
    )  # fmt: skip
    finished = fine_tune(wishes)
    for kind, found in finished.facts["validation"].items():
        shown = [found["mean_auroc_before"], found["mean_auroc"]]
        before, after = ("too few" if v is None else f"{v:.2f}" for v in shown)
        typer.echo(f"{kind}: mean AUROC on held-out images {before} before, {after} after")
    entries = finished.facts["calibrated"]
    typer.echo(f"Calibrated: {', '.join(entries) or 'nothing, too few held-out images'}")
    typer.echo(f"Model folder: {finished.folder}")
    accept = " --accept-licence" if model_info(finished.folder).must_accept else ""
    typer.echo(f"Add it with: medvlp models import {finished.folder}{accept}")
