"""Files of a Hugging Face hub: fetched one by one, resumed, checked against the hub's hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from medvlp.errors import Cancelled, ModelMismatchError, ModelNotFoundError
from medvlp.models.folder import file_sha256
from medvlp.progress import Progress

SILENCE = 60.0
"""Seconds without a byte after which the hub counts as gone."""
PARTIAL = ".partial"
PARTIAL_CONTENT = 206
ROOM = 2.2
"""Free disk needed, in sizes of the download: it is converted beside itself."""
_COMMAND_LINE = "medvlp models import FOLDER"


@dataclass(frozen=True)
class RemoteFile:
    """A file as the hub describes it.

    Parameters
    ----------
    name
        Without folders.
    size
        Bytes.
    sha256
        Of large files; empty for small ones.
    git_sha1
        Of small files, as git hashes them; empty if unknown.
    """

    name: str
    size: int
    sha256: str
    git_sha1: str


@dataclass(frozen=True)
class Remote:
    """A repository at one commit."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]
    licence: str

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(f.size for f in self.files)


def look_up(repository: str, revision: str | None, patterns: Sequence[str]) -> Remote:
    """What of a repository is to be fetched.

    Pickled weights are left out where the same weights are there as safetensors.

    Raises
    ------
    ModelNotFoundError
        If the hub cannot be reached, has no such repository or does not let this user in.
    """
    if repository.count("/") != 1:
        raise _no_repository(repository)
    api = _library()
    try:
        found = api.HfApi(endpoint=_endpoint()).model_info(
            repository, revision=revision, files_metadata=True
        )
    except Exception as error:
        raise _not_found(repository, error) from error
    files = tuple(
        RemoteFile(
            name=s.rfilename,
            size=int(s.size or 0),
            sha256=str(s.lfs.sha256) if s.lfs else "",
            git_sha1="" if s.lfs else str(s.blob_id or ""),
        )
        for s in found.siblings or []
        if any(fnmatch(s.rfilename, p) for p in patterns) and "/" not in s.rfilename
    )
    if any(f.name.startswith("model") and f.name.endswith(".safetensors") for f in files):
        files = tuple(f for f in files if not fnmatch(f.name, "pytorch_model*"))
    card: Any = found.card_data or {}
    licence = str(card.get("license_name") or card.get("license") or "")
    return Remote(repository, str(found.sha), files, licence)


def fetch(remotes: Sequence[Remote], target: Path, progress: Progress) -> None:
    """Fetch every file into ``target``; what is there already, whole or in part, is kept.

    Raises
    ------
    ModelNotFoundError
        If the hub stops answering; the next call goes on where this one stopped.
    ModelMismatchError
        If the disk is too small, or a file is not what the hub says it is (it is removed).
    """
    total = sum(r.size for r in remotes)
    target.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(target).free
    if free < total * ROOM:
        raise ModelMismatchError(
            f"Not enough room in {target.parent}: {total * ROOM / 1e9:.1f} GB are needed to "
            f"download and convert, {free / 1e9:.1f} GB are free. Set MEDVLP_MODELS to a larger disk."
        )
    done = 0
    for remote in remotes:
        for file in remote.files:
            said, before = f"{remote.repository}: {file.name}", done

            def report(n: int, said: str = said, before: int = before) -> None:
                progress(min((before + n) / max(total, 1), 1.0), said)

            report(0)
            _fetch_file(remote, file, target, report)
            done += file.size


def _fetch_file(
    remote: Remote, file: RemoteFile, target: Path, report: Callable[[int], None]
) -> None:
    path = target / file.name
    if path.is_file() and _fits(path, file):
        return
    partial = target / f"{file.name}.{(file.sha256 or file.git_sha1)[:12]}{PARTIAL}"
    try:
        _stream(remote, file, partial, report)
    except Cancelled:
        raise
    except Exception as error:
        raise _not_found(remote.repository, error) from error
    if not _fits(partial, file):
        found = partial.stat().st_size
        partial.unlink()
        raise ModelMismatchError(
            f"{file.name} of {remote.repository} arrived damaged: {found} bytes whose hash is not the "
            f"hub's ({file.size} bytes were expected). It was removed; pull again."
        )
    partial.replace(path)


def _stream(remote: Remote, file: RemoteFile, partial: Path, report: Callable[[int], None]) -> None:
    """Append what is missing. The hub's own client starts anew after an interruption."""
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

    with open(partial, "ab") as out:
        start = out.tell()
        if start >= file.size:
            return
        # Sizes, hashes and the place to go on from are those of the file as it is, not compressed.
        headers = build_hf_headers() | {"Accept-Encoding": "identity"}
        headers |= {"Range": f"bytes={start}-"} if start else {}
        url = _library().hf_hub_url(
            remote.repository, file.name, revision=remote.commit, endpoint=_endpoint()
        )
        asked: dict[str, Any] = {"headers": headers, "follow_redirects": True, "timeout": SILENCE}
        with get_session().stream("GET", url, **asked) as answer:
            hf_raise_for_status(answer)
            if start and answer.status_code != PARTIAL_CONTENT:  # it sends the whole file
                out.truncate(0)
                start = 0
            for chunk in answer.iter_bytes():
                out.write(chunk)
                start += len(chunk)
                report(start)


def _fits(path: Path, file: RemoteFile) -> bool:
    if path.stat().st_size != file.size:
        return False
    if file.sha256:
        return file_sha256(path) == file.sha256
    if file.git_sha1:
        data = path.read_bytes()
        blob = b"blob %d\0" % len(data) + data
        return hashlib.sha1(blob, usedforsecurity=False).hexdigest() == file.git_sha1
    return True


def _library() -> Any:
    try:
        import huggingface_hub
    except ImportError as error:
        raise ModelNotFoundError(
            "Pulling from a hub needs the package huggingface_hub: pip install huggingface_hub. "
            "Without it, copy the model's folder here and import it.",
            command_line=_COMMAND_LINE,
        ) from error
    return huggingface_hub


def _endpoint() -> str | None:
    """Another hub than huggingface.co, such as a mirror."""
    return os.environ.get("HF_ENDPOINT") or None


def _not_found(repository: str, error: Exception) -> Exception:
    from huggingface_hub import errors

    offline = "copy the model's folder here and import it"
    if isinstance(error, errors.GatedRepoError):
        return ModelNotFoundError(
            f"{repository} is open only to people who accepted its terms on the hub. Accept them at "
            f"{_endpoint() or 'https://huggingface.co'}/{repository}, log in with 'hf auth login', "
            f"then pull again; or {offline}.",
            command_line=_COMMAND_LINE,
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return ModelNotFoundError(f"{repository} has no such revision on the hub.")
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return _no_repository(repository)
    if isinstance(error, OSError | errors.HfHubHTTPError | _network_error()):
        answer = getattr(error, "response", None)
        if answer is not None:
            return ModelNotFoundError(
                f"{repository} could not be downloaded: the hub answered with status {answer.status_code}. "
                f"Pull again later, which goes on where it stopped; or {offline}.",
                command_line=_COMMAND_LINE,
            )
        return ModelNotFoundError(
            f"{repository} could not be downloaded: the hub did not answer "
            f"({type(error).__name__}). Check the network and pull again, which goes on where it "
            f"stopped; or {offline}.",
            command_line=_COMMAND_LINE,
        )
    return error


def _no_repository(repository: str) -> ModelNotFoundError:
    return ModelNotFoundError(
        f"The hub has no public repository {repository!r}; expected OWNER/NAME."
    )


def _network_error() -> type[Exception]:
    """What the hub's client raises for a broken connection (the client changed over time)."""
    for name in ("httpx2", "httpx"):
        try:
            module: Any = __import__(name)
        except ImportError:
            continue
        found: type[Exception] = module.HTTPError
        return found
    return OSError
