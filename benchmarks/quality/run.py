"""Ask the cases of a bar, keep every answer, and form its figures; an interrupted run goes on."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.bar import Bar, Record, Row
from benchmarks.quality.table import table
from medvlp.models import folder as model_folder
from medvlp.models.protocol import GroundingModel
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.evaluation.asking import Unguarded

SAVE_EVERY_S = 20.0


@dataclass(frozen=True)
class Settings:
    """Of a run.

    Parameters
    ----------
    data
        Folder of the real scans.
    prepared
        Folder with ``shards/ct`` of the training, for priors of lesions.
    answers
        Where every answer is kept, by model and bar.
    results
        Where the figures go.
    again
        Ask again what was answered already.
    """

    data: Path
    prepared: Path
    answers: Path
    results: Path
    again: bool = False


def fingerprint(model: GroundingModel, folder: Path, guarded: bool) -> dict[str, str]:
    """What the answers depend on: weights with their transform, and the calibration.

    The thresholds of abstention count only for a bar that lets the model abstain.
    """
    calibration = (model if guarded else Unguarded(model)).calibration
    return {
        "model": model.model_id,
        "weights_and_transform": model_folder.model_info(folder).fingerprint,
        "calibration": hashlib.sha256(calibration.model_dump_json().encode()).hexdigest(),
    }


def data_version(data: Path, folders: Sequence[str]) -> dict[str, str]:
    """Per folder, a hash over the names and contents of its files."""
    versions = {}
    for name in folders:
        digest = hashlib.sha256()
        for path in sorted(p for p in (data / name).rglob("*") if p.is_file()):
            digest.update(str(path.relative_to(data)).encode())
            digest.update(model_folder.file_sha256(path).encode())
        versions[name] = digest.hexdigest()[:16]
    return versions


def run(name: str, bar: Bar, model: GroundingModel, folder: Path, settings: Settings) -> Path:
    """Measure one bar and write its figures; returns their file."""
    facts: dict[str, object] = {
        "model": fingerprint(model, folder, bar.GUARDED),
        "data": data_version(settings.data, bar.FOLDERS),
    }
    kept_at = settings.answers / model.name / f"{name}.json"
    answers = {} if settings.again else _kept(kept_at, facts)
    saved = time.monotonic()
    for case in bar.cases(settings.data, settings.prepared):
        if case.key in answers:
            continue
        answers[case.key] = case.ask(model)
        print(f"{name}: {case.key}", flush=True)
        if time.monotonic() - saved > SAVE_EVERY_S:
            _keep(kept_at, facts, answers)
            saved = time.monotonic()
    _keep(kept_at, facts, answers)
    found = bar.rows([record for records in answers.values() for record in records])
    return write(name, bar.TITLE, found, facts, model.name, settings.results)


def write(
    name: str, title: str, found: Sequence[Row], facts: dict[str, object], model: str, results: Path
) -> Path:
    """The figures of a bar as JSON, with their table."""
    path = results / f"{model}-quality-{name}.json"
    content = {
        "bar": name,
        "title": title,
        **facts,
        "table": table(found),
        "rows": [row.to_dict() for row in found],
    }
    write_bytes_atomically(path, (json.dumps(content, indent=1) + "\n").encode())
    return path


def _kept(path: Path, facts: dict[str, object]) -> dict[str, list[Record]]:
    """Answers of an earlier run with the same model and data."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    same = {key: content.get(key) for key in facts} == facts
    return dict(content["answers"]) if same else {}


def _keep(path: Path, facts: dict[str, object], answers: dict[str, list[Record]]) -> None:
    write_bytes_atomically(path, json.dumps({**facts, "answers": answers}).encode())
