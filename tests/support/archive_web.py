"""A DICOMweb server on localhost."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pydicom
from archive_files import LEVELS, Archive, file_bytes


class WebServer(Archive):
    """A DICOMweb server under ``/dicom-web``: QIDO-RS, WADO-RS, STOW-RS, all of them multipart.

    Attributes
    ----------
    authorization
        What the header has to be; "" lets everybody in.
    failure
        HTTP status that everything is answered with; 0 for none.
    page
        Most answers to a query.
    reason
        DICOM failure reason that every stored file is answered with; 0 stores it.
    requests
        Method, path and header ``Authorization`` of every request.
    """

    def __init__(self) -> None:
        super().__init__()
        self.authorization = ""
        self.failure = self.reason = 0
        self.page = 1000
        self.body: bytes | None = None
        self.requests: list[tuple[str, str, str]] = []
        handler = type("Handler", (_Handler,), {"archive": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.port = self._server.server_address[1]

    @property
    def address(self) -> str:
        """As a user types it."""
        return f"http://127.0.0.1:{self.port}/dicom-web"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    archive: WebServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""

    def do_GET(self) -> None:
        if not self._admitted():
            return
        parts = urlsplit(self.path)
        keys = {k: unquote(v[0]) for k, v in parse_qs(parts.query).items()}
        steps = parts.path.removeprefix("/dicom-web/").split("/")
        uids = dict(zip(steps[::2], steps[1::2], strict=False))
        keys |= {
            LEVELS[level]: uids[name]
            for name, level in (("studies", "STUDY"), ("series", "SERIES"), ("instances", "IMAGE"))
            if name in uids
        }
        if len(steps) % 2:
            level = {"studies": "STUDY", "series": "SERIES", "instances": "IMAGE"}[steps[-1]]
            self._search(level, keys)
        else:
            self._retrieve(keys)

    def do_POST(self) -> None:
        body = self._body()
        if not self._admitted():
            return
        boundary = self.headers["Content-Type"].partition('boundary="')[2].strip('"').encode()
        for part in body.split(b"--" + boundary)[1:-1]:
            data = part.partition(b"\r\n\r\n")[2][:-2]
            image = pydicom.dcmread(BytesIO(data))
            if not self.archive.reason:
                self.archive.files[str(image.SOPInstanceUID)] = data
        item = {"00081155": {"vr": "UI", "Value": [str(image.SOPInstanceUID)]}}
        if self.archive.reason:
            item["00081197"] = {"vr": "US", "Value": [self.archive.reason]}
            report = {"00081198": {"vr": "SQ", "Value": [item]}}
        else:
            report = {"00081199": {"vr": "SQ", "Value": [item]}}
        status = 409 if self.archive.reason else 200
        self._answer(status, "application/dicom+json; charset=utf-8", json.dumps(report).encode())

    def _body(self) -> bytes:
        if "Content-Length" in self.headers:
            return self.rfile.read(int(self.headers["Content-Length"]))
        data = b""
        while size := int(self.rfile.readline(), 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def _admitted(self) -> bool:
        archive = self.archive
        given = self.headers.get("Authorization", "")
        archive.requests.append((self.command, self.path, given))
        if archive.authorization and given != archive.authorization:
            self._answer(403 if given else 401, "text/plain", b"no")
            return False
        if archive.failure:
            self._answer(archive.failure, "text/plain", b"failed")
            return False
        if archive.body is not None:
            self._answer(200, "text/html", archive.body)
            return False
        return True

    def _search(self, level: str, keys: dict[str, Any]) -> None:
        first = int(keys.get("offset", 0))
        last = first + min(int(keys.get("limit", 1000)), self.archive.page)
        found = self.archive.answers(level, keys)[first:last]
        body = json.dumps([answer.to_json_dict() for answer in found]).encode()
        self._answer(200, "application/dicom+json", body)

    def _retrieve(self, keys: dict[str, Any]) -> None:
        images = self.archive.select(keys)
        self.send_response(200)
        self.send_header(
            "Content-Type", 'multipart/related; type="application/dicom"; boundary="b0undary"'
        )
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for image in images:
                self.archive.before_sending()
                self.archive.delivered.append(str(image.SOPInstanceUID))
                data = self.archive.rewrite(file_bytes(image))
                self._chunk(
                    b"--b0undary\r\nContent-Type: application/dicom\r\n\r\n" + data + b"\r\n"
                )
            self._chunk(b"--b0undary--\r\n")
            self._chunk(b"")
        except OSError:
            self.close_connection = True

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
