"""What is said when a DICOMweb server is not there, refuses, or is something else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from medvlp.errors import ServerError
from medvlp.network.inbox import Inbox
from medvlp.network.server import StudyFilter, open_server


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_nobody_listens(archives: ModuleType) -> None:
    with pytest.raises(ServerError, match="cannot be reached: it refused the connection"):
        open_server(f"http://127.0.0.1:{free_port()}/dicom-web", timeout=2).echo()


def test_no_such_host(archives: ModuleType) -> None:
    with pytest.raises(ServerError, match="no such host"):
        open_server("http://nowhere.invalid/dicom-web", timeout=2).echo()


def test_no_answer(archives: ModuleType, silent_port: int) -> None:
    with pytest.raises(ServerError, match=r"no answer within 0\.3 s"):
        open_server(f"http://127.0.0.1:{silent_port}/dicom-web", timeout=0.3).echo()


def test_no_tls(web: Any) -> None:
    with pytest.raises(ServerError, match=r"certificate is not trusted, or it speaks no TLS"):
        open_server(web.address.replace("http:", "https:"), timeout=3).echo()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "asks who you are.*MEDVLP_DICOMWEB_TOKEN"),
        (403, "does not allow this"),
        (404, "nothing at this address.*before /studies"),
        (400, r"refused the request \(HTTP 400\)"),
        (500, r"failed inside \(HTTP 500\)"),
        (503, "Try again later"),
    ],
)
def test_a_status_is_put_into_words(web: Any, status: int, words: str) -> None:
    web.failure = status
    with pytest.raises(ServerError, match=words):
        open_server(web.address, timeout=5).find(StudyFilter())


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b'{"error": 1}', b"[1, 2]", b"null"])
def test_something_else_than_dicomweb(web: Any, body: bytes) -> None:
    web.body = body
    with pytest.raises(ServerError, match="not as a DICOMweb server does"):
        open_server(web.address, timeout=5).find(StudyFilter())


def test_an_error_repeats_neither_ids_nor_uids(web: Any, archives: ModuleType) -> None:
    web.failure = 500
    server = open_server(web.address, timeout=5)
    for ask in (
        lambda: server.find(StudyFilter(patient_id=archives.PATIENT_ID)),
        lambda: server.series(archives.STUDY),
    ):
        with pytest.raises(ServerError) as caught:
            ask()
        assert archives.PATIENT_ID not in str(caught.value)
        assert archives.STUDY not in str(caught.value)


def test_a_token_of_the_environment_opens_the_door(
    web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.authorization = "Bearer t0ken"
    monkeypatch.setenv("MEDVLP_DICOMWEB_TOKEN", "t0ken")
    assert len(open_server(web.address, timeout=5).find(StudyFilter())) == 1


def test_a_user_and_password_too(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    web.authorization = "Basic b3R0bzpnZWhlaW0="
    monkeypatch.setenv("MEDVLP_DICOMWEB_USER", "otto")
    monkeypatch.setenv("MEDVLP_DICOMWEB_PASSWORD", "geheim")
    open_server(web.address, timeout=5).echo()
    monkeypatch.setenv("MEDVLP_DICOMWEB_PASSWORD", "falsch")
    with pytest.raises(ServerError, match="HTTP 403") as caught:
        open_server(web.address, timeout=5).echo()
    assert "falsch" not in str(caught.value)


def test_credentials_do_not_travel_unencrypted(
    archives: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDVLP_DICOMWEB_TOKEN", "t0ken")
    with pytest.raises(ServerError, match=r"not encrypted.*Use https") as caught:
        open_server("http://pacs.example/dicom-web")
    assert "t0ken" not in str(caught.value)
    open_server("https://pacs.example/dicom-web")


def test_no_other_credentials_are_looked_for(
    web: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login otto password geheim\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    open_server(web.address, timeout=5).echo()
    assert [given for _, _, given in web.requests] == [""]


def test_pages_are_followed_to_the_last(web: Any, archives: ModuleType, tmp_path: Path) -> None:
    web.page = 2
    inbox = Inbox(tmp_path, archives.STUDY)
    open_server(web.address, timeout=5).get(inbox)
    assert inbox.received == {archives.SERIES: 5}


def test_an_answer_that_ends_early(web: Any, archives: ModuleType, tmp_path: Path) -> None:
    def hang_up() -> None:
        if len(web.delivered) == 3:
            raise OSError("gone")

    web.before_sending = hang_up
    with pytest.raises(ServerError, match="in the middle of an answer"):
        open_server(web.address, timeout=5).get(Inbox(tmp_path, archives.STUDY))
    files = list(tmp_path.rglob("*"))
    assert not [path for path in files if path.name.startswith(".")]
    web.before_sending = lambda: None
    again = Inbox(tmp_path, archives.STUDY)
    open_server(web.address, timeout=5).get(again)
    assert len(list(tmp_path.rglob("*.dcm"))) == 5


def test_pixels_that_end_early_are_noticed(web: Any, archives: ModuleType, tmp_path: Path) -> None:
    web.rewrite = lambda data: data[:-20]
    inbox = Inbox(tmp_path, archives.STUDY)
    open_server(web.address, timeout=5).get(inbox)
    assert inbox.refused == {"it is incomplete: it ends before its image": 5}
    assert not list(tmp_path.rglob("*.dcm"))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (0x0122, "does not accept this kind of object (DICOM status 0x0122)"),
        (0xA700, "out of space (DICOM status 0xA700)"),
        (0xBEEF, "reason not known to DICOM (DICOM status 0xBEEF)"),
    ],
)
def test_the_reason_of_a_refused_file(
    web: Any, archives: ModuleType, tmp_path: Path, reason: int, words: str
) -> None:
    web.reason = reason
    paths = archives.write_files(archives.ct_images(archives.volume(2)), tmp_path)
    results = open_server(web.address, timeout=5).send(paths)
    assert [result.stored for result in results] == [False, False]
    assert results[0].reason.endswith(words)


def test_a_file_that_is_too_large_is_refused_alone(
    web: Any, archives: ModuleType, tmp_path: Path
) -> None:
    web.failure = 413
    paths = archives.write_files(archives.ct_images(archives.volume(1)), tmp_path)
    (result,) = open_server(web.address, timeout=5).send(paths)
    assert result.reason == "it is too large for the server (HTTP 413)"


def test_a_page_to_log_in_has_stored_nothing(
    web: Any, archives: ModuleType, tmp_path: Path
) -> None:
    web.body = b"<html>Please log in</html>"
    paths = archives.write_files(archives.ct_images(archives.volume(1)), tmp_path)
    with pytest.raises(ServerError, match="not as a DICOMweb server does"):
        open_server(web.address, timeout=5).send(paths)


def test_who_may_not_store_is_told_once(web: Any, archives: ModuleType, tmp_path: Path) -> None:
    web.failure = 403
    paths = archives.write_files(archives.ct_images(archives.volume(2)), tmp_path)
    with pytest.raises(ServerError, match="HTTP 403"):
        open_server(web.address, timeout=5).send(paths)
    assert len(web.requests) == 1
