"""What npe2 sees: the manifest here, and the one in a built wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import npe2
import pytest

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "viewer_plugins" / "medvlp_napari" / "napari.yaml"


@pytest.fixture(scope="session")
def manifest():
    return npe2.PluginManifest.from_file(MANIFEST)


def test_every_command_of_the_manifest_exists(manifest):
    manifest.validate_imports()


def test_the_installed_package_offers_the_plugin():
    plugin = npe2.PluginManifest.from_distribution("medvlp")
    assert plugin.name == "medvlp"


def test_the_contributions_are_those_promised(manifest):
    contributions = manifest.contributions
    assert {s.key for s in contributions.sample_data} == {"effusion-ct", "effusion-xray"}
    assert contributions.readers[0].accepts_directories
    assert contributions.writers[0].filename_extensions == [".nii.gz", ".nii"]
    assert "napari/layers/visualize" in contributions.menus


@pytest.mark.parametrize(
    "name",
    ["a.dcm", "A.DCM", "b.nii", "b.nii.gz", "c.nrrd", "d.mha", "1.2.840.113619.2.5", "x.png"],
)
def test_npe2_finds_the_reader_by_name(manifest, name):
    manager = npe2.PluginManager()
    manager.register(manifest)
    readers = list(manager.iter_compatible_readers(name))
    assert [reader.command for reader in readers] == ["medvlp.get_reader"]


def test_npe2_finds_the_reader_for_a_folder(manifest, tmp_path):
    manager = npe2.PluginManager()
    manager.register(manifest)
    assert list(manager.iter_compatible_readers(str(tmp_path)))


def test_importing_the_package_and_its_reader_needs_neither_qt_nor_napari():
    code = (
        "import sys, medvlp_napari, medvlp_napari.reader as r; r.get_reader('a.dcm');"
        "bad = {'napari', 'qtpy', 'PySide6', 'torch', 'pydicom'} & set(sys.modules); sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_manifest_in_the_built_wheel_is_valid(tmp_path):
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("medvlp-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (entry_points,) = (tmp_path / "site").glob("medvlp-*.dist-info/entry_points.txt")
    assert "medvlp_napari:napari.yaml" in entry_points.read_text()
    packed = tmp_path / "site" / "medvlp_napari" / "napari.yaml"
    command = [sys.executable, "-m", "npe2", "validate", str(packed)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
