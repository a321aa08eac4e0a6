"""Zero-shot answers about organs: which organ is it, and is it abnormal; by organ and by image.

CT-GLIP's questions (arXiv 2404.15272); see :mod:`medvlp_training.evaluation.organ_scoring`.
"""

from __future__ import annotations

from collections.abc import Sequence

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.organ_scoring import (
    OrganAnswers,
    OrganPrompt,
    Reading,
    abnormality,
    advantage,
    organ_answers,
    organ_prompts,
    recognition,
)
from medvlp_training.evaluation.statistics import Estimate
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.organs_of_model import answers_of_model
from medvlp_training.evaluation.tasks.prepared import batches
from medvlp_training.evaluation.tasks.subject import FEWEST, Subject
from medvlp_training.evaluation.tasks.table import (
    Figures,
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)
from medvlp_training.pretraining.source import Kind

READINGS: tuple[Reading, Reading] = ("organ", "image")
HEADER = ("images", "question", "n", "organ", "image", "chance")


def evaluate(subject: Subject | AnyModel) -> Result:
    """Recognition of each organ, and AUROC of each finding by the organ's and by the image's vector.

    Raises
    ------
    MedVLPError
        If the model knows no organs.
    """
    vocabulary = subject.vocabulary
    if not vocabulary.organs:
        raise MedVLPError(
            f"Task 'organs' needs organs: {subject.identity} knows none, because the samples that it "
            "was trained on had neither organ masks nor statements about organs."
        )
    rows: list[list[str]] = []
    figures: Figures = {}
    for kind in subject.kinds:
        prompts = organ_prompts(vocabulary)
        answers = _answers(subject, kind, prompts)
        recognised = recognition(answers)
        chance = 1 / len(vocabulary.organs)
        rows += [
            [kind, f"recognise: {organ}", str(e.n), cell(e), "", cell(chance)]
            for organ, e in recognised.items()
        ]
        by_reading = {reading: _asked(answers, reading) for reading in READINGS}
        for label, estimate in by_reading["organ"].items():
            image = by_reading["image"][label]
            shown = [str(estimate.n), cell(estimate), cell(image), cell(0.5)]
            rows.append([kind, f"abnormal: {label}", *shown])
        found: Figures = {
            "recognition": {organ: figure(e) for organ, e in recognised.items()},
            "recognition_chance": round(chance, 4),
            "abnormality": {
                r: {label: figure(e) for label, e in own.items()} for r, own in by_reading.items()
            },
        }
        if by_reading["organ"]:
            gain = advantage(answers, answers, READINGS)
            rows.append([kind, "AUROC by organ - by image", str(gain.n), cell(gain), "", cell(0.0)])
            found["organ_minus_image"] = figure(gain)
        figures[kind] = found
    need_rows(rows, "organs", "test images with organ masks")
    return markdown(HEADER, rows), {"organs": figures}


def _answers(
    subject: Subject | AnyModel, kind: Kind, prompts: Sequence[OrganPrompt]
) -> OrganAnswers:
    if isinstance(subject, AnyModel):
        return answers_of_model(subject, kind, prompts)
    asked = batches(subject.run, subject.samples(kind))
    return organ_answers(subject.run.objective, subject.run.tokenizer, asked, prompts)


def _asked(answers: OrganAnswers, reading: Reading) -> dict[str, Estimate]:
    """AUROC of the findings with enough images of either kind."""
    counts = {n: [int((answers.truth(n) == v).sum()) for v in (0, 1)] for n in answers.asked}
    found = abnormality(answers, reading)
    return {label: e for label, e in found.items() if min(counts[label]) >= FEWEST}
