"""Protocols and figures of the literature, theirs, to stand beside our tables.

They were measured by others, on other data and by their own protocols: they say what is known to be
possible, and are not to be compared with a figure of ours.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from medvlp_training.evaluation.tasks.table import markdown

HEADING = (
    "Figures of the literature: theirs, on their data, by their protocol. They were not measured "
    "here and are not to be compared with the table above."
)


@dataclass(frozen=True)
class Theirs:
    """A published figure.

    Parameters
    ----------
    data
        What it was measured on.
    measure
        Its name and the protocol.
    figure
        As they give it.
    model
        Of whom.
    """

    data: str
    measure: str
    figure: str
    model: str


_POINTING = (
    "pointing game: the greatest value of the bilinear map, at the original size and with padding "
    "removed, lies inside a box"
)
WHERE = (
    Theirs("MS-CXR", "contrast-to-noise ratio of the map in and outside the box", "1.33", "BioViL-T"),
    Theirs("MS-CXR", "mean IoU of map and box over the thresholds 0.1 to 0.5", "0.240", "BioViL-T"),
    Theirs("MS-CXR", f"{_POINTING}; mean over pairs", "0.922", "SentZero"),
    Theirs("ChestX-Det10", f"{_POINTING}; mean over classes", "0.732", "SentZero"),
)  # fmt: skip
_AUROC = "AUROC of zero-shot prompts, mean over findings"
WHETHER_XR = (
    Theirs("OpenI", _AUROC, "0.889", "SentZero"),
    Theirs("ChestX-ray14", _AUROC, "0.839", "SentZero"),
    Theirs("PadChest", _AUROC, "0.861", "SentZero"),
    Theirs("ChestX-Det10", _AUROC, "0.843", "SentZero"),
    Theirs("CheXpert, 500 images", _AUROC, "0.923", "CARZero"),
)
WHETHER_CT = (
    Theirs("CT-RATE, 3,039 volumes, 18 findings", _AUROC, "0.838", "MPS-CT, RadFinder"),
    Theirs("Rad-ChestCT, 3,630 volumes, 16 findings", _AUROC, "0.773", "best published"),
    Theirs("Merlin's test set", _AUROC, "0.8835", "RADAR"),
)
FOUND = (
    Theirs("CT-RATE, 3,039 volumes", "recall at 10", "31.5 %", "best published"),
    Theirs("CT-RATE, 3,039 volumes", "recall at 100", "52.2 %", "best published"),
)
LITERATURE: dict[str, tuple[Theirs, ...]] = {
    "grounding": WHERE,
    "pointing": WHERE,
    "findings": WHETHER_XR,
    "zero-shot": (*WHETHER_XR, *WHETHER_CT),
    "retrieval": FOUND,
}
"""By the task that asks a similar question."""


def beside(task: str) -> str:
    """Heading and table of the literature; empty for tasks that have none."""
    known = LITERATURE.get(task, ())
    if not known:
        return ""
    rows = [(t.data, t.measure, t.figure, t.model) for t in known]
    return f"{HEADING}\n\n" + markdown(("their data", "measure", "theirs", "whose"), rows)


def figures(task: str) -> list[dict[str, str]]:
    """The same for JSON."""
    return [asdict(t) for t in LITERATURE.get(task, ())]
