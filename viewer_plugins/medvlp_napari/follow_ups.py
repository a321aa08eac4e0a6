"""What is worked out of an answer once it is there, away from the main thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from medvlp.progress import Progress
from medvlp_napari.background import Background
from medvlp_napari.model_words import agreement_words
from medvlp_napari.organ_labels import organ_features, organ_labels
from medvlp_napari.scene import other_answers

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable
    from medvlp.scan import Scan
    from medvlp.worker import EncodingFacts

Say = Callable[[str], object]


def outline_organs(
    background: Background,
    facts: EncodingFacts,
    scan: Scan,
    table: OrganTable,
    show: Callable[[Any, Any, dict[str, list[Any]]], None],
    say: Say,
) -> None:
    """Turn the organs of an encoding into labels.

    Parameters
    ----------
    background
        Where that is done.
    facts, scan, table
        What was found, in which scan, and the scores.
    show
        Called with labels, their affine and features, as :func:`medvlp_napari.scene.show_organs`
        takes them.
    say
        Told why it cannot be done.
    """

    def done(found: tuple[Any, Any, list[str]]) -> None:
        labels, to_scan, names = found
        show(labels, to_scan, organ_features(names, table))

    def work(_progress: Progress) -> tuple[Any, Any, list[str]]:
        return organ_labels(facts.organs, facts.geometry, scan.geometry)

    background.run("Outlining organs", work, done, say)


def compare_models(
    background: Background,
    viewer: ViewerModel,
    source: Image,
    heatmap: Heatmap,
    name: str,
    say: Say,
) -> None:
    """Say how far a model agrees with the others that were asked the same.

    Parameters
    ----------
    background
        Where that is worked out.
    viewer, source
        Where the other answers are.
    heatmap, name
        The new answer, and whose it is.
    say
        Told the sentence.
    """
    for other, former in other_answers(viewer, source, heatmap):
        work = partial(_sentence, former, heatmap, other, name)
        background.run("Comparing two models", work, say, say)


def _sentence(former: Heatmap, heatmap: Heatmap, other: str, name: str, _progress: Progress) -> str:
    from medvlp.grounding.agreement import agreement

    return agreement_words(heatmap.query.text, other, name, agreement(former, heatmap))
