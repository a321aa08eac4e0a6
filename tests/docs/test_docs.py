"""The documentation is true: its snippets run, its links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("*.md"))]

_FENCE = re.compile(r"^```(python|console) runnable\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


@dataclass(frozen=True)
class Snippet:
    language: str
    code: str
    line: int


def snippets(page: Path) -> list[Snippet]:
    """Blocks opened by ```` ```python runnable ```` or ```` ```console runnable ````, in order."""
    text = page.read_text()
    return [Snippet(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in _FENCE.finditer(text)]


def commands(console: str) -> str:
    """What follows the prompts; a command goes on over lines that end in a backslash."""
    lines, continued = [], False
    for line in console.splitlines():
        if line.startswith("$ ") or continued:
            lines.append(line.removeprefix("$ "))
            continued = line.endswith("\\")
    return "\n".join(lines)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


WITH_SNIPPETS = [page for page in PAGES if snippets(page)]


def test_some_pages_have_runnable_snippets() -> None:
    assert len(WITH_SNIPPETS) >= 5


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", WITH_SNIPPETS, ids=name)
def test_the_snippets_of_a_page_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    namespace: dict[str, object] = {"__name__": "snippet"}
    for snippet in snippets(page):
        if snippet.language == "python":
            # Blank lines in front, so that a traceback names the line of the page.
            code = compile("\n" * (snippet.line - 1) + snippet.code, str(page), "exec")
            exec(code, namespace)
        else:
            script = commands(snippet.code)
            assert script, f"{name(page)}:{snippet.line}: no line starts with '$ '"
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
            )
            assert done.returncode == 0, f"{name(page)}:{snippet.line}\n{script}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_between_pages_lead_to_files(page: Path) -> None:
    targets = _LINK.findall(page.read_text())
    local = [t.split("#")[0] for t in targets if not re.match(r"[a-z]+:|#", t)]
    missing = [t for t in local if not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/*/*.md")), ids=name)
def test_every_page_is_in_the_table_of_contents(page: Path) -> None:
    contents = (ROOT / "docs" / "README.md").read_text()
    assert f"({page.relative_to(ROOT / 'docs')})" in contents


def options_of(command: Any) -> set[str]:
    """Long options of a command and of everything below it."""
    found = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
    for child in getattr(command, "commands", {}).values():
        found |= options_of(child)
    return {name for name in found if name.startswith("--")}


def test_the_page_about_the_command_line_names_only_options_that_exist() -> None:
    import typer

    from medvlp.cli.app import app
    from medvlp_viewer.main import _parser

    real = options_of(typer.main.get_command(app)) | {"--help"}
    real |= {name for action in _parser()._actions for name in action.option_strings}
    documented = set(_OPTION.findall((ROOT / "docs/reference/cli.md").read_text()))
    assert documented - real == set()


def test_the_page_about_the_command_line_names_every_command() -> None:
    import typer

    from medvlp.cli.app import app

    text = (ROOT / "docs/reference/cli.md").read_text()
    commands = typer.main.get_command(app).commands
    assert [name for name in commands if f"medvlp {name}" not in text] == []
