"""What the whole command line promises: streams, exit statuses, help."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from medvlp.errors import Cancelled, MedVLPError

COMMANDS = (
    ["info"],
    ["ground"],
    ["score"],
    ["encode"],
    ["train"],
    ["evaluate"],
    ["doctor"],
    ["models", "list"],
    ["models", "show"],
    ["models", "verify"],
    ["models", "import"],
    ["models", "pull"],
    ["models", "remove"],
    ["models", "benchmark"],
    ["samples", "list"],
    ["samples", "get"],
    ["index", "search"],
    ["pacs", "echo"],
    ["pacs", "find"],
    ["pacs", "get"],
    ["pacs", "send"],
)
# Importing one of these costs more than the whole budget of `medvlp --help`.
HEAVY = (
    "numpy",
    "torch",
    "transformers",
    "pydicom",
    "SimpleITK",
    "scipy",
    "nibabel",
    "PIL",
    "rich",
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_of_the_contract_has_help(medvlp, command: list[str]) -> None:
    result = medvlp(*command, "--help")
    assert result.status == 0
    assert "Usage: medvlp " + " ".join(command) in result.out


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom medvlp.cli import main\nstatus = main(['--help'])\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\nsys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"
    assert "Research use only" in done.stdout


@pytest.mark.parametrize("command", [[], ["models"], ["samples"], ["index"]], ids=str)
def test_no_sentence_about_a_command_is_cut_off(medvlp, command: list[str]) -> None:
    assert "..." not in medvlp(*command, "--help").out.split("Commands:")[1]


def test_the_installed_command_prints_its_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "medvlp.cli", "--version"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "medvlp", "")


@pytest.mark.parametrize(
    "arguments",
    [["ground"], ["no-such-command"], ["info", "--no-such-option"], ["score", "a", "b"]],
)
def test_bad_usage_is_exit_status_2_with_nothing_on_stdout(medvlp, arguments: list[str]) -> None:
    result = medvlp(*arguments)
    assert (result.status, result.out) == (2, "")
    assert "Usage" in result.err


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("medvlp.io.open.open_scan", fail)


class OddError(MedVLPError):
    exit_status = 4


def test_an_error_made_on_purpose_is_one_line_with_its_own_exit_status(
    medvlp, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, OddError("What, where, and what to do."))
    result = medvlp("info", "x.nii")
    assert (result.status, result.out, result.err) == (
        4,
        "",
        "medvlp: What, where, and what to do.\n",
    )


def test_a_defect_is_one_line_that_says_how_to_see_more(
    medvlp, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, ZeroDivisionError("division by zero"))
    result = medvlp("info", "x.nii")
    assert (result.status, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert "MEDVLP_DEBUG=1" in result.err
    monkeypatch.setenv("MEDVLP_DEBUG", "1")
    assert "Traceback" in medvlp("info", "x.nii").err


def test_a_full_disk_is_said_in_the_systems_words(medvlp, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, OSError(errno.ENOSPC, "No space left on device", "out/liver.png"))
    result = medvlp("info", "x.nii")
    assert (result.status, result.err) == (1, "medvlp: No space left on device: out/liver.png.\n")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled("Stopped.")])
def test_an_interrupt_is_exit_status_130_without_a_traceback(
    medvlp, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    failing(monkeypatch, error)
    result = medvlp("info", "x.nii")
    assert (result.status, result.out) == (130, "")
    assert result.err.startswith("medvlp: ")
    assert "Traceback" not in result.err


def test_what_libraries_print_does_not_spoil_the_json(
    medvlp, ct_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medvlp.io import open as io_open

    real = io_open.open_scan

    def noisy(*arguments, **options):
        print("a library is chatty")
        return real(*arguments, **options)

    monkeypatch.setattr(io_open, "open_scan", noisy)
    result = medvlp("ground", ct_file, "liver")
    assert json.loads(result.out)["schema"] == "medvlp/ground/1"
    assert "chatty" in result.err


def test_a_reader_that_stops_reading_causes_no_traceback(ct_file: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "medvlp.cli", "samples", "list"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    assert "Traceback" not in done.stderr


def test_training_that_is_not_installed_is_named(medvlp, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another test may have imported the module already: both names have to be missing.
    for name in ("medvlp_training", "medvlp_training.engine.cli"):
        monkeypatch.setitem(sys.modules, name, None)
    result = medvlp("train", "small")
    assert result.status == 3
    assert "medvlp[train]" in result.err
    assert "Traceback" not in result.err


def test_train_and_evaluate_hand_their_arguments_over(
    medvlp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from types import ModuleType

    seen: list[tuple] = []
    for name, function in (("engine", "train"), ("evaluation", "evaluate")):
        module = ModuleType(f"medvlp_training.{name}.cli")
        setattr(module, function, lambda *arguments: seen.append(arguments))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(
            sys.modules, f"medvlp_training.{name}", ModuleType(f"medvlp_training.{name}")
        )
    assert medvlp("train", "small").status == 0
    two = ("--model", "tiny", "--model", "other")
    assert medvlp("evaluate", "grounding", "--data", tmp_path, *two).status == 0
    few = ("--patients", "9", "--images", "XR")
    assert medvlp("evaluate", "probe", "--data", tmp_path, *few).status == 0
    assert seen == [
        ("small",),
        ("grounding", tmp_path, ["tiny", "other"], None, None, None, None),
        ("probe", tmp_path, None, None, 9, None, "XR"),
    ]
