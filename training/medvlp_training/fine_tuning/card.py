"""The model card of a model that was trained further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medvlp import RESEARCH_NOTICE

_KINDS = {"CT": "CT", "XR": "X-rays"}


def card_text(name: str, facts: Mapping[str, Any]) -> str:
    """Markdown: what it was made of, what was measured, which probabilities mean something."""
    images = ", ".join(
        f"{n['train']} {_KINDS[kind]} to train on and {n['val']} held out"
        for kind, n in facts["images"].items()
        if n["train"] or n["val"]
    )
    return "\n".join(
        [
            f"# {name}",
            "",
            RESEARCH_NOTICE,
            "",
            f"Fine-tuned from {_source(facts['started_from'])} with the objective {facts['objective']} "
            f"({facts['adaptation']['method']}, step {facts['step']}), on a private table: {images}, of "
            f"{facts['patients']} patients.",
            "",
            f"Licence of the weights: {facts['licence']}, as of the model it was made from.",
            "",
            *(
                [f"Cite the model it was made from: {facts['citation']}", ""]
                if facts["citation"]
                else []
            ),
            "## Probabilities",
            "",
            _calibration_words(facts["calibrated"]),
            "",
            *_measured(facts["validation"]),
        ]
    )


def _source(model: Mapping[str, str]) -> str:
    where = f"{model['repository']}, " if model["repository"] else ""
    return f"{model['name']} ({where}SHA-256 {model['sha256'][:16]})"


def _calibration_words(entries: list[str]) -> str:
    own = [entry for entry in entries if not entry.startswith("default/")]
    shared = [_KINDS[e.partition("/")[2]] for e in entries if e.startswith("default/")]
    if not entries:
        return (
            "Not calibrated: the held-out images were too few. Heat maps and the order of answers mean "
            "something, probabilities are the plain outputs of training. Nothing of the former model's "
            "calibration was kept."
        )
    rest = [f"Everything else on {kind} shares one curve." for kind in shared]
    rest += [f"Nothing on {kind} is calibrated." for kind in _KINDS.values() if kind not in shared]
    return (
        "Fitted on the held-out images of the table, with a curve of its own for: "
        f"{', '.join(own) or 'no finding'}. {' '.join(rest)} Nothing of the former model's calibration was "
        "kept."
    )


def _measured(validation: Mapping[str, Mapping[str, Any]]) -> list[str]:
    if not validation:
        return []
    rows = [
        f"| {_KINDS[kind]} | {found['answers']} | {_figure(found['mean_auroc_before'])} | "
        f"{_figure(found['mean_auroc'])} |"
        for kind, found in validation.items()
    ]
    return [
        "## On the held-out images",
        "",
        "Mean AUROC over findings. The checkpoint was chosen and the curves were fitted on these images: "
        "the figures are optimistic.",
        "",
        "| images | answers | before | after |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def _figure(value: float | None) -> str:
    return "too few" if value is None else f"{value:.2f}"
