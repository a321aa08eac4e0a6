"""Licences of published models: shown, and accepted once by each user."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from medvlp.errors import LicenceError
from medvlp.models.folder import ModelInfo
from medvlp.store.atomic import write_bytes_atomically

RECORD = "accepted-licences.json"


def _record(root: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def licence_notice(title: str, licence: str, url: str, citation: str) -> str:
    """What the user reads before accepting."""
    lines = [f"{title} is published under: {licence}" + (f" ({url})" if url else "")]
    if citation:
        lines.append(f"Cite: {citation}")
    return "\n".join(lines)


def is_accepted(info: ModelInfo, root: Path) -> bool:
    """Whether this user may use these weights.

    Parameters
    ----------
    info
        The model.
    root
        Folder of the user's models: it holds the record.
    """
    known = _record(root).get(info.sha256, {})
    return not info.must_accept or known.get("licence") == info.licence


def accept(info: ModelInfo, root: Path) -> None:
    """Remember that the user accepted the licence of these weights."""
    entry = {
        "name": info.name,
        "licence": info.licence,
        "accepted": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    record = _record(root) | {info.sha256: entry}
    write_bytes_atomically(root / RECORD, json.dumps(record, indent=1).encode())


def require_accepted(info: ModelInfo, root: Path) -> None:
    """Refuse a model whose licence this user has not accepted.

    Raises
    ------
    LicenceError
        With the licence, the citation and the command that accepts it.
    """
    if not is_accepted(info, root):
        notice = licence_notice(info.title, info.licence, info.licence_url, info.citation)
        raise LicenceError(
            f"{notice}\nRead the licence, then accept it.",
            command_line=f"Once: medvlp models show {info.name} --accept-licence",
        )
