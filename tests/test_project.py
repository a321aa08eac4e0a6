"""The tree itself: what a release must and must not contain."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "medvlp": ROOT / "core" / "medvlp",
    "medvlp_training": ROOT / "training" / "medvlp_training",
    "medvlp_widgets": ROOT / "viewer_plugins" / "medvlp_widgets",
    "medvlp_napari": ROOT / "viewer_plugins" / "medvlp_napari",
    "medvlp_viewer": ROOT / "app" / "medvlp_viewer",
    "medvlp_resources": ROOT / "resources" / "medvlp_resources",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MIB = 2**20
# What a tree holds after its tests ran, and a checkout does not.
IGNORED = {
    ".venv",
    ".git",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    "dist",
    "runs",
}


def tracked_files() -> list[Path]:
    """Files under version control; every file when this is no checkout, or there is no git."""
    git = shutil.which("git")
    command = [git or "git", "ls-files", "-z"]
    if git is None or not (ROOT / ".git").exists():
        paths = [p for p in ROOT.rglob("*") if not IGNORED.intersection(p.relative_to(ROOT).parts)]
    else:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [p for p in paths if p.is_file()]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def python_files() -> list[Path]:
    return [path for folder in PACKAGES.values() for path in folder.rglob("*.py")]


def test_no_text_file_names_a_path_of_somebodys_machine() -> None:
    # Written so that this file does not match itself. Tests may make up paths in temporary folders.
    homes = "/" + r"(work|root|home/\w+|Users/\w+)/"
    anywhere, outside_tests = re.compile(homes), re.compile(homes + "|/" + r"tmp/\w")
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        place = path.relative_to(ROOT)
        private = anywhere if place.parts[0] == "tests" else outside_tests
        if path.suffix != ".json" or len(text) < MIB:
            found += [f"{place}: {m[0]}" for m in private.finditer(text)]
    assert not found


def test_no_file_outside_the_model_is_larger_than_a_few_megabytes() -> None:
    models = PACKAGES["medvlp_resources"] / "models"
    large = [
        f"{path.relative_to(ROOT)}: {path.stat().st_size / MIB:.1f} MiB"
        for path in tracked_files()
        if not path.is_relative_to(models) and path.stat().st_size > 4 * MIB
    ]
    assert not large


def test_the_default_model_weighs_at_most_90_megabytes() -> None:
    folder = PACKAGES["medvlp_resources"] / "models" / "small"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert 0 < size <= 90e6


def test_every_shipped_model_is_whole() -> None:
    from medvlp.models.folder import problems
    from medvlp.models.load import builtin_folder

    folders = [p for p in builtin_folder().iterdir() if p.is_dir() and p.name != "__pycache__"]
    assert {folder.name: problems(folder) for folder in folders} == {f.name: [] for f in folders}


def test_constraints_pin_every_dependency_of_every_extra() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {normalised(line.split("==")[0]) for line in lines if "==" in line}
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [*PROJECT["project"]["dependencies"], *(r for group in extras.values() for r in group)]
    names = {normalised(re.match(r"[\w.-]+", requirement)[0]) for requirement in asked}
    assert names - pinned - {"medvlp"} == set()


def test_constraints_hold_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert entries == sorted(entries, key=lambda entry: entry.split("==")[0])
    assert [e for e in entries if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", e)] == []


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "core/medvlp/__init__.py",
        "app/medvlp_viewer",
        "viewer_plugins/medvlp_widgets",
        "viewer_plugins/medvlp_napari",
    ],
)
def test_research_use_only_is_said(path: str) -> None:
    place = ROOT / path
    files = [place] if place.is_file() else list(place.rglob("*.py"))
    assert any(
        "Research use only" in text or "RESEARCH_NOTICE" in text or "ResearchNotice" in text
        for text in (file.read_text() for file in files)
    )


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {p.relative_to(ROOT): p.read_text().count("\n") for p in python_files()}
    assert {path: n for path, n in lengths.items() if n > 400} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_typed(package: str) -> None:
    assert (PACKAGES[package] / "py.typed").is_file()


def test_the_layers_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


HEAVY = ("torch", "transformers", "vtk", "vtkmodules", "monai", "SimpleITK", "PySide6", "napari")


@pytest.mark.parametrize("module", ["medvlp", "medvlp.cli", "medvlp_viewer.main", "medvlp_napari"])
def test_an_entry_point_imports_nothing_heavy_before_it_is_asked_to_work(module: str) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


def test_every_public_name_can_be_imported() -> None:
    import medvlp

    assert [name for name in medvlp.__all__ if not hasattr(medvlp, name)] == []


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names inside the wheel as it would be released."""
    from zipfile import ZipFile

    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_every_package(wheel_names: set[str]) -> None:
    tracked = tracked_files()
    expected = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in tracked
        if path.is_relative_to(folder)
    }
    assert expected - wheel_names == set()


@pytest.mark.parametrize(
    "name",
    [
        "medvlp_napari/napari.yaml",
        "medvlp_resources/lexicon/organs.json",
        "medvlp_resources/lexicon/findings.json",
        "medvlp_resources/schemas/ground.json",
        "medvlp_resources/schemas/score.json",
        "medvlp_resources/models/small/model.safetensors",
        "medvlp_resources/models/small/preprocessing.json",
    ],
)
def test_the_wheel_holds_the_data_that_the_code_reads(name: str, wheel_names: set[str]) -> None:
    assert name in wheel_names


def test_the_wheel_holds_only_the_packages(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
