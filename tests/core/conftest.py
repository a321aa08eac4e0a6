"""Archives on localhost, for the tests of the network and of its commands."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def node(archives: ModuleType) -> Iterator[Any]:
    """A DICOM node with one CT study."""
    server = archives.DicomNode()
    server.add(archives.ct_images(archives.volume()))
    yield server
    server.close()


@pytest.fixture
def web(archives: ModuleType) -> Iterator[Any]:
    """A DICOMweb server with the same study."""
    server = archives.WebServer()
    server.add(archives.ct_images(archives.volume()))
    yield server
    server.close()


@pytest.fixture(params=["dimse", "dicomweb"])
def archive(request: pytest.FixtureRequest) -> Any:
    """Either of them: what a user sees must not depend on the protocol."""
    return request.getfixturevalue({"dimse": "node", "dicomweb": "web"}[request.param])
