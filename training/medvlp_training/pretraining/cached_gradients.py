r"""Gradients of a whole batch's loss with the memory of a part (GradCache).

Gao et al., RepL4NLP 2021, arXiv 2101.06983: (1) encode part by part without a graph; (2) compute the
loss from all representations, and its gradients with respect to them,
:math:`u_i = \partial L / \partial r_i`; (3) encode each part again with a graph and pull :math:`u_i`
back through it. As the encoder treats samples one by one,
:math:`\partial L / \partial \theta = \sum_i u_i\, \partial r_i / \partial \theta` is exact, whatever
the size of the parts. Random numbers are seeded before each part's encoding, so that the second
encoding draws what the first drew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.objective import Objective, Representations
from medvlp_training.objectives.shared.gather import gather_batch, gather_rows

Autocast = Callable[[], AbstractContextManager[None]]


def parts_of(batch: Batch, part_size: int | None) -> list[Batch]:
    """The batch in parts of ``part_size`` samples; the last may be smaller."""
    size = part_size or len(batch)
    return [batch.part(slice(start, start + size)) for start in range(0, len(batch), size)]


def compute_loss(
    objective: Objective, representations: Representations, batch: Batch, autocast: Autocast
) -> dict[str, Tensor]:
    """Terms of the joined batch of all processes, from this process's representations."""
    joined = {name: gather_rows(rows) for name, rows in representations.items()}
    with autocast():
        return objective(joined, gather_batch(batch))


def backward(
    objective: Objective,
    batch: Batch,
    part_size: int | None = None,
    seeds: Callable[[int], int] = lambda part: part,
    loss_seed: int = 0,
    autocast: Autocast = nullcontext,
) -> dict[str, Tensor]:
    """Add the gradients of the joined batch's loss to the parameters.

    Gradients are those of this process: their mean over processes is the gradient of the loss.

    Parameters
    ----------
    batch
        This process's samples, on the objective's device.
    part_size
        Samples encoded at a time; None: all at once, which encodes each sample only once.
    seeds
        Part number to the seed of the random numbers of its encoding.
    loss_seed
        Seed of the loss's own random numbers: the same in all processes.

    Returns
    -------
    dict
        Detached terms. If one is not finite, no gradients are computed.
    """
    parts = parts_of(batch, part_size)

    def encode(number: int) -> Representations:
        torch.manual_seed(seeds(number))
        with autocast():  # a context of its own: casts made without a graph must not be reused
            return objective.encode(parts[number])

    whole = encode(0) if len(parts) == 1 else _encode_without_graph(encode, len(parts))
    torch.manual_seed(loss_seed)
    terms = compute_loss(objective, whole, batch, autocast)
    total = torch.stack([value.float() if value.dtype != torch.float64 else value
                         for value in terms.values()]).sum()  # fmt: skip
    detached = {name: value.detach() for name, value in terms.items()}
    if not bool(torch.isfinite(total)) or not total.requires_grad:
        return detached
    total.backward()
    if len(parts) > 1:
        _pull_back(encode, whole, [len(part) for part in parts])
    return detached


def _encode_without_graph(encode: Callable[[int], Representations], count: int) -> Representations:
    """Representations of all parts as leaves that collect gradients."""
    with torch.no_grad():
        encoded = [encode(number) for number in range(count)]
    return {
        name: torch.cat([part[name] for part in encoded]).requires_grad_(
            encoded[0][name].is_floating_point()
        )
        for name in encoded[0]
    }


def _pull_back(
    encode: Callable[[int], Representations], whole: Representations, sizes: list[int]
) -> None:
    """Encode each part again, with a graph, and send its share of the gradients through it."""
    start = 0
    for number, size in enumerate(sizes):
        again = encode(number)
        rows = slice(start, start + size)
        pairs = [
            (again[name], gradient[rows])
            for name, leaf in whole.items()
            if again[name].requires_grad and (gradient := leaf.grad) is not None
        ]
        if pairs:
            torch.autograd.backward([p[0] for p in pairs], [p[1] for p in pairs])
        start += size
