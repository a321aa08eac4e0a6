"""What ``medvlp models`` says about a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medvlp.models.folder import ModelInfo

if TYPE_CHECKING:
    from rich.console import Group

GIGABYTE = 1e9


def facts(info: ModelInfo) -> dict[str, Any]:
    """Of an installed model, from its manifest."""
    return {
        "name": info.name,
        "title": info.title,
        "modalities": list(info.modalities),
        "parameters": info.parameters,
        "sha256": info.sha256,
        "licence": info.licence,
        "builtin": info.builtin,
        "path": str(info.path),
        "repository": info.repository,
    }


def details(info: ModelInfo) -> dict[str, Any]:
    """The same with licence, citation, memory, preprocessing and card."""
    from medvlp.models.licences import is_accepted
    from medvlp.models.load import user_folder

    card = info.path / "MODEL_CARD.md"
    return facts(info) | {
        "licence_url": info.licence_url,
        "citation": info.citation,
        "licence_accepted": is_accepted(info, user_folder()),
        "memory_bytes": _memory(info),
        "preprocessing": _preprocessing(info),
        "card": card.read_text(encoding="utf-8", errors="replace") if card.is_file() else "",
    }


def _memory(info: ModelInfo) -> int | None:
    """Weights and one pass, for imported published models; None for ours (it takes little)."""
    from medvlp.errors import ModelMismatchError
    from medvlp.models.backends.loading import memory_need

    try:
        return memory_need(info.path).total(1)
    except ModelMismatchError:
        return None


def _preprocessing(info: ModelInfo) -> dict[str, Any]:
    from medvlp.errors import ModelMismatchError
    from medvlp.models.backends.layouts import read_json

    try:
        return read_json(info.path / "preprocessing.json")
    except ModelMismatchError:
        return {}


def published_facts(installed: set[str]) -> list[dict[str, Any]]:
    """Of the published models that medvlp knows."""
    from medvlp.models.backends.catalogue import CATALOGUE

    return [
        {
            "repository": known.repository,
            "title": known.title,
            "modalities": list(known.modalities),
            "licence": known.licence,
            "licence_url": known.licence_url,
            "citation": known.citation,
            "download_gb": known.download_gb,
            "installed": known.repository in installed,
        }
        for known in CATALOGUE.values()
        if known.patterns
    ]


def model_table(report: dict[str, Any]) -> Group:
    """Installed models, then those that can be pulled."""
    from rich.console import Group

    from medvlp.export.table import plain_table

    rows = [
        (
            m["name"],
            m["title"],
            ", ".join(m["modalities"]),
            f"{m['parameters'] / 1e6:.1f} M",
            m["licence"],
            "shipped" if m["builtin"] else "imported",
        )
        for m in report["models"]
    ]
    columns = ("name", "title", "modalities", "parameters", "licence", "origin")
    tables: list[Any] = [plain_table(columns, rows)]
    offered = [
        (p["repository"], ", ".join(p["modalities"]), f"{p['download_gb']:.1f} GB", p["licence"])
        for p in report.get("published", ())
        if not p["installed"]
    ]
    if offered:
        titles = ("medvlp models pull", "modalities", "download", "licence")
        tables.append(plain_table(titles, offered))
    return Group(*tables)


def card_view(report: dict[str, Any]) -> Group:
    """Facts and card."""
    from rich.console import Group
    from rich.markdown import Markdown

    from medvlp.export.table import plain_table

    keys = ["name", "parameters", "sha256", "licence", "licence_url", "citation", "path"]
    rows = [(key, report[key]) for key in keys if report[key]]
    if report["memory_bytes"]:
        rows.append(("memory", f"{report['memory_bytes'] / GIGABYTE:.2f} GB to encode"))
    return Group(plain_table(("model", ""), rows), Markdown(report["card"]))
