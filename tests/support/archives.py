"""Archives of images in this process: a DICOM node and a DICOMweb server on localhost.

Both keep whole files in ``files`` (SOP Instance UID to bytes), so that a test can look at what was
stored, and both can be told to misbehave.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pydicom
from archive_files import (
    NAME,
    PATIENT_ID,
    ROOT_UID,
    SERIES,
    STUDY,
    Archive,
    ct_images,
    file_bytes,
    volume,
    write_files,
)
from archive_web import WebServer
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

__all__ = [
    "NAME",
    "PATIENT_ID",
    "ROOT_UID",
    "SERIES",
    "STUDY",
    "DicomNode",
    "ExplicitVRLittleEndian",
    "WebServer",
    "ct_images",
    "volume",
    "write_files",
]


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
