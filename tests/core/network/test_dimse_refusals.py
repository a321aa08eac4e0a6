"""What is said when a DICOM node is not there, refuses, or does not do what is needed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from medvlp.errors import ServerError
from medvlp.network.inbox import Inbox
from medvlp.network.server import StudyFilter, open_server

FIND = "1.2.840.10008.5.1.4.1.2.2.1"
DX = "1.2.840.10008.5.1.4.1.1.1.1"


@pytest.fixture
def node_with(archives: ModuleType) -> Iterator[Callable[..., Any]]:
    """``node_with(operations=..., stored=..., ...)``: a node of another kind."""
    made = []

    def make(**options: Any) -> Any:
        made.append(archives.DicomNode(**options))
        made[-1].add(archives.ct_images(archives.volume()))
        return made[-1]

    yield make
    for node in made:
        node.close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_nobody_listens(archives: ModuleType) -> None:
    with pytest.raises(ServerError, match=r"port \d+ cannot be reached \(Connection refused\)"):
        open_server(f"A@127.0.0.1:{free_port()}", timeout=2).echo()


def test_no_such_host(archives: ModuleType) -> None:
    with pytest.raises(ServerError, match=r"no host 'nowhere\.invalid'"):
        open_server("A@nowhere.invalid:104", timeout=2).echo()


def test_somebody_listens_who_speaks_no_dicom(archives: ModuleType, silent_port: int) -> None:
    with pytest.raises(ServerError, match=r"gave no DICOM answer within 0\.5 s.*calling as 'ME'"):
        open_server(f"A@127.0.0.1:{silent_port}", aet="ME", timeout=0.5).echo()


def test_a_wrong_title_of_the_server_is_named(node: Any) -> None:
    with pytest.raises(ServerError) as caught:
        open_server(f"WRONG@127.0.0.1:{node.port}", aet="ME", timeout=5).echo()
    assert "called as 'WRONG', calling as 'ME'" in str(caught.value)
    assert "does not go by the title it was called by" in str(caught.value)


def test_a_server_that_does_not_know_this_computer(node_with: Callable[..., Any]) -> None:
    node = node_with(only_caller="FRIEND")
    with pytest.raises(ServerError, match="does not know this computer's title") as refused:
        open_server(node.address, timeout=5).find(StudyFilter())
    assert "--aet" not in str(refused.value)
    assert "--aet" in refused.value.at_the_prompt
    open_server(node.address, aet="FRIEND", timeout=5).echo()
    assert "FRIEND" in node.callers


def test_the_title_is_medvlp_unless_another_is_given(node: Any) -> None:
    open_server(node.address, timeout=5).echo()
    assert node.callers == ["MEDVLP"]


def test_a_node_without_queries(node_with: Callable[..., Any]) -> None:
    node = node_with(operations=("1.2.840.10008.1.1",))
    with pytest.raises(ServerError, match="answers, but does not offer this operation"):
        open_server(node.address, timeout=5).find(StudyFilter())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0xA700, "Refused: Out of Resources"),
        (0xA900, "Identifier Does Not Match SOP Class"),
        (0xC001, "Unable to Process"),
        (0x0124, "Not Authorised"),
    ],
)
def test_a_status_of_a_query_is_put_into_words(node: Any, code: int, words: str) -> None:
    node.find_status = code
    with pytest.raises(ServerError, match=rf"{words} \(DICOM status 0x{code:04X}\)"):
        open_server(node.address, timeout=5).find(StudyFilter())


def test_a_long_answer_is_cancelled_at_the_limit(node: Any, archives: ModuleType) -> None:
    for k in range(60):
        study = f"{archives.ROOT_UID}.5{k:02d}"
        node.add(archives.ct_images(archives.volume(1), study=study, series=f"{study}.1"))
    server = open_server(node.address, timeout=5)
    assert len(server.find(StudyFilter(limit=3))) == 3
    server.echo()


def test_a_node_without_c_get(
    node_with: Callable[..., Any], archives: ModuleType, tmp_path: Path
) -> None:
    node = node_with(operations=(FIND,))
    with pytest.raises(ServerError, match=r"offers no C-GET.*DICOMweb"):
        open_server(node.address, timeout=5).get(Inbox(tmp_path, archives.STUDY))


def test_images_of_a_kind_that_is_not_agreed_on_are_missing(
    node_with: Callable[..., Any], archives: ModuleType, tmp_path: Path
) -> None:
    node = node_with(stored=(DX,))
    inbox = Inbox(tmp_path, archives.STUDY)
    open_server(node.address, timeout=5).get(inbox)
    assert inbox.missing == 5


def test_a_full_disk_ends_the_retrieval_at_once(
    node: Any, archives: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("medvlp.network.inbox.write_bytes_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        open_server(node.address, timeout=5).get(Inbox(tmp_path, archives.STUDY))
    assert len(node.delivered) <= 2


def test_a_node_that_falls_silent_in_the_middle(
    node: Any, archives: ModuleType, tmp_path: Path
) -> None:
    wait = threading.Event()

    def third_never_comes() -> None:
        if len(node.delivered) == 2:
            wait.wait(20)

    node.before_sending = third_never_comes
    inbox = Inbox(tmp_path, archives.STUDY)
    try:
        with pytest.raises(
            ServerError, match=r"no answer to the C-GET within 1 s.*what arrived whole is kept"
        ):
            open_server(node.address, timeout=1).get(inbox)
    finally:
        wait.set()
    assert 1 <= len(list(tmp_path.rglob("*.dcm"))) <= 2


def test_a_kind_of_object_that_is_not_accepted(
    node_with: Callable[..., Any], archives: ModuleType, tmp_path: Path
) -> None:
    node = node_with(stored=(DX,))
    paths = archives.write_files(archives.ct_images(archives.volume(2)), tmp_path)
    results = open_server(node.address, timeout=5).send(paths)
    assert {(r.stored, r.reason) for r in results} == {
        (False, "the server does not accept CT Image Storage")
    }


def test_an_encoding_that_is_not_accepted(node: Any, archives: ModuleType, tmp_path: Path) -> None:
    from pydicom.uid import RLELossless

    images = archives.ct_images(archives.volume(2))
    images[1].compress(RLELossless, generate_instance_uid=False)
    node.files.clear()
    plain, packed = open_server(node.address, timeout=5).send(
        archives.write_files(images, tmp_path)
    )
    assert plain.stored
    assert packed.reason == "the server does not accept CT Image Storage encoded as RLE Lossless"


@pytest.mark.parametrize(
    ("code", "stored", "words"),
    [
        (0xA700, False, "Refused: Out of Resources"),
        (0xC000, False, "Cannot Understand"),
        (0xB000, True, "Coercion of Data Elements"),
    ],
)
def test_a_status_of_a_stored_file_is_its_reason(
    node: Any, archives: ModuleType, tmp_path: Path, code: int, stored: bool, words: str
) -> None:
    node.store_status = code
    paths = archives.write_files(archives.ct_images(archives.volume(1)), tmp_path)
    (result,) = open_server(node.address, timeout=5).send(paths)
    assert result.stored is stored
    assert result.reason == f"{words} (DICOM status 0x{code:04X})"


def test_more_kinds_than_one_association_holds() -> None:
    from medvlp.network.dimse_send import _batches
    from medvlp.network.outbox import Kind

    kinds = {Path(str(n)): Kind(f"1.2.{n % 150}", "1.2.840.10008.1.2") for n in range(400)}
    batches = _batches(kinds)
    assert sorted(path for batch in batches for path in batch) == sorted(kinds)
    assert all(len({kinds[path] for path in batch}) <= 127 for batch in batches)


@pytest.mark.parametrize("count", [0, 1, 11, 12, 18, 19, 127, 300])
def test_contexts_for_images_always_fit_beside_the_retrieval(
    archives: ModuleType, count: int
) -> None:
    from medvlp.network.dimse_contexts import contexts_to_get

    assert 1 <= len(contexts_to_get(f"1.2.3.{n}" for n in range(count))) <= 127
