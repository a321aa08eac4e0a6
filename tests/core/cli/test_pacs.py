"""``medvlp pacs``: what a user of the shell sees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

QUICK = ("--timeout", "5")
FREE_WORDS = ("otto", "invented", "secret", "4711", "acc123")


@pytest.fixture
def address(archive: Any) -> str:
    return archive.address


def test_echo_says_that_the_server_answers(medvlp: Any, address: str) -> None:
    result = medvlp("pacs", "echo", address, *QUICK)
    assert result.status == 0
    assert result.report == {"schema": "medvlp/pacs-echo/1", "server": address}
    assert medvlp("pacs", "echo", address, "--table").out == f"{address} answers.\n"


def test_find_prints_one_object_without_patients(
    medvlp: Any, address: str, archives: ModuleType
) -> None:
    result = medvlp("pacs", "find", address, "--patient-id", archives.PATIENT_ID, *QUICK)
    assert result.status == 0
    assert result.report == {
        "schema": "medvlp/pacs-find/1",
        "server": address,
        "studies": [
            {
                "date": "2026-02-14",
                "modalities": ["CT"],
                "description": "CT Chest",
                "series": 1,
                "images": 5,
                "study_uid": archives.STUDY,
            }
        ],
    }
    assert not any(word in (result.out + result.err).lower() for word in FREE_WORDS)


def test_find_shows_names_when_asked_to(
    medvlp: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = medvlp("pacs", "find", address, "--show-names").report["studies"][0]
    assert shown["patient"] == "Invented Otto  ·  SECRET-4711"
    assert "Invented Otto" in medvlp("pacs", "find", address, "--show-names", "--table").out


def test_the_table_has_the_columns_of_a_worklist(
    medvlp: Any, address: str, archives: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    out = medvlp("pacs", "find", address, "--table").out
    for word in ("date", "modality", "description", "series", "images", "study UID"):
        assert word in out
    for word in ("2026-02-14", "CT Chest", archives.STUDY):
        assert word in out
    assert not any(word in out.lower() for word in FREE_WORDS)


def test_find_lists_the_series_of_a_study(medvlp: Any, address: str, archives: ModuleType) -> None:
    report = medvlp("pacs", "find", address, "--study", archives.STUDY).report
    assert report["schema"] == "medvlp/pacs-series/1"
    assert report["series"] == [
        {
            "number": 4,
            "modality": "CT",
            "description": "Thorax 1.5 B60f",
            "images": 5,
            "series_uid": archives.SERIES,
        }
    ]


def test_find_without_a_match_says_so(medvlp: Any, address: str) -> None:
    result = medvlp("pacs", "find", address, "--from", "2030-01-01")
    assert result.status == 3
    assert result.report["studies"] == []
    assert "No study" in result.err
    assert "Traceback" not in result.err


def test_find_says_when_there_may_be_more(medvlp: Any, address: str) -> None:
    assert "--limit" in medvlp("pacs", "find", address, "--limit", 1).err
    assert medvlp("pacs", "find", address, "--limit", 2).err == ""


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "yesterday"),
        ("--to", "2026-02-30"),
        ("--from", "2026-02-02", "--to", "2026-02-01"),
        ("--patient-id", "a\\b"),
        ("--limit", "0"),
        ("--study", "../1.2"),
        ("--timeout", "0"),
        ("--aet", "SEVENTEEN-LETTERS"),
    ],
)
def test_bad_options_are_bad_usage(
    medvlp: Any, archives: ModuleType, options: tuple[str, ...]
) -> None:
    result = medvlp("pacs", "find", "A@127.0.0.1:1", *options)
    assert result.status == 2
    assert result.out == ""


@pytest.mark.parametrize("server", ["nonsense", "host:104", "https://u:p@host/x"])
def test_a_bad_address_is_bad_usage(medvlp: Any, server: str, tmp_path: Path) -> None:
    for command in (("find", server), ("get", server, "1.2", "--out", tmp_path / "x")):
        result = medvlp("pacs", *command)
        assert result.status == 2
        assert result.err.startswith("medvlp: ")
        assert len(result.err.splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_a_server_that_is_not_there_is_one_sentence(medvlp: Any, archives: ModuleType) -> None:
    for server in ("A@127.0.0.1:1", "http://127.0.0.1:1/dicom-web"):
        result = medvlp("pacs", "find", server, "--timeout", "2")
        assert result.status == 3
        assert len(result.err.splitlines()) == 1
        assert "cannot be reached" in result.err


def test_get_then_info_then_again(
    medvlp: Any, address: str, archives: ModuleType, tmp_path: Path
) -> None:
    out = tmp_path / "study"
    first = medvlp("pacs", "get", address, archives.STUDY, "--out", out, *QUICK)
    assert first.status == 0
    assert first.report == {
        "schema": "medvlp/pacs-get/1",
        "server": address,
        "out": str(out),
        "series": [
            {
                "series_uid": archives.SERIES,
                "folder": str(out / archives.SERIES),
                "received": 5,
                "already_there": 0,
            }
        ],
        "refused": [],
        "missing": 0,
    }
    scan = medvlp("info", out).report["scan"]
    assert scan["shape"] == [5, 12, 16]
    assert scan["spacing_mm"] == pytest.approx([2.5, 0.75, 0.9])

    again = medvlp("pacs", "get", address, archives.STUDY, "--out", out, "--table")
    assert again.status == 0
    assert "there before" in again.out
    assert len(list(out.rglob("*.dcm"))) == 5


def test_get_says_what_did_not_come(
    medvlp: Any, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    archive.rewrite = lambda data: data.replace(
        archives.STUDY.encode(), b"9" + archives.STUDY[1:].encode()
    )
    result = medvlp("pacs", "get", archive.address, archives.STUDY, "--out", tmp_path / "x", *QUICK)
    assert result.status == 3
    assert result.report["missing"] == 5
    assert "not asked for" in result.err
    assert "Run the command again" in result.err
    assert not list(tmp_path.rglob("*.dcm"))


def test_get_refuses_what_is_no_uid_and_no_folder(
    medvlp: Any, address: str, archives: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    assert medvlp("pacs", "get", address, "1/2", "--out", tmp_path / "x").status == 2
    study = archives.STUDY
    assert medvlp("pacs", "get", address, study, "--out", tmp_path / "file").status == 2
    absent = medvlp("pacs", "get", address, "1.2.3", "--out", tmp_path / "x")
    assert absent.status == 3
    assert "no study with this UID" in absent.err


def test_ctrl_c_ends_a_get_with_whole_files(
    archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    def slowly() -> None:
        time.sleep(0.0 if len(archive.delivered) < 2 else 120.0)

    archive.before_sending = slowly
    out = tmp_path / "out"
    command = [sys.executable, "-m", "medvlp.cli", "pacs", "get", archive.address, archives.STUDY]
    child = subprocess.Popen(
        [*command, "--out", str(out), "--timeout", "100"],
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background ignores Ctrl+C, and its children would with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 90
    while len(list(out.rglob("*.dcm"))) < 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert 1 <= len(list(out.rglob("*.dcm"))) <= 2
    assert not [path for path in out.rglob("*") if path.name.startswith(".")]


def test_send_stores_a_folder_and_reports_every_file(
    medvlp: Any, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    archive.files.clear()
    paths = archives.write_files(archives.ct_images(archives.volume()), tmp_path / "results")
    (tmp_path / "results" / "notes.txt").write_text("not DICOM")
    result = medvlp("pacs", "send", archive.address, tmp_path / "results", *QUICK)
    assert result.status == 0
    assert result.report == {
        "schema": "medvlp/pacs-send/1",
        "server": archive.address,
        "stored": 5,
        "refused": 0,
        "files": [{"path": str(p), "stored": True, "reason": ""} for p in paths],
    }
    assert len(archive.files) == 5


def test_send_goes_on_after_a_refused_file_and_ends_with_3(
    medvlp: Any, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    archive.files.clear()
    good, bad = archives.write_files(archives.ct_images(archives.volume(2)), tmp_path)
    bad.write_bytes(b"x" * 500)
    result = medvlp("pacs", "send", archive.address, bad, good, *QUICK)
    assert result.status == 3
    assert [file["stored"] for file in result.report["files"]] == [False, True]
    assert result.report["files"][0]["reason"].startswith("it is no DICOM file")
    assert "1 of 2 files were not stored" in result.err
    assert len(archive.files) == 1


def test_send_needs_something_to_send(medvlp: Any, address: str, tmp_path: Path) -> None:
    empty = medvlp("pacs", "send", address, tmp_path)
    assert (empty.status, empty.out) == (3, "")
    assert "expected DICOM files to send; found none" in empty.err
    assert medvlp("pacs", "send", address, tmp_path / "absent").status == 3


def test_a_heatmap_goes_back_to_the_archive(
    medvlp: Any, archive: Any, archives: ModuleType, dicom_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "heat"
    done = medvlp("ground", dicom_folder, "liver", "--out", out, "--format", "dicom")
    assert done.status == 0
    result = medvlp("pacs", "send", archive.address, out, *QUICK)
    kinds = {file["stored"] for file in result.report["files"]}
    if hasattr(archive, "callers"):  # the node takes CT images and nothing else
        assert (result.status, kinds) == (3, {False})
        assert "Parametric Map Storage" in result.report["files"][0]["reason"]
    else:
        assert (result.status, kinds) == (0, {True})


def test_verbose_logs_no_identifiers(
    medvlp: Any, archive: Any, archives: ModuleType, tmp_path: Path
) -> None:
    address, study = archive.address, archives.STUDY
    finding = medvlp("--verbose", "pacs", "find", address, "--patient-id", archives.PATIENT_ID)
    getting = medvlp("--verbose", "pacs", "get", address, study, "--out", tmp_path / "x")
    sending = medvlp("--verbose", "pacs", "send", address, tmp_path / "x")
    log = (finding.err + getting.err + sending.err).lower()
    assert not any(word in log for word in (*FREE_WORDS, study))
