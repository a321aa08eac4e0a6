"""A published checkpoint, as it was downloaded, to a model folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.catalogue import CATALOGUE, Published, generic
from medvlp.models.backends.converted import Converted
from medvlp.models.backends.layouts import recognise
from medvlp.models.folder import WEIGHTS, write_manifest

Convert = Callable[[Path, Published], Converted]


def _convert_dual(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.dual_import import convert_dual

    return convert_dual(folder, known)


def _convert_colipri(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.colipri_import import convert_colipri

    return convert_colipri(folder, known)


def _convert_biomedclip(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.biomedclip_import import convert_biomedclip

    return convert_biomedclip(folder, known)


def _convert_biovil(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.biovil_import import convert_biovil

    return convert_biovil(folder, known)


def _convert_raddino(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.raddino_import import convert_raddino

    return convert_raddino(folder, known)


def _convert_ctclip(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.ctclip_import import convert_ctclip

    return convert_ctclip(folder, known)


def _convert_merlin(folder: Path, known: Published) -> Converted:
    from medvlp.models.backends.merlin_import import convert_merlin

    return convert_merlin(folder, known)


LAYOUTS: dict[str, Convert] = {
    "biomedclip": _convert_biomedclip,
    "biovil": _convert_biovil,
    "clip": _convert_dual,
    "siglip": _convert_dual,
    "colipri": _convert_colipri,
    "ctclip": _convert_ctclip,
    "merlin": _convert_merlin,
    "raddino": _convert_raddino,
}
"""Layout to the function that reads it."""


ONE_OF_A_KIND = {"ctclip": "ibrahimhamamci/CT-RATE", "merlin": "stanfordmimi/Merlin"}
"""Layouts whose file names say which model it is."""


def identify(folder: Path, known_as: str | None = None) -> Published:
    """What is known of a published folder.

    Parameters
    ----------
    folder
        As downloaded.
    known_as
        Hub id, where the user says which model it is; else the folder's card is asked.

    Raises
    ------
    ModelMismatchError
        If the layout is unknown, or is not that of ``known_as``.
    """
    layout = recognise(folder)
    if known_as is None:
        known_as = _named_in_card(folder, layout) or ONE_OF_A_KIND.get(layout)
    if known_as is None:
        return generic(layout)
    if known_as not in CATALOGUE:
        raise ModelMismatchError(
            f"No published model {known_as!r} is known; expected one of {', '.join(CATALOGUE)}."
        )
    known = CATALOGUE[known_as]
    if known.layout != layout:
        raise ModelMismatchError(
            f"{folder} is said to be {known_as}, whose layout is {known.layout}; found {layout}."
        )
    return known


def _named_in_card(folder: Path, layout: str) -> str | None:
    card = folder / "README.md"
    if not card.is_file():
        return None
    text = card.read_text(encoding="utf-8", errors="replace")
    named = [k for k, p in CATALOGUE.items() if p.layout == layout and k in text]
    return named[0] if len(named) == 1 else None


def convert(
    source: Path,
    target: Path,
    name: str,
    known: Published,
    overrides: Mapping[str, Any] | None = None,
) -> None:
    """Write the model folder of a published one.

    Parameters
    ----------
    source
        As downloaded.
    target
        An empty folder.
    name
        What the user calls it.
    known
        From :func:`identify`.
    overrides
        Fields of ``preprocessing.json`` that the user wants otherwise.

    Raises
    ------
    ModelMismatchError
        If the checkpoint is incomplete or does not fit its own configuration.
    """
    write_model(LAYOUTS[known.layout](source, known), source, target, name, known, overrides)


def write_model(
    parts: Converted,
    source: Path,
    target: Path,
    name: str,
    known: Published,
    overrides: Mapping[str, Any] | None = None,
) -> None:
    """Check what was read from a published folder, and write the model folder of it.

    Parameters and errors are those of :func:`convert`, behind the parts.
    """
    from safetensors.torch import save_file

    from medvlp.grounding.calibration import Calibration

    _check_parts(parts, source)
    preprocessing = _overridden(parts.preprocessing, overrides or {})
    _write(target / "config.json", json.dumps(parts.config, indent=1))
    save_file(
        {k: v.contiguous().clone() for k, v in parts.tensors.items()},
        target / WEIGHTS,
        metadata={"format": "pt"},
    )
    parts.tokenizer.save(str(target / "tokenizer.json"))
    _write(target / "preprocessing.json", preprocessing.to_json())
    _write(target / "prompts.json", parts.texts.to_json())
    Calibration(negative_weight=1.0 if parts.softmax else 0.0).save(target / "calibration.json")
    _write(target / "MODEL_CARD.md", _card(source, known, name))
    write_manifest(target, **_facts(parts, known, name, stated_licence(source)))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _check_parts(parts: Converted, source: Path) -> None:
    """Names, shapes and values of the tensors, and size of the vocabulary, before anything is written."""
    from medvlp.models.backends.networks import empty_network
    from medvlp.models.backends.weights import check_values, compare

    expected = empty_network(parts.config, str(source)).holder.state_dict()
    compare(expected, parts.tensors, str(source))
    check_values(expected, parts.tensors, str(source))
    words = parts.tokenizer.get_vocab_size()
    if words > parts.vocabulary:
        raise ModelMismatchError(
            f"{source}: the tokenizer knows {words} tokens and the text tower only "
            f"{parts.vocabulary}. It is another model's tokenizer."
        )


def _overridden(settings: Any, overrides: Mapping[str, Any]) -> Any:
    if not overrides:
        return settings
    values = settings.model_dump(by_alias=True)
    sources = values["sources"] | dict.fromkeys(overrides, "chosen by the user on import")
    try:
        return type(settings).model_validate(values | dict(overrides) | {"sources": sources})
    except ValidationError as error:
        fields = ", ".join(sorted(set(values) - {"schema", "sources", "dense"}))
        raise ModelMismatchError(
            f"The transform cannot be changed so: {error}\nIt has the fields {fields}."
        ) from error


def _card(source: Path, known: Published, name: str) -> str:
    for file in ("README.md", "MODEL_CARD.md"):
        if (source / file).is_file():
            return (source / file).read_text(encoding="utf-8", errors="replace")
    return f"# {known.title or name}\n\n{known.citation}\n\nLicence: {known.licence}\n"


def stated_licence(source: Path) -> str:
    """``license`` of the card's header; empty where it has none."""
    card = source / "README.md"
    if not card.is_file():
        return ""
    header = card.read_text(encoding="utf-8", errors="replace").split("---")
    lines = header[1].splitlines() if len(header) > 2 and not header[0].strip() else []
    stated = [
        s.partition(":")[2].strip() for s in lines if s.startswith(("license_name:", "license:"))
    ]
    return next((s for s in reversed(stated) if s and s != "other"), "")


def _facts(parts: Converted, known: Published, name: str, stated: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": known.title or name,
        "licence": known.licence or stated or "not stated",
        "licence_url": known.licence_url,
        "citation": known.citation,
        "repository": known.repository,
        "must_accept": bool(known.licence or stated),
        "modalities": list(known.modalities),
        "parameters": sum(t.numel() for t in parts.tensors.values()),
    }
