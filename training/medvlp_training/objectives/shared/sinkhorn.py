r"""Codes of samples over prototypes, spread evenly by Sinkhorn's algorithm.

As SwAV (Caron et al., NeurIPS 2020, arXiv 2006.09882) and, for reports and images, MGCA (Wang et al.,
NeurIPS 2022, arXiv 2210.06044) use it [P]. With scores :math:`s_{ik}`,
:math:`q_{ik} \propto e^{s_{ik} / \varepsilon}` is scaled in turn so that every prototype gets
:math:`B / K` of the samples and every sample is given away whole. The last scaling is that of the
samples: rows sum to 1 exactly, columns to :math:`B / K` in the limit.
"""

from __future__ import annotations

import torch
from torch import Tensor


@torch.no_grad()
def sinkhorn(scores: Tensor, epsilon: float = 0.05, iterations: int = 3) -> Tensor:
    """Codes ``(B, K)`` whose rows sum to 1 and whose columns sum to about ``B / K``.

    Computed with logarithms, in float32 or better: no score overflows.

    Parameters
    ----------
    scores
        ``(B, K)``.
    epsilon
        Softness of the codes.
    iterations
        Scalings of columns and rows.
    """
    logarithm = (scores if scores.dtype == torch.float64 else scores.float()) / epsilon
    for _ in range(iterations):
        # The columns' common factor B / K falls away in the rows' scaling.
        logarithm = logarithm - logarithm.logsumexp(0, keepdim=True)
        logarithm = logarithm - logarithm.logsumexp(1, keepdim=True)
    return logarithm.softmax(1)
