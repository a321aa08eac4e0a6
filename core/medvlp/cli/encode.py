"""``medvlp encode``: encode scans once, to be asked and searched for ever."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from medvlp.cli.arguments import (
    Device,
    DeviceOption,
    ModalityOption,
    ModelOption,
    StrictOption,
    checked_folder,
)
from medvlp.cli.output import JsonOption, notice, progress_bar, show, stdout_kept_clean
from medvlp.errors import Cancelled, MedVLPError

if TYPE_CHECKING:
    from rich.table import Table

    from medvlp.cli.running import Job
    from medvlp.progress import Progress
    from medvlp.session import Session


def encode(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Scans, as for `ground`.", show_default=False),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of encodings; made if missing.")],
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
    modality: ModalityOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = None,
) -> None:
    """Encode scans into a folder that `medvlp index search` reads.

    A scan that cannot be read is reported and the others go on; the exit status is then 3.
    """
    from medvlp.cli.running import Job, start_session

    folder = checked_folder(out)
    done: list[dict[str, Any]] = []
    failed: list[dict[str, str]] = []
    with stdout_kept_clean(), progress_bar() as progress:
        session = start_session(model, device)
        loaded = session.model
        for path in paths:
            job = Job(path, model, device, None, modality, strict, no_cache=False)
            try:
                done.append(_encode_one(job, session, folder, progress))
            except Cancelled:
                raise
            except MedVLPError as error:
                notice(f"{path}: {error.at_the_prompt}")
                failed.append({"path": str(path), "reason": error.at_the_prompt})
        report = {
            "schema": "medvlp/encode/1",
            "store": str(folder),
            "model": {"name": loaded.name, "sha256": loaded.sha256},
            "device": loaded.device,
            "encodings": done,
            "failed": failed,
        }
    show(report, as_json, lambda: _table(report))
    if failed:
        raise typer.Exit(MedVLPError.exit_status)


def _encode_one(job: Job, session: Session, folder: Path, progress: Progress) -> dict[str, Any]:
    """Encode one scan and keep it: unlike in the cache, nothing is ever pruned from a store."""
    from medvlp.store.encodings import EncodingStore

    start = perf_counter()
    scan = job.open_in(session, progress)
    encoding = session.encode(progress)
    target = EncodingStore(folder).path_for(encoding.scan_id, encoding.model_id)
    encoding.save(target)
    return {
        "path": str(job.path),
        "scan_id": encoding.scan_id,
        "modality": scan.modality,
        "file": str(target),
        "grid": list(encoding.grid.shape),
        "seconds": round(perf_counter() - start, 4),
    }


def _table(report: dict[str, Any]) -> Table:
    from medvlp.export.table import plain_table

    rows = [
        (e["path"], e["modality"], f"{e['seconds']:.1f}", e["file"]) for e in report["encodings"]
    ]
    rows += [(f["path"], "", "", f["reason"]) for f in report["failed"]]
    return plain_table(("scan", "modality", "seconds", "encoding"), rows)
