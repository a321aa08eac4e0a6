"""What ``medvlp evaluate TASK --data DIR [--model M]...`` runs.

Tasks on a folder of real scans, by a model folder: ``grounding`` (where, on CT and X-ray), ``findings``
(whether, on X-ray), ``abstention``. Tasks on a folder of sample shards, by a pre-training run or a model
folder: see :data:`SAMPLE_TASKS`. ``calibration`` asks a model folder about sample shards.
Several models on the same scans or shards give one table, paired by patient. Each task prints a Markdown
table, what the literature reports of such a task, and, as the last line, the path of a JSON file with every
figure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from medvlp.errors import MedVLPError
from medvlp.models.load import find_model, load_model
from medvlp.models.protocol import GroundingModel
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.evaluation.literature import beside
from medvlp_training.evaluation.literature import figures as literature
from medvlp_training.samples.shard_index import SET_FILE

if TYPE_CHECKING:
    from medvlp_training.samples.shard_set import ShardSet

Result = dict[str, object]
KINDS = ("CT", "XR")


def _grounding(model: GroundingModel, data: Path) -> tuple[str, Result]:
    from medvlp_training.evaluation.grounding import evaluate_grounding

    return evaluate_grounding(model, data)


def _findings(model: GroundingModel, data: Path) -> tuple[str, Result]:
    from medvlp_training.evaluation.findings import evaluate_findings

    return evaluate_findings(model, data)


def _abstention(model: GroundingModel, data: Path) -> tuple[str, Result]:
    from medvlp_training.evaluation.foreign import evaluate_abstention

    return evaluate_abstention(model, data)


def _paired(task: str, names: Sequence[str], data: Path) -> tuple[str, str, tuple[str, Result]]:
    """Names and identities of several models, loaded one after the other, and their table."""
    from medvlp_training.evaluation.findings import FEWEST
    from medvlp_training.evaluation.several import Question, compare

    module, function = QUESTIONS[task]
    ask: Callable[[GroundingModel, Path], list[Question]] = getattr(import_module(module), function)
    answers: dict[str, list[Question]] = {}
    identities = []
    for name in names:
        model = _model_folder(task, name)
        shown = model.name if model.name not in answers else model.model_id
        if shown in answers:
            raise MedVLPError(f"--model {name}: {shown} was named before. Name different models.")
        answers[shown] = ask(model, data)
        identities.append(model.model_id)
    return "-".join(answers), ", ".join(identities), compare(answers, FEWEST)


def _side_by_side(
    task: str, names: Sequence[str], data: Path, patients: int | None, epochs: int | None,
    images: str | None,
) -> tuple[str, str, tuple[str, Result]]:  # fmt: skip
    """The same of several that did a task on shards, one after the other."""
    from medvlp_training.evaluation.side_by_side import side_by_side

    results: dict[str, tuple[str, Result]] = {}
    identities = []
    for model in names:
        name, identity, found = _one(task, data, model, patients, epochs, images)
        shown = name if name not in results else identity
        if shown in results or identity in identities:
            raise MedVLPError(f"--model {model}: {shown} was named before. Name different models.")
        results[shown] = found
        identities.append(identity)
    return "-".join(results), ", ".join(identities), side_by_side(results)


SCAN_TASKS: dict[str, Callable[[GroundingModel, Path], tuple[str, Result]]] = {
    "grounding": _grounding,
    "findings": _findings,
    "abstention": _abstention,
}
QUESTIONS = {
    "grounding": ("medvlp_training.evaluation.grounding", "grounding_questions"),
    "findings": ("medvlp_training.evaluation.findings", "findings_questions"),
    "abstention": ("medvlp_training.evaluation.foreign", "abstention_questions"),
}
"""Tasks on real scans: where their questions come from, one by one, for comparing several models."""
SAMPLE_TASKS = {
    "zero-shot": "zero_shot",
    "prompts": "prompts",
    "pointing": "pointing",
    "retrieval": "retrieval",
    "slices": "slices",
    "organs": "organs",
    "probe": "probe",
    "transfer": "transfer",
}
"""To modules of :mod:`medvlp_training.evaluation.tasks`."""
TASKS = (*SCAN_TASKS, *SAMPLE_TASKS, "calibration")
SCAN_FOLDERS = {
    "grounding": ("cxr_jsrt_organs", "cxr_nih", "ct_totalseg", "ct_thorax", "ct_lungdx"),
    "findings": ("cxr_jsrt_organs", "cxr_nih"),
    "abstention": ("cxr_jsrt_organs", "cxr_nih", "ct_totalseg", "ct2d_medpix"),
}
"""Folders of the real scans that a task reads."""


def evaluate(
    task: str,
    data: Path,
    model: str | Sequence[str] | None = None,
    out: Path | None = None,
    patients: int | None = None,
    epochs: int | None = None,
    images: str | None = None,
) -> None:
    """Run a task and print its table.

    Parameters
    ----------
    task
        One of :data:`TASKS`.
    data
        Folder of real scans, or of sample shards.
    model
        Name or folder of a model, or the folder of a pre-training run; several models are compared
        with the first of them.
    out
        JSON file for the figures; ``runs/evaluation/MODEL-TASK.json`` if omitted.
    patients
        Use no more patients of each split and kind of image; for tasks on shards.
    epochs
        The most epochs of each fit; for ``transfer``.
    images
        Only ``"CT"`` or ``"XR"``; for tasks on shards.

    Raises
    ------
    MedVLPError
        If the task is unknown, or takes another kind of data, model or limit.
    """
    if task not in TASKS:
        raise MedVLPError(f"Unknown task {task!r}: expected one of {', '.join(TASKS)}.")
    data = Path(data)
    names = _names(task, model)
    _check_data(task, data)
    _check_limits(task, patients, epochs, images)
    if len(names) > 1 and task in QUESTIONS:
        name, identity, (table, figures) = _paired(task, names, data)
    elif len(names) > 1:
        found = _side_by_side(task, names, data, patients, epochs, images)
        name, identity, (table, figures) = found
    else:
        only = names[0] if names else None
        name, identity, (table, figures) = _one(task, data, only, patients, epochs, images)
    path = out or Path("runs") / "evaluation" / f"{name}-{task}.json"
    used = {"patients": patients, "epochs": epochs, "images": images}
    facts = {"task": task, "model": identity, "limits": used, "table": table, **figures}
    facts["literature"] = literature(task)
    write_bytes_atomically(path, (json.dumps(facts, indent=1) + "\n").encode())
    typer.echo("\n\n".join(part for part in (table, beside(task)) if part))
    typer.echo(f"\nAll figures: {path}")


def _one(
    task: str, data: Path, model: str | None, patients: int | None, epochs: int | None,
    images: str | None,
) -> tuple[str, str, tuple[str, Result]]:  # fmt: skip
    """Name and identity of a single model, and what its task found."""
    if task in SAMPLE_TASKS:
        limits = {} if epochs is None else {"epochs": epochs}
        return _on_samples(task, data, _shards(data, images), model, patients, limits)
    loaded = _model_folder(task, model)
    if task == "calibration":
        found = _calibration(loaded, _shards(data, images), patients)
    else:
        found = SCAN_TASKS[task](loaded, data)
    return loaded.name, loaded.model_id, found


def _names(task: str, model: str | Sequence[str] | None) -> list[str]:
    """Every model that was named, found and of use: a typing error is not met after an hour."""
    from medvlp_training.evaluation.tasks.any_model import refuse
    from medvlp_training.evaluation.tasks.subject import is_run

    names = [model] if isinstance(model, str) else list(model or ())
    for name in names:
        folder = find_model(name)
        if not is_run(folder):
            refuse(task, folder)
    return names


def _check_data(task: str, data: Path) -> None:
    sharded = (data / SET_FILE).is_file()
    if task in SCAN_TASKS and sharded:
        raise MedVLPError(
            f"Task {task!r} takes a folder of real scans, but {data} holds sample shards. "
            f"Tasks on shards: {', '.join((*SAMPLE_TASKS, 'calibration'))}."
        )
    if task not in SCAN_TASKS and not sharded:
        raise MedVLPError(
            f"Task {task!r} takes a folder of sample shards, but {data} has no {SET_FILE}. Convert "
            f"the collection first (docs/reference/sample-format.md). Tasks on real scans: "
            f"{', '.join(SCAN_TASKS)}."
        )
    missing = [name for name in SCAN_FOLDERS.get(task, ()) if not (data / name).is_dir()]
    if missing:
        raise MedVLPError(
            f"Task {task!r} reads the folders {', '.join(SCAN_FOLDERS[task])} of the real scans; "
            f"{data} has no {', '.join(missing)}. Name the folder that holds them."
        )


def _check_limits(task: str, patients: int | None, epochs: int | None, images: str | None) -> None:
    if epochs is not None and task != "transfer":
        raise MedVLPError(f"--epochs is for 'transfer', which fits heads; {task!r} does not.")
    if (patients is not None or images is not None) and task in SCAN_TASKS:
        raise MedVLPError(
            f"--patients and --images are for tasks on shards; {task!r} asks about all real scans."
        )
    if images not in (None, *KINDS):
        raise MedVLPError(f"--images: found {images!r}; expected {' or '.join(KINDS)}.")
    for name, value in (("--patients", patients), ("--epochs", epochs)):
        if value is not None and value < 1:
            raise MedVLPError(f"{name}: found {value}; expected 1 or more.")


def _shards(data: Path, images: str | None) -> ShardSet:
    """The samples of a folder, or those of one kind of image."""
    from medvlp_training.samples.shard_set import ShardSet, open_shards

    shards = open_shards(data)
    if images is None:
        return shards
    return ShardSet(tuple(e for e in shards.entries if e.modality == images), shards.skips)


def _calibration(
    model: GroundingModel, shards: ShardSet, patients: int | None
) -> tuple[str, Result]:
    from medvlp_training.evaluation.tasks.calibration import evaluate as evaluate_calibration

    return evaluate_calibration(model, shards, patients)


def _model_folder(task: str, model: str | None) -> GroundingModel:
    from medvlp_training.evaluation.tasks.subject import is_run

    if model is not None and is_run(Path(model)):
        raise MedVLPError(
            f"Task {task!r} takes a model name or a model folder, because it asks for calibrated "
            f"answers; {model} is a pre-training run. Tasks that take a run: {', '.join(SAMPLE_TASKS)}."
        )
    return load_model(model)


def _on_samples(
    task: str, data: Path, shards: ShardSet, model: str | None, patients: int | None,
    limits: dict[str, int],
) -> tuple[str, str, tuple[str, Result]]:  # fmt: skip
    """Name and identity of what was asked, and what its task found."""
    from medvlp.models.native import NativeModel
    from medvlp_training.evaluation.tasks.any_model import AnyModel, any_model
    from medvlp_training.evaluation.tasks.shipped import shipped_subject
    from medvlp_training.evaluation.tasks.subject import Subject, is_run, run_subject

    subject: Subject | AnyModel
    if model is not None and is_run(Path(model)):
        subject = run_subject(Path(model), shards, patients)
    else:
        loaded = load_model(model, device="cpu")
        if isinstance(loaded, NativeModel):
            subject = shipped_subject(loaded, data, shards, patients)
        else:
            subject = any_model(loaded, shards, patients)
    module = import_module(f"medvlp_training.evaluation.tasks.{SAMPLE_TASKS[task]}")
    table, figures = module.evaluate(subject, **limits)
    return subject.name, subject.identity, (table, {"preparation": subject.preparation, **figures})
