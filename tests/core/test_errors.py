"""What errors say: options and commands to the command line alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from medvlp.errors import MedVLPError

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("core/medvlp", "viewer_plugins", "app/medvlp_viewer")
# Modules that speak at a prompt only.
AT_THE_PROMPT = ("core/medvlp/cli/", "app/medvlp_viewer/main.py")
COMMAND = re.compile(
    r"(?<![-\w])--[a-z]|\bmedvlp (?:models|pacs|index|info|ground|score|encode|samples|doctor) [a-z]"
)


class _Sentences(ast.NodeVisitor):
    """Strings of a module, but docstrings, arguments of other programs and ``command_line``."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and " " in node.value.strip():
            self.found.append((node.lineno, node.value))

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {getattr(target, "id", "").lower().strip("_") for target in node.targets}
        if "command_line" not in names:
            self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg != "command_line":
            self.generic_visit(node)


def _modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not path.relative_to(ROOT).as_posix().startswith(AT_THE_PROMPT):
                yield path


def test_nothing_that_a_window_can_show_names_commands_or_options():
    named = []
    for path in _modules():
        sentences = _Sentences()
        sentences.visit(ast.parse(path.read_text(encoding="utf-8")))
        named += [
            f"{path.relative_to(ROOT)}:{line}: {text}"
            for line, text in sentences.found
            if COMMAND.search(text)
        ]
    assert not named, "\n".join(named)


def test_the_prompt_says_what_else_helps():
    error = MedVLPError("There is no such model.", command_line="See 'medvlp models list'.")
    assert str(error) == "There is no such model."
    assert error.at_the_prompt == "There is no such model. See 'medvlp models list'."
