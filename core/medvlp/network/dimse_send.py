"""C-STORE of files: a kind that the node does not take is refused file by file, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import UnreadableScanError
from medvlp.io.dicom.privacy import repeats_identifiers, text_of
from medvlp.network.dimse_contexts import MOST_KINDS, PLAIN, contexts_to_send
from medvlp.network.dimse_words import status_in_words
from medvlp.network.outbox import Kind, kind_of, ready
from medvlp.network.server import Sent
from medvlp.progress import Progress

if TYPE_CHECKING:
    from medvlp.network.dimse import DimseServer

_WARNINGS = range(0xB000, 0xC000)


def store(server: DimseServer, paths: Sequence[Path], progress: Progress) -> list[Sent]:
    """Send files; the results are in the order of the files.

    Raises
    ------
    ServerError
        If no association comes about.
    Cancelled
        From ``progress``; files that were stored stay stored.
    """
    results: dict[Path, Sent] = {}
    kinds: dict[Path, Kind] = {}
    for number, path in enumerate(paths):
        progress(0.0, f"Reading header {number + 1} of {len(paths)}")
        try:
            kinds[path] = kind_of(path)
        except UnreadableScanError as error:
            results[path] = Sent(path, False, str(error))
    for batch in _batches(kinds):
        with server.associated(contexts_to_send({kinds[p]: None for p in batch})) as association:
            for path in batch:
                progress(len(results) / len(paths), f"File {len(results) + 1} of {len(paths)}")
                results[path] = _send_one(server, association, path, kinds[path])
    return [results[path] for path in paths]


def _batches(kinds: dict[Path, Kind]) -> list[list[Path]]:
    """Files that fit into one association each: it has room for 127 kinds."""
    order = list(dict.fromkeys(kinds.values()))
    batch_of = {kind: number // MOST_KINDS for number, kind in enumerate(order)}
    batches: dict[int, list[Path]] = {}
    for path, kind in kinds.items():
        batches.setdefault(batch_of[kind], []).append(path)
    return list(batches.values())


def _send_one(server: DimseServer, association: Any, path: Path, kind: Kind) -> Sent:
    from pynetdicom.status import STORAGE_SERVICE_CLASS_STATUS as TABLE

    if not association.is_established:
        return Sent(path, False, "not sent: the server closed the connection")
    try:
        dataset = ready(path)
        status = association.send_c_store(dataset)
    except UnreadableScanError as error:
        return Sent(path, False, str(error))
    except ValueError:
        return Sent(path, False, _not_accepted(kind))
    except (AttributeError, RuntimeError):
        return Sent(path, False, "it could not be encoded, or the connection was closed")
    code = status.get("Status")
    if code is None:
        return Sent(path, False, str(server.gone("C-STORE")))
    if code == 0:
        return Sent(path, True)
    words = status_in_words(code, TABLE)
    comment = " ".join(text_of(status, "ErrorComment").split())
    if comment.isprintable() and comment and not repeats_identifiers(comment, dataset):
        words += f": {comment}"
    return Sent(path, code in _WARNINGS, words)


def _not_accepted(kind: Kind) -> str:
    """What a node said no to. Its answer does not tell: some blame the kind for the encoding."""
    from pydicom.uid import UID

    sop_class = f"the server does not accept {UID(kind.sop_class).name}"
    return sop_class if kind.syntax in PLAIN else f"{sop_class} encoded as {UID(kind.syntax).name}"
