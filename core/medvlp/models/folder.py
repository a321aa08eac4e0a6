"""A model on disk: which files, whether they are whole and belong together."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from medvlp.errors import ModelMismatchError

WEIGHTS = "model.safetensors"
MANIFEST = "manifest.json"
REQUIRED = (
    "config.json",
    WEIGHTS,
    "tokenizer.json",
    "preprocessing.json",
    "prompts.json",
    "calibration.json",
    "MODEL_CARD.md",
)
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
ENCODES = ("config.json", WEIGHTS, "preprocessing.json", "prompts.json", "tokenizer.json")
"""Files that an encoding depends on; its organ maps come from texts."""


@dataclass(frozen=True)
class ModelInfo:
    """What a list of models shows.

    Parameters
    ----------
    name, title, licence
        For people.
    path
        The folder.
    parameters
        Number of weights.
    sha256
        Of the weights file, from the manifest.
    modalities
        Subset of ``("CT", "XR")``.
    builtin
        Shipped with medvlp.
    fingerprint
        Hash over weights, configuration and transform: what an encoding depends on.
    repository
        Hub id of a published model; empty for our own and the user's.
    citation, licence_url
        Of a published model.
    must_accept
        The licence is somebody else's: it is shown and accepted before first use.
    """

    name: str
    path: Path
    title: str
    parameters: int
    sha256: str
    modalities: tuple[str, ...]
    licence: str
    builtin: bool
    fingerprint: str = ""
    repository: str = ""
    citation: str = ""
    licence_url: str = ""
    must_accept: bool = False


def file_sha256(path: Path) -> str:
    """Hash of a file, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, object]:
    """``manifest.json`` of a model folder.

    Raises
    ------
    ModelMismatchError
        If it is missing or not JSON.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMismatchError(
            f"{folder} is not a medvlp model: {MANIFEST} is missing or unreadable ({error})."
        ) from error
    if not isinstance(manifest, dict) or "files" not in manifest:
        raise ModelMismatchError(f"{folder / MANIFEST}: expected an object with 'files'.")
    return manifest


def model_info(folder: Path, builtin: bool = False) -> ModelInfo:
    """Read a model's manifest without loading its weights."""
    manifest = read_manifest(folder)
    files = manifest["files"] if isinstance(manifest["files"], dict) else {}
    return ModelInfo(
        name=str(manifest.get("name", folder.name)),
        path=folder,
        title=str(manifest.get("title", folder.name)),
        parameters=int(str(manifest.get("parameters", 0))),
        sha256=str(files.get(WEIGHTS, "")),
        modalities=tuple(manifest.get("modalities", ())),  # type: ignore[arg-type]
        licence=str(manifest.get("licence", "unknown")),
        builtin=builtin,
        fingerprint=_fingerprint(files),
        repository=str(manifest.get("repository", "")),
        citation=str(manifest.get("citation", "")),
        licence_url=str(manifest.get("licence_url", "")),
        must_accept=bool(manifest.get("must_accept", False)),
    )


def _fingerprint(files: dict[str, str]) -> str:
    """Weights behind another window or spacing are another model."""
    named = "\n".join(f"{name} {files.get(name, '')}" for name in ENCODES)
    return hashlib.sha256(named.encode()).hexdigest()


def problems(folder: Path) -> list[str]:
    """Everything wrong with a model folder, as sentences; empty if it is whole."""
    folder = Path(folder)
    try:
        files = read_manifest(folder)["files"]
    except ModelMismatchError as error:
        return [str(error)]
    found = []
    for name in sorted({*REQUIRED, *files}):  # type: ignore[misc]
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing from {folder.name}.")
            continue
        expected = files.get(name)  # type: ignore[attr-defined]
        actual = file_sha256(path)
        if expected is None:
            found.append(f"{name} has no hash in {MANIFEST}.")
        elif actual != expected:
            found.append(
                f"{name} was altered: expected SHA-256 {expected[:16]}..., found {actual[:16]}..."
            )
    found += [
        f"{path.name} is a pickle and is never loaded; convert it to safetensors."
        for path in sorted(folder.iterdir())
        if path.suffix in PICKLES
    ]
    return found


def check(folder: Path) -> None:
    """Refuse a folder that is incomplete or altered.

    Raises
    ------
    ModelMismatchError
        Listing every problem.
    """
    if found := problems(folder):
        raise ModelMismatchError(
            f"The model in {folder} cannot be used:\n  "
            + "\n  ".join(found)
            + "\nGet the folder again, or import it anew.",
            command_line="'medvlp models import' does.",
        )


def write_manifest(folder: Path, **facts: object) -> None:
    """Hash every file of a finished model folder into ``manifest.json``."""
    from medvlp.store.atomic import write_bytes_atomically

    names = sorted(p.name for p in folder.iterdir() if p.is_file() and p.name != MANIFEST)
    manifest = facts | {"files": {name: file_sha256(folder / name) for name in names}}
    write_bytes_atomically(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
