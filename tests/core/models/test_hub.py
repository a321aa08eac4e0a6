"""Downloads from a small hub on this computer: progress, resuming, hashes, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_hub import Hub, running_hub

from medvlp.errors import Cancelled, LicenceError, ModelMismatchError, ModelNotFoundError
from medvlp.models.hub import fetch, look_up
from medvlp.models.install import DOWNLOADS, Wishes, pull
from medvlp.models.load import user_folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with running_hub() as made:
        monkeypatch.setenv("HF_ENDPOINT", made.address)
        monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
        yield made


@pytest.fixture
def tiny(hub: Hub, tiny_folder: Path) -> dict[str, bytes]:
    """Our tiny model on the hub, with files that nobody should ask for."""
    files = {p.name: p.read_bytes() for p in tiny_folder.iterdir()}
    extra = {"modeling_evil.py": b"raise SystemExit", "pytorch_model.bin": b"pickle" * 9}
    hub.repositories["somebody/tiny"] = files | extra
    return files


def test_a_model_is_pulled_checked_and_the_download_folder_removed(hub, tiny):
    seen: list[float] = []
    target = pull("somebody/tiny", progress=lambda fraction, _: seen.append(fraction))
    assert target == user_folder() / "tiny"
    assert (target / "model.safetensors").read_bytes() == tiny["model.safetensors"]
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 8
    assert not list((user_folder() / DOWNLOADS).iterdir())


def test_neither_code_nor_pickles_are_fetched_where_safetensors_are(hub, tiny):
    pull("somebody/tiny")
    fetched = {name for name, _ in hub.ranges}
    assert "model.safetensors" in fetched
    assert not fetched & {"modeling_evil.py", "pytorch_model.bin"}


def test_a_broken_download_goes_on_where_it_stopped(hub, tmp_path):
    data = bytes(range(256)) * 40_000
    hub.repositories["somebody/big"] = {"model.safetensors": data}
    remote = look_up("somebody/big", None, ["*.safetensors"])

    def stop(fraction: float, said: str) -> None:
        if fraction > 0.4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        fetch([remote], tmp_path / "d", stop)
    assert not (tmp_path / "d" / "model.safetensors").exists()
    fetch([remote], tmp_path / "d", lambda *_: None)
    assert (tmp_path / "d" / "model.safetensors").read_bytes() == data
    (_, first), (_, second) = hub.ranges
    assert first is None
    assert 0.4 * len(data) < int(str(second).removeprefix("bytes=").rstrip("-")) < len(data)


def test_a_connection_that_breaks_is_said_and_the_next_pull_goes_on(hub, tmp_path):
    data = bytes(range(256)) * 20_000
    hub.repositories["somebody/big"] = {"model.safetensors": data}
    hub.cut_after["model.safetensors"] = 3_000_000
    remote = look_up("somebody/big", None, ["*.safetensors"])
    with pytest.raises(ModelNotFoundError, match="goes on where it stopped"):
        fetch([remote], tmp_path / "d", lambda *_: None)
    fetch([remote], tmp_path / "d", lambda *_: None)
    assert (tmp_path / "d" / "model.safetensors").read_bytes() == data
    assert hub.ranges[-1][1] is not None


def test_what_is_there_already_is_not_fetched_again(hub, tmp_path):
    hub.repositories["somebody/x"] = {"a.json": b"{}", "model.safetensors": b"weights"}
    remote = look_up("somebody/x", None, ["*.json", "*.safetensors"])
    fetch([remote], tmp_path / "d", lambda *_: None)
    asked = len(hub.ranges)
    fetch([remote], tmp_path / "d", lambda *_: None)
    assert len(hub.ranges) == asked


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_file_whose_hash_is_wrong_is_removed(hub, tmp_path, name):
    hub.repositories["somebody/x"] = {name: b"0123456789" * 50}
    hub.spoilt.add(name)
    remote = look_up("somebody/x", None, ["*"])
    with pytest.raises(ModelMismatchError, match="arrived damaged"):
        fetch([remote], tmp_path / "d", lambda *_: None)
    assert not (tmp_path / "d" / name).exists()


def test_an_unknown_repository_is_said(hub):
    with pytest.raises(ModelNotFoundError, match="no public repository 'no/body'"):
        pull("no/body")


def test_a_gated_repository_says_how_to_get_in(hub):
    hub.repositories["google/medsiglip-448"] = {}
    hub.gated.add("google/medsiglip-448")
    with pytest.raises(ModelNotFoundError, match="hf auth login"):
        pull("google/medsiglip-448", wishes=Wishes(accept_licence=True))


def test_a_known_licence_is_shown_before_anything_is_fetched(hub):
    with pytest.raises(LicenceError, match="Health AI Developer Foundations"):
        pull("google/medsiglip-448")
    assert hub.ranges == []


def test_a_licence_of_an_unknown_model_is_read_from_the_hub(hub, tiny):
    hub.licences["somebody/tiny"] = "cc-by-nc-4.0"
    with pytest.raises(LicenceError, match=r"cc-by-nc-4\.0"):
        pull("somebody/tiny")
    assert hub.ranges == []
    assert pull("somebody/tiny", wishes=Wishes(accept_licence=True)).is_dir()


def test_no_network_is_said_with_the_way_around_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path))
    with pytest.raises(ModelNotFoundError, match="folder here and import it") as said:
        pull("somebody/tiny")
    assert said.value.command_line == "medvlp models import FOLDER"


def test_a_full_disk_is_said_before_the_download(hub, tiny, monkeypatch):
    import shutil
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(ModelMismatchError, match=r"Not enough room .* 0\.0 GB are free"):
        pull("somebody/tiny")


def test_a_name_that_is_taken_is_said_before_the_download(hub, tiny):
    pull("somebody/tiny")
    asked = len(hub.ranges)
    with pytest.raises(ModelMismatchError, match="Give another name") as said:
        pull("somebody/tiny")
    assert "--name" in said.value.command_line
    assert len(hub.ranges) == asked


def test_files_of_a_second_repository_come_along(hub, tmp_path, monkeypatch):
    """COLIPRI's vocabulary is CXR-BERT's."""
    from medvlp.models.backends.catalogue import CATALOGUE

    known = CATALOGUE["microsoft/colipri"]
    ((other, _, _),) = known.also
    hub.repositories["microsoft/colipri"] = {"model.safetensors": b"w", "README.md": b"# COLIPRI"}
    hub.repositories[other] = {
        "vocab.txt": b"[PAD]",
        "modeling_cxrbert.py": b"",
        "config.json": b"{}",
    }
    with pytest.raises(ModelMismatchError, match=r"colipri|safetensors"):
        pull("microsoft/colipri", wishes=Wishes(accept_licence=True))
    kept = user_folder() / DOWNLOADS / "microsoft--colipri"
    assert (kept / "vocab.txt").read_bytes() == b"[PAD]"
    assert not (kept / "modeling_cxrbert.py").exists()


def test_a_hub_in_trouble_is_said_with_its_status(hub, tiny):
    hub.failing.add("config.json")
    with pytest.raises(ModelNotFoundError, match="answered with status 503"):
        pull("somebody/tiny")


def test_what_is_no_repository_is_said_without_asking(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path))
    with pytest.raises(ModelNotFoundError, match="expected OWNER/NAME"):
        pull("clip")
