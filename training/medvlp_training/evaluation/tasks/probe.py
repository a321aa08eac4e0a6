"""Linear probe: logistic regression of the findings on frozen features, with few and many labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from medvlp_training.evaluation.tasks.labelled import (
    ENCODERS,
    Labelled,
    labelled,
    own_features,
    untrained_encoder,
)
from medvlp_training.evaluation.tasks.subject import FEWEST, Subject
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
from medvlp_training.evaluation.transfer.split import SHARES

CHANCE = 0.5


def evaluate(subject: Subject, shares: Sequence[float] = SHARES) -> Result:
    """Mean AUROC with a share of the labelled training patients, beside an encoder never trained."""
    rows: list[list[str]] = []
    figures: Figures = {}
    for kind in subject.kinds:
        data = labelled(subject, kind)
        columns = asked_columns(data)
        names = [subject.run.vocabulary.labels[c] for c in columns]
        figures[kind] = found = dict[str, object](labels=names)
        if not names:
            continue
        summaries = (
            own_features(subject.run, data.batch).summary,
            frozen_features(untrained_encoder(subject.run), data.batch.images).summary,
        )
        for share in shares:
            scored = [_scored(data, features, columns, share, subject) for features in summaries]
            macro = [one.macro_estimate() for one in scored]
            rows.append([kind, f"{share:.0%}", str(len(names)), *map(cell, macro), cell(CHANCE)])
            found[f"{share:g}"] = {
                on: {
                    "mean": figure(mean),
                    **{name: figure(one.estimate(c)) for c, name in enumerate(names)},
                }
                for on, one, mean in zip(ENCODERS, scored, macro, strict=True)
            }
    need_rows(
        rows,
        "probe",
        "training patients with labels, and a finding that 5 test images have and 5 have not, by their labels",
    )
    header = ["images", "labels used", "findings", *ENCODERS, "chance"]
    return markdown(header, rows), {"probe": figures, "chance": CHANCE}


def asked_columns(data: Labelled) -> list[int]:
    """Findings with enough test samples of either kind, and both kinds among the training samples."""
    labels, patients = data.batch.labels.numpy(), data.patients
    test = np.isin(patients, data.split.test)
    train = np.isin(patients, data.split.train)
    return [
        c
        for c in range(labels.shape[1])
        if min((labels[test, c] == v).sum() for v in (0, 1)) >= FEWEST
        and min((labels[train, c] == v).sum() for v in (0, 1)) > 0
    ]


def _scored(
    data: Labelled, features: Tensor, columns: list[int], share: float, subject: Subject
) -> ClassificationScores:
    truth = data.batch.labels[:, torch.tensor(columns)]
    seed = subject.run.config.seed
    return linear_classification(features, truth, data.patients, data.split, share, seed)
