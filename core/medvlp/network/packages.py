"""The packages of the extra ``pacs``: imported when a server is used, and kept silent."""

from __future__ import annotations

import logging
from importlib import import_module

from medvlp.errors import ServerError


def need(package: str) -> None:
    """Import a package of the extra and silence its log, which holds names and UIDs of patients.

    Raises
    ------
    ServerError
        If it is not installed.
    """
    try:
        import_module(package)
    except ImportError:
        raise ServerError(
            f"PACS and DICOMweb servers need the package {package}, which is not installed. "
            'Install it with: pip install "medvlp[pacs]".'
        ) from None
    for name in (package, "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
