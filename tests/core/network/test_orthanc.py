"""A real archive: Orthanc with its DICOMweb plugin, at the addresses in ``MEDVLP_ORTHANC``.

``MEDVLP_ORTHANC="ORTHANC@localhost:4242 http://localhost:8042/dicom-web"``; see
docs/how-to/use-a-pacs.md. An invented study stays there.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import medvlp
from medvlp.network.inbox import Inbox
from medvlp.network.server import StudyFilter, open_server

ADDRESSES = os.environ.get("MEDVLP_ORTHANC", "").split()
pytestmark = pytest.mark.skipif(
    not ADDRESSES, reason="needs a running Orthanc, named by MEDVLP_ORTHANC"
)


@pytest.mark.parametrize("fetched_from", ADDRESSES)
@pytest.mark.parametrize("sent_to", ADDRESSES)
def test_what_is_sent_is_found_and_comes_back(
    archives: ModuleType, tmp_path: Path, sent_to: str, fetched_from: str
) -> None:
    paths = archives.write_files(archives.ct_images(archives.volume()), tmp_path / "sent")
    results = open_server(sent_to).send(paths)
    assert [result.reason for result in results if not result.stored] == []

    server = open_server(fetched_from)
    server.echo()
    wanted = StudyFilter(
        patient_id=archives.PATIENT_ID,
        earliest="20260214",
        latest="20260214",
        modality="CT",
        description="Chest",
    )
    (study,) = server.find(wanted)
    assert (study.uid, study.n_series, study.n_images) == (archives.STUDY, 1, 5)
    assert study.modalities == ("CT",)
    (series,) = server.series(archives.STUDY)
    assert (series.uid, series.n_images) == (archives.SERIES, 5)

    inbox = Inbox(tmp_path / "got", archives.STUDY)
    server.get(inbox)
    assert (inbox.received.total(), inbox.missing, inbox.refused) == (5, 0, {})
    (tmp_path / "got" / archives.SERIES / f"{archives.SERIES}.3.dcm").unlink()
    again = Inbox(tmp_path / "got", archives.STUDY)
    server.get(again)
    assert (again.received.total(), again.present.total()) == (1, 4)

    got, sent = (medvlp.open_scan(tmp_path / name) for name in ("got", "sent"))
    np.testing.assert_array_equal(got.array, sent.array)
    np.testing.assert_array_equal(got.geometry.affine, sent.geometry.affine)
