"""A small hub on this computer that speaks what huggingface_hub needs of the real one.

Large files are sent by another host, to which it redirects, as the hub does.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".safetensors", ".bin", ".pt")


class Hub:
    """What the server serves, and what it was asked.

    Files of ``cut_after`` break off after so many bytes, once; those of ``wait_after`` wait there for
    ``go_on``.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.licences: dict[str, str] = {}
        self.ranges: list[tuple[str, str | None]] = []
        self.spoilt: set[str] = set()
        self.failing: set[str] = set()
        self.cut_after: dict[str, int] = {}
        self.wait_after: dict[str, int] = {}
        self.go_on = threading.Event()
        self.address = self.other_host = ""
        self.gated: set[str] = set()

    def listing(self, repository: str) -> dict[str, object]:
        siblings = []
        for name, data in self.repositories[repository].items():
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            entry: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": blob}
            if name.endswith(LARGE):
                digest = hashlib.sha256(data).hexdigest()
                entry["lfs"] = {"sha256": digest, "size": len(data), "pointerSize": 130}
            siblings.append(entry)
        card = {"license": self.licences[repository]} if repository in self.licences else {}
        facts = {"id": repository, "modelId": repository, "sha": COMMIT, "siblings": siblings}
        return facts | {"cardData": card, "tags": [], "private": False, "downloads": 0, "likes": 0}


def handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def answer(self, body: bool) -> None:
            path = unquote(self.path.partition("?")[0]).strip("/")
            if path.startswith("api/models/"):
                repository = "/".join(path.split("/")[2:4])
                if repository not in hub.repositories:
                    self.fail(404, "RepoNotFound")
                elif repository in hub.gated:
                    self.fail(403, "GatedRepo")
                else:
                    self.send(json.dumps(hub.listing(repository)).encode(), {}, body, 200)
                return
            parts = path.removeprefix("elsewhere/").split("/")
            repository, name = "/".join(parts[:2]), parts[-1]
            if name in hub.failing or repository not in hub.repositories:
                self.fail(503 if name in hub.failing else 404, "Unavailable")
                return
            if name.endswith(LARGE) and not path.startswith("elsewhere/"):
                self.redirect(f"{hub.other_host}/elsewhere/{path}?signature=1")
                return
            self.file(repository, name, hub.repositories[repository][name], body)

        def file(self, repository: str, name: str, data: bytes, body: bool) -> None:
            etag = hashlib.sha256(data).hexdigest()
            headers = {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
            asked = self.headers.get("Range")
            if body:
                hub.ranges.append((name, asked))
            if name in hub.spoilt:
                data = b"?" * len(data)
            status = 200
            if asked and body:
                start = int(asked.removeprefix("bytes=").split("-")[0])
                headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
                data, status = data[start:], 206
            elif "gzip" in self.headers.get("Accept-Encoding", ""):
                headers["Content-Encoding"], data = "gzip", gzip.compress(data)
            cut = hub.cut_after.pop(name, None) if body else None
            pause = hub.wait_after.pop(name, None) if body else None
            self.send(data, headers, body, status, cut, pause)

        def send(
            self,
            data: bytes,
            headers: dict[str, str],
            body: bool,
            status: int,
            cut: int | None = None,
            pause: int | None = None,
        ) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if body:
                with suppress(ConnectionError):  # whoever asked has gone
                    if pause is not None:
                        self.wait_at(data[:pause])
                        data = data[pause:]
                    self.wfile.write(data[:cut])
                if cut is not None:
                    self.wfile.flush()
                    self.close_connection = True
                    self.connection.shutdown(2)

        def wait_at(self, data: bytes) -> None:
            """Slowly enough for progress to be told."""
            step = max(len(data) // 10, 1)
            for start in range(0, len(data), step):
                self.wfile.write(data[start : start + step])
                hub.go_on.wait(0.1)
            hub.go_on.wait()

        def redirect(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def fail(self, status: int, code: str) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("X-Error-Message", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

    return Handler


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that answers at ``hub.address`` until the end."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(hub))
    hub.address = f"http://127.0.0.1:{server.server_port}"
    hub.other_host = f"http://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.shutdown()
        server.server_close()
