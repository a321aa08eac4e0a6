"""Real scans, and simulated CT beside them, as sample shards that every task can be asked about.

``python -m medvlp_training.evaluation.sample_set --data D --prepared P --pairs S --out O``. ``P`` is what
:mod:`medvlp_training.datasets.prepare` wrote from ``D``; ``S`` is a set of
:mod:`medvlp_training.simulation.paired`, of which the CT are taken: ``D`` has few CT, and none with a report.
Patients are split as the default model's were, so its training patients are in no test split.
"""

from __future__ import annotations

import argparse
import csv
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.pretraining.simulated import CaseFiles
from medvlp_training.reports.entities import find_entities
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.reports.statements import organ_statements
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.samples.shard_writer import write_shards

_LOG = logging.getLogger(__name__)


def real_samples(data: Path, prepared: Path) -> Iterator[ImageTextSample]:
    """Every prepared X-ray and CT; X-rays of the COVID collection with their clinical notes.

    Raises
    ------
    MedVLPError
        If there is nothing prepared.
    """
    notes = clinical_notes(data / "cxr_covid" / "metadata.csv")
    films = CaseFiles(str(prepared / "xr" / "*.safetensors"), "XR")
    volumes = CaseFiles(str(prepared / "ct" / "*.safetensors"), "CT")
    for number, path in enumerate(films.paths):
        sample = films.read(number)
        yield with_report(sample, notes.get(path.stem.removeprefix("covid-"), ""))
    for number in range(len(volumes)):
        yield replace(volumes.read(number), source="real/CT")


def clinical_notes(table: Path) -> dict[str, str]:
    """Stem of the image to its note, which is a report, a part of one, or a history.

    Raises
    ------
    MedVLPError
        If the table is not there, or has no such column.
    """
    if not table.is_file():
        raise MedVLPError(
            f"Expected the table of the COVID collection at {table}; it is not there."
        )
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"file", "clinical_notes"} <= rows[0].keys():
        raise MedVLPError(
            f"{table}: expected the columns 'file' and 'clinical_notes'; found "
            f"{', '.join(rows[0])}. Name the folder of the real scans."
        )
    return {Path(row["file"]).stem: row["clinical_notes"] for row in rows}


def with_report(sample: ImageTextSample, report: str) -> ImageTextSample:
    """Sample with a report's sentences, and what they say of findings and organs."""
    sentences = split_sentences(report)
    if not sentences:
        return sample
    lexicon = load_lexicon()
    return replace(
        sample,
        sentences=sentences,
        entities=find_entities(sentences, lexicon),
        statements=organ_statements(sentences, lexicon),
    )


def simulated_ct(pairs: Path) -> Iterator[ImageTextSample]:
    """The CT of each pair."""
    shards = open_shards(pairs)
    for entry in shards.entries:
        if entry.modality == "CT":
            yield shards.read(entry)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m medvlp_training.evaluation.sample_set")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real scans")
    parser.add_argument("--prepared", type=Path, required=True, help="what datasets.prepare wrote")
    parser.add_argument("--pairs", type=Path, help="what simulation.paired wrote")
    parser.add_argument("--out", type=Path, required=True, help="new folder of sample shards")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    def samples() -> Iterator[ImageTextSample]:
        yield from real_samples(options.data, options.prepared)
        if options.pairs is not None:
            yield from simulated_ct(options.pairs)

    try:
        shards = write_shards(samples(), options.out, origin="real scans and simulated CT")
    except MedVLPError as error:
        _LOG.error("%s", error)
        return error.exit_status
    parts = ", ".join(f"{count} {split}" for split, count in shards.counts().items())
    _LOG.info("%d samples (%s) in %s", len(shards), parts, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
