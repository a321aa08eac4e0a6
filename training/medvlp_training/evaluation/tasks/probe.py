"""Linear probe: logistic regression of the findings on frozen features, with few and many labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.labelled import (
    ENCODERS,
    Parts,
    labelled,
    own_features,
    untrained_encoder,
    who_trains,
)
from medvlp_training.evaluation.tasks.subject import FEWEST, Subject, known_labels
from medvlp_training.evaluation.tasks.table import (
    Figures,
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)
from medvlp_training.evaluation.transfer.classification import (
    ClassificationScores,
    linear_classification,
)
from medvlp_training.evaluation.transfer.encoders import frozen_features
from medvlp_training.evaluation.transfer.split import SHARES, PatientSplit
from medvlp_training.pretraining.source import Kind
from medvlp_training.samples.splits import SPLITS

CHANCE = 0.5


def evaluate(subject: Subject | AnyModel, shares: Sequence[float] = SHARES) -> Result:
    """Mean AUROC with a share of the labelled training patients, beside an encoder never trained.

    Of medvlp's own image encoder the summary is probed, of any other model the vector of the whole image;
    no untrained encoder of the other's kind is made.
    """
    rows: list[list[str]] = []
    figures: Figures = {}
    for kind in subject.kinds:
        data = _probed(subject, kind)
        columns = asked_columns(data)
        names = [subject.vocabulary.labels[c] for c in columns]
        figures[kind] = found = dict[str, object](labels=names)
        if not names:
            continue
        summaries = data.summaries()
        for share in shares:
            scored = {on: _scored(data, own, columns, share) for on, own in summaries.items()}
            macro = {on: one.macro_estimate() for on, one in scored.items()}
            shown = [cell(macro[on]) if on in macro else "-" for on in ENCODERS]
            rows.append([kind, f"{share:.0%}", str(len(names)), *shown, cell(CHANCE)])
            found[f"{share:g}"] = {
                on: {
                    "mean": figure(macro[on]),
                    **{name: figure(one.estimate(c)) for c, name in enumerate(names)},
                }
                for on, one in scored.items()
            }
    need_rows(
        rows,
        "probe",
        "training patients with labels, and a finding that 5 test images have and 5 have not, by their labels",
    )
    header = ["images", "labels used", "findings", *ENCODERS, "chance"]
    return markdown(header, rows), {"probe": figures, "chance": CHANCE}


@dataclass(frozen=True, eq=False)
class Probed:
    """What a probe is fitted on.

    Parameters
    ----------
    labels
        ``(n, C)`` of all findings: 1 present, 0 absent, negative unknown.
    patients, split
        Of each image, and who trains.
    summaries
        Makes features of the images, by :data:`ENCODERS`.
    seed
        Of the draw of training patients.
    """

    labels: Tensor
    patients: tuple[str, ...]
    split: PatientSplit
    summaries: Callable[[], dict[str, Tensor]]
    seed: int


def _probed(subject: Subject | AnyModel, kind: Kind) -> Probed:
    if isinstance(subject, AnyModel):
        return _probed_model(subject, kind)
    data, run = labelled(subject, kind), subject.run

    def summaries() -> dict[str, Tensor]:
        untrained = frozen_features(untrained_encoder(run), data.batch.images).summary
        features = (own_features(run, data.batch).summary, untrained)
        return dict(zip(ENCODERS, features, strict=True))

    return Probed(data.batch.labels, data.patients, data.split, summaries, run.config.seed)


def _probed_model(subject: AnyModel, kind: Kind) -> Probed:
    parts: Parts = {split: subject.samples(kind, split) for split in SPLITS}
    split = who_trains(parts, kind)
    samples = [sample for part in parts.values() for sample in part]
    labels = torch.from_numpy(known_labels(samples, subject.vocabulary.labels))
    patients = tuple(sample.patient for sample in samples)

    def summaries() -> dict[str, Tensor]:
        return {ENCODERS[0]: subject.image_vectors(samples).float()}

    return Probed(labels, patients, split, summaries, seed=0)


def asked_columns(data: Probed) -> list[int]:
    """Findings with enough test samples of either kind, and both kinds among the training samples."""
    labels, patients = data.labels.numpy(), data.patients
    test = np.isin(patients, data.split.test)
    train = np.isin(patients, data.split.train)
    return [
        c
        for c in range(labels.shape[1])
        if min((labels[test, c] == v).sum() for v in (0, 1)) >= FEWEST
        and min((labels[train, c] == v).sum() for v in (0, 1)) > 0
    ]


def _scored(
    data: Probed, features: Tensor, columns: list[int], share: float
) -> ClassificationScores:
    truth = data.labels[:, torch.tensor(columns)]
    return linear_classification(features, truth, data.patients, data.split, share, data.seed)
