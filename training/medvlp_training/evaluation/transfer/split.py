"""Who trains, who chooses, who is tested; and which few of them have labels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from medvlp.errors import MedVLPError

SHARES = (0.01, 0.1, 1.0)
"""Of the labelled training patients, as in LoVT."""


@dataclass(frozen=True)
class PatientSplit:
    """Patients by part; nobody is in two.

    Raises
    ------
    MedVLPError
        If a part is empty or two share a patient.
    """

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def __post_init__(self) -> None:
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        for name, part in parts.items():
            if not part:
                raise MedVLPError(
                    f"Split for transfer: no patient in {name!r}; give it at least one."
                )
        shared = sum(map(len, map(set, parts.values()))) - len(set().union(*parts.values()))
        if shared:
            raise MedVLPError(
                f"Split for transfer: {shared} patient(s) in more than one part; put each in one."
            )


def split_patients(
    patients: Sequence[str], seed: int = 0, shares: tuple[float, float] = (0.6, 0.2)
) -> PatientSplit:
    """Patients at random: ``shares`` train and validate, the rest is tested (LoVT: 60, 20, 20 %).

    Raises
    ------
    MedVLPError
        If there are too few patients for three parts.
    """
    everyone = sorted(set(patients))
    order = [everyone[i] for i in np.random.default_rng(seed).permutation(len(everyone))]
    first = round(shares[0] * len(order))
    second = first + round(shares[1] * len(order))
    return PatientSplit(tuple(order[:first]), tuple(order[first:second]), tuple(order[second:]))


def labelled_patients(
    split: PatientSplit, share: float, seed: int = 0, with_finding: Collection[str] = ()
) -> tuple[str, ...]:
    """The training patients whose labels are used: a random ``share`` of them, rounded up.

    A larger share holds every smaller one of the same seed. The first patient has the finding and the
    second has not, if there are such: nothing is learned of a finding from one kind of patient [R].

    Parameters
    ----------
    share
        In (0, 1].
    with_finding
        Patients in whom the finding is present.

    Raises
    ------
    MedVLPError
        If ``share`` is not in (0, 1].
    """
    if not 0 < share <= 1:
        raise MedVLPError(f"Share of the training patients: {share} is not in (0, 1].")
    train = sorted(split.train)
    order = [train[i] for i in np.random.default_rng(seed).permutation(len(train))]
    positive = [p for p in order if p in set(with_finding)]
    negative = [p for p in order if p not in set(with_finding)]
    first = positive[:1] + negative[:1]
    order = first + [p for p in order if p not in first]
    return tuple(order[: max(int(np.ceil(share * len(order) - 1e-9)), min(2, len(order)))])


def rows_of(patients: Sequence[str], chosen: Collection[str]) -> Tensor:
    """Indices of the samples of the chosen patients, int64."""
    wanted = set(chosen)
    return torch.tensor([i for i, p in enumerate(patients) if p in wanted], dtype=torch.int64)


@dataclass(frozen=True, eq=False)
class Rows:
    """Indices of samples by part, int64."""

    train: Tensor
    validation: Tensor
    test: Tensor


def rows_by_part(
    patients: Sequence[str],
    split: PatientSplit,
    share: float,
    seed: int,
    present: Tensor,
    **lengths: int,
) -> Rows:
    """Samples of the labelled training patients, of the validation and of the test patients.

    Parameters
    ----------
    present
        ``(n,)`` bool: samples with the finding, of the length of the others.
    lengths
        Number of rows of each input by its name, to be checked against the patients.

    Raises
    ------
    MedVLPError
        If an input has another number of samples than there are patients, or a part has no sample.
    """
    for name, found in lengths.items():
        if found != len(patients):
            raise MedVLPError(
                f"Transfer: {name!r} has {found} samples, but there are {len(patients)} patients "
                "given; give one patient per sample."
            )
    having = {p for p, there in zip(patients, present.tolist(), strict=True) if there}
    parts = {
        "train": labelled_patients(split, share, seed, having),
        "validation": split.validation,
        "test": split.test,
    }
    rows = {name: rows_of(patients, part) for name, part in parts.items()}
    for name, part in rows.items():
        if not len(part):
            raise MedVLPError(f"Transfer: no sample of any patient in {name!r} of the split.")
    return Rows(**rows)
