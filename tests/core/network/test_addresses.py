"""Addresses, titles and UIDs: what is let through, and what is said about the rest."""

from __future__ import annotations

import pytest

from medvlp.errors import ServerAddressError, ServerError
from medvlp.network.address import DimseAddress, WebAddress, parse_address
from medvlp.network.server import open_server
from medvlp.network.uids import is_uid


def test_a_title_host_and_port_are_a_dicom_node() -> None:
    assert parse_address("ORTHANC@pacs.local:4242") == DimseAddress("ORTHANC", "pacs.local", 4242)
    assert parse_address("MY PACS@10.0.0.7:104") == DimseAddress("MY PACS", "10.0.0.7", 104)
    assert parse_address("A@[::1]:11112") == DimseAddress("A", "::1", 11112)
    assert str(parse_address("A@[::1]:11112")) == "A@[::1]:11112"


def test_a_url_is_a_dicomweb_server_and_loses_its_last_slash() -> None:
    assert parse_address("https://host/dicom-web/") == WebAddress("https://host/dicom-web")


@pytest.mark.parametrize(
    "text",
    [
        *("", "pacs.local:104", "A@pacs.local", "A@host:0", "A@host:70000", "@host:104"),
        *("A" * 17 + "@host:104", "A\\B@host:104", "Ä@host:104", "http://", "https://host:x/y"),
        *("ftp://host/x", "https://host/dicom-web?limit=1"),
    ],
)
def test_anything_else_is_bad_usage(text: str) -> None:
    with pytest.raises(ServerAddressError) as caught:
        parse_address(text)
    assert caught.value.exit_status == 2
    assert "expected" in str(caught.value) or "leave out" in str(caught.value)


def test_a_password_in_the_url_is_refused_without_repeating_it() -> None:
    with pytest.raises(ServerAddressError, match="MEDVLP_DICOMWEB_PASSWORD") as caught:
        parse_address("https://otto:geheim@host/dicom-web")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("title", ["", " ", "A" * 17, "A\nB"])
def test_the_own_title_is_checked_too(title: str) -> None:
    with pytest.raises(ServerAddressError, match="AE title"):
        open_server("ARCHIVE@localhost:104", aet=title)


@pytest.mark.parametrize("uid", ["1", "1.2.840.10008", "1.2.0800.3", "9" * 64])
def test_digits_and_single_dots_are_a_uid(uid: str) -> None:
    assert is_uid(uid)


@pytest.mark.parametrize(
    "uid",
    [
        *("", ".", "..", "../1.2", "1..2", "1.2.", ".1", "1/2", "1\\2", "1.2\n", "1.2\0"),
        *("C:1", "1.2a", "9" * 65, "١.٢", "1.*"),
    ],
)
def test_what_could_be_a_path_or_a_pattern_is_no_uid(uid: str) -> None:
    assert not is_uid(uid)


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in ("pynetdicom", "dicomweb_client"):
        monkeypatch.setitem(sys.modules, name, None)
    for address in ("A@localhost:104", "http://localhost/dicom-web"):
        with pytest.raises(ServerError, match=r'pip install "medvlp\[pacs\]"'):
            open_server(address)
