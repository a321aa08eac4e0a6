"""Fine-tuning from a table to a model folder, to be read from top to bottom.

    medvlp train clip --from small --manifest scans.csv --out runs/mine

The run folder is that of a pre-training run (:mod:`medvlp_training.pretraining.run`), with ``samples/``
(the table's images as shards) and at the end ``model/`` beside it. Started again, it goes on from its
last checkpoint with the losses that it would have given.
"""

from __future__ import annotations

import logging
import re

from medvlp_training.fine_tuning.export import Finished, export
from medvlp_training.fine_tuning.plan import FineTuning, check_recipe, plan
from medvlp_training.fine_tuning.samples import prepare_samples
from medvlp_training.fine_tuning.start import find_start
from medvlp_training.fine_tuning.table import patient_splits, read_checked
from medvlp_training.pretraining.run import Run
from medvlp_training.pretraining.sources import open_source
from medvlp_training.pretraining.trainer import make_accelerator

_LOG = logging.getLogger(__name__)
SAMPLES = "samples"


def fine_tune(wishes: FineTuning) -> Finished:
    """Train a model further on a table, calibrate it, and write its folder.

    Raises
    ------
    MedVLPError
        If the model cannot be trained, the table cannot be used (the message names its rows), or the
        run folder belongs to another run.
    """
    start = find_start(wishes.model)
    manifest = read_checked(wishes.manifest, wishes.skip_bad_rows)
    check_recipe(wishes.recipe, start, manifest)
    patient_splits(manifest)
    folder = wishes.folder / SAMPLES
    shards = prepare_samples(manifest, folder, start.preprocessing, wishes.skip_bad_rows)
    config = plan(wishes, start, shards, folder)
    _LOG.info(
        "%s of %s with %s: %d steps of %d images.", config.adaptation.method if config.adaptation else "",
        start.info.name, config.objective, config.optimisation.steps, config.optimisation.batch_size,
    )  # fmt: skip
    accelerator = make_accelerator(config.optimisation, wishes.cpu)
    Run(config, open_source(config.data), accelerator).train()
    return export(
        config.out, start, shards, wishes.name or _name(start.info.name, manifest.path.stem)
    )


def _name(model: str, table: str) -> str:
    """Letters, digits, dots and dashes, at most 64, as ``medvlp models import`` wants them."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{model}-{table}").strip("-.")[:64]
