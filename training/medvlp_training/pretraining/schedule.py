r"""Learning rate by step: linear warm-up, then one cosine, or a periodic one.

After the warm-up, at share :math:`s` of the schedule with final share :math:`f` of the rate
(Loshchilov and Hutter, ICLR 2017, arXiv 1608.03983, without restarts):

.. math:: \eta = \eta_0 \left(f + (1 - f) \tfrac{1}{2} (1 + \cos \pi s)\right)

``"cosine"`` ends at :math:`s = 1`. ``"periodic"`` goes on, so that the rate comes back up after each
period: LoVT steps a cosine of one epoch per step [P].
"""

from __future__ import annotations

import math

from medvlp_training.pretraining.config import OptimisationConfig


def learning_rate(step: int, config: OptimisationConfig, period: int) -> float:
    """Rate of the optimiser step number ``step``, from 0.

    Parameters
    ----------
    period
        Steps from the highest to the lowest rate of a periodic schedule.
    """
    warmup = round(config.warmup_share * config.steps)
    if step < warmup:
        return config.learning_rate * (step + 1) / warmup
    if config.schedule == "periodic":
        share = (step - warmup) / period
    else:
        share = min((step - warmup) / max(config.steps - warmup, 1), 1.0)
    cosine = 0.5 * (1 + math.cos(math.pi * share))
    return config.learning_rate * (config.final_rate + (1 - config.final_rate) * cosine)
