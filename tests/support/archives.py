"""Archives of images in this process: a DICOM node and a DICOMweb server on localhost.

Both keep whole files in ``files`` (SOP Instance UID to bytes), so that a test can look at what was
stored, and both can be told to misbehave.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

ROOT_UID = "1.2.826.0.1.3680043.8.498.55"
STUDY, SERIES = f"{ROOT_UID}.1", f"{ROOT_UID}.1.2"
NAME, PATIENT_ID = "Invented^Otto", "SECRET-4711"
STUDY_KEYS = ("PatientID", "PatientName", "AccessionNumber", "StudyDate", "StudyDescription")
LEVELS = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "SOPInstanceUID"}


def volume(slices: int = 5, rows: int = 12, columns: int = 16) -> np.ndarray:
    """HU, different under every flip, transposition and change of order."""
    array = np.full((slices, rows, columns), -1000, dtype=np.int16)
    array[:, 2:, 3:] = -60
    for k in range(slices):
        array[k, 2 + k : 5 + k, 4:9] = 40 + 11 * k
    array[-1, 8:, 11:] = 900
    return array


def ct_images(
    array: np.ndarray,
    *,
    study: str = STUDY,
    series: str = SERIES,
    number: int = 4,
    description: str = "Thorax 1.5 B60f",
    date: str = "20260214",
) -> list[Dataset]:
    """A CT series of an invented patient, turned about its axis, slices 2.5 mm apart."""
    images = []
    normal = np.cross([0.8, 0.6, 0.0], [-0.6, 0.8, 0.0])
    for k, plane in enumerate(array):
        image = Dataset()
        image.SOPClassUID, image.SOPInstanceUID = CTImageStorage, f"{series}.{k + 1}"
        image.StudyInstanceUID, image.SeriesInstanceUID = study, series
        image.FrameOfReferenceUID = f"{study}.9"
        image.PatientName, image.PatientID, image.PatientBirthDate = NAME, PATIENT_ID, "19500101"
        image.AccessionNumber, image.StudyID = "ACC123", "7"
        image.StudyDate, image.StudyTime = date, "101500"
        image.StudyDescription = "CT Chest"
        image.Modality, image.SeriesNumber, image.InstanceNumber = "CT", number, k + 1
        image.SeriesDescription = description
        image.ImagePositionPatient = [float(v) for v in (-80.0, -70.0, -300.0) + 2.5 * k * normal]
        image.ImageOrientationPatient = [0.8, 0.6, 0, -0.6, 0.8, 0]
        image.PixelSpacing, image.SliceThickness = [0.75, 0.9], 2.5
        image.Rows, image.Columns = plane.shape
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated, image.BitsStored, image.HighBit = 16, 12, 11
        image.PixelRepresentation, image.RescaleSlope, image.RescaleIntercept = 0, 1, -1024
        image.RescaleType = "HU"
        image.PixelData = (plane.astype(np.int32) + 1024).astype("<u2").tobytes()
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        images.append(image)
    return images


def file_bytes(image: Dataset) -> bytes:
    """A whole file."""
    file = BytesIO()
    image.save_as(file, enforce_file_format=True)
    return file.getvalue()


def write_files(images: list[Dataset], folder: Path) -> list[Path]:
    """One file each, named by number."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03d}.dcm" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        path.write_bytes(file_bytes(image))
    return paths


class Archive:
    """What both kinds keep, and how they can be told to misbehave.

    Attributes
    ----------
    files
        SOP Instance UID to whole file.
    delivered
        UIDs of the images that were sent out, in order.
    rewrite
        What is done to a file before it is sent out.
    before_sending
        Called before every image that is sent out.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.delivered: list[str] = []
        self.rewrite: Callable[[bytes], bytes] = lambda data: data
        self.before_sending: Callable[[], None] = lambda: None

    def add(self, images: list[Dataset]) -> None:
        """Put images into the archive."""
        self.files |= {str(image.SOPInstanceUID): file_bytes(image) for image in images}

    def datasets(self) -> list[Dataset]:
        """What is in the archive, in the order in which it came."""
        return [pydicom.dcmread(BytesIO(data)) for data in self.files.values()]

    def select(self, keys: dict[str, Any]) -> list[Dataset]:
        """Images that match UIDs, and the keys of a study."""
        chosen = []
        for image in self.datasets():
            uids = {k: keys.get(k) for k in LEVELS.values() if keys.get(k)}
            wanted = {k: [v] if isinstance(v, str) else list(v) for k, v in uids.items()}
            if all(str(image.get(k)) in v for k, v in wanted.items()) and _matches(image, keys):
                chosen.append(image)
        return chosen

    def answers(self, level: str, keys: dict[str, Any]) -> list[Dataset]:
        """One answer for every study, series or image."""
        groups: dict[str, list[Dataset]] = {}
        for image in self.select(keys):
            groups.setdefault(str(image.get(LEVELS[level])), []).append(image)
        return [_answer(level, group) for group in groups.values()]


def _matches(image: Dataset, keys: dict[str, Any]) -> bool:
    for keyword in STUDY_KEYS:
        asked = str(keys.get(keyword) or "")
        value = str(image.get(keyword, ""))
        if asked and keyword == "StudyDate" and "-" in asked:
            first, _, last = asked.partition("-")
            if not (first or "0") <= value <= (last or "9"):
                return False
        elif asked and not fnmatchcase(value, asked):
            return False
    asked = str(keys.get("ModalitiesInStudy") or "")
    return not asked or image.Modality == asked


def _answer(level: str, images: list[Dataset]) -> Dataset:
    answer = Dataset()
    answer.QueryRetrieveLevel = level
    first = images[0]
    answer.StudyInstanceUID = first.StudyInstanceUID
    if level == "STUDY":
        for keyword in STUDY_KEYS:
            setattr(answer, keyword, first.get(keyword))
        answer.ModalitiesInStudy = sorted({image.Modality for image in images})
        answer.NumberOfStudyRelatedSeries = len({image.SeriesInstanceUID for image in images})
        answer.NumberOfStudyRelatedInstances = len(images)
    else:
        answer.SeriesInstanceUID = first.SeriesInstanceUID
    if level == "SERIES":
        answer.Modality, answer.SeriesNumber = first.Modality, first.SeriesNumber
        answer.SeriesDescription = first.SeriesDescription
        answer.NumberOfSeriesRelatedInstances = len(images)
    if level == "IMAGE":
        answer.SOPInstanceUID, answer.SOPClassUID = first.SOPInstanceUID, first.SOPClassUID
    return answer


class DicomNode(Archive):
    """A DICOM node that answers C-ECHO, C-FIND, C-GET and C-STORE.

    Attributes
    ----------
    port
        Where it listens on localhost.
    find_status, store_status
        What a query or a stored file is answered with; 0 for success.
    callers
        AE titles that called.
    """

    aet = "ARCHIVE"

    def __init__(
        self,
        operations: tuple[str, ...] = (
            *(Verification, StudyRootQueryRetrieveInformationModelFind),
            StudyRootQueryRetrieveInformationModelGet,
        ),
        stored: tuple[str, ...] = (CTImageStorage,),
        syntaxes: tuple[str, ...] = (ExplicitVRLittleEndian,),
        only_caller: str = "",
    ) -> None:
        super().__init__()
        self.find_status = self.store_status = 0
        self.callers: list[str] = []
        self.cancelled = False
        entity = AE(ae_title=self.aet)
        entity.require_called_aet = True
        entity.require_calling_aet = [only_caller] if only_caller else []
        for operation in operations:
            entity.add_supported_context(operation)
        for kind in stored:
            entity.add_supported_context(kind, list(syntaxes), scu_role=True, scp_role=True)
        handlers: list[Any] = [
            (evt.EVT_C_FIND, self._find),
            (evt.EVT_C_GET, self._get),
            (evt.EVT_C_STORE, self._store),
            (evt.EVT_ACCEPTED, lambda event: self.callers.append(event.assoc.requestor.ae_title)),
        ]
        self._server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
        self.port = self._server.socket.getsockname()[1]

    @property
    def address(self) -> str:
        """As a user types it."""
        return f"{self.aet}@127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()

    def _find(self, event: Any) -> Iterator[tuple[int, Any]]:
        if self.find_status:
            yield self.find_status, None
            return
        asked = event.identifier
        keys = {element.keyword: element.value for element in asked}
        for answer in self.answers(asked.QueryRetrieveLevel, keys):
            if event.is_cancelled:
                self.cancelled = True
                yield 0xFE00, None
                return
            yield 0xFF00, answer

    def _get(self, event: Any) -> Iterator[Any]:
        keys = {element.keyword: element.value for element in event.identifier}
        images = self.select(keys)
        yield len(images)
        for image in images:
            self.before_sending()
            self.delivered.append(str(image.SOPInstanceUID))
            yield 0xFF00, pydicom.dcmread(BytesIO(self.rewrite(file_bytes(image))))

    def _store(self, event: Any) -> int:
        if not self.store_status:
            self.files[str(event.request.AffectedSOPInstanceUID)] = event.encoded_dataset()
        return self.store_status


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
