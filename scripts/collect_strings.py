"""Collect the texts that a user of the viewer can read, for translation.

The code holds plain English. In the viewer and its widgets every string that looks like words is
collected; in the library, which also speaks through the viewer, what is given to errors, warnings,
notes and progress. A formatted string becomes a template with ``%1``, ``%2`` ... for its values.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONTEXT = "medvlp"
INTERFACE = ("app/medvlp_viewer", "viewer_plugins/medvlp_widgets")
# Modules of the library whose every sentence can reach the viewer.
SENTENCES = (
    "core/medvlp/__init__.py",
    "core/medvlp/grounding/abstention.py",
    "core/medvlp/grounding/ground.py",
    "core/medvlp/grounding/query.py",
    "core/medvlp/grounding/scores.py",
    *("core/medvlp/io/detect.py", "core/medvlp/io/folder.py", "core/medvlp/io/series.py"),
    "core/medvlp/io/survey.py",
    "core/medvlp/io/dicom/group.py",
    "core/medvlp/io/dicom/kinds.py",
    "core/medvlp/io/dicom/regularise.py",
    "core/medvlp/io/dicom/stack.py",
    "core/medvlp/network/address.py",
    "core/medvlp/network/dicomweb_words.py",
    "core/medvlp/network/dimse_words.py",
    "core/medvlp/worker/supervisor.py",
)
# Elsewhere in the library: what errors, warnings and progress say.
LIBRARY = (
    *("core/medvlp/io", "core/medvlp/worker/child.py", "core/medvlp/session.py"),
    "core/medvlp/export/dicom_source.py",
    "core/medvlp/network/packages.py",
    *("core/medvlp/network/dimse.py", "core/medvlp/network/dimse_get.py"),
    *("core/medvlp/network/dicomweb.py", "core/medvlp/network/dicomweb_http.py"),
    *("core/medvlp/network/server.py", "core/medvlp/network/uids.py"),
    *("core/medvlp/models/load.py", "core/medvlp/models/folder.py", "core/medvlp/models/hub.py"),
    *("core/medvlp/models/device.py", "core/medvlp/models/memory.py"),
    *("core/medvlp/models/weights.py", "core/medvlp/models/licences.py"),
    *("core/medvlp/store/worklist.py", "core/medvlp/store/worklist_file.py"),
    "core/medvlp/grounding/totalsegmentator.py",
)
ERRORS = re.compile(r"Error$|^(ScanWarning|progress|report|_failure|_changed|Cancelled)$")
PROGRESSING = ("core/medvlp/models", "core/medvlp/grounding", "core/medvlp/export")
PROGRESS = re.compile(r"^(progress|report)$")
# Arguments of these are for the program alone.
SILENT = {
    "setObjectName", "setProperty", "property", "findChild", "findChildren", "getattr", "setattr",
    "hasattr", "files", "icon", "import_module", "TypeVar", "Path", "register", "with_name",
    "compile", "fullmatch", "match", "sub", "fromisoformat", "strftime", "QKeySequence", "Literal",
    "translate_context", "debug", "warning", "exception", "model_validate", "RuntimeError",
    "AssertionError", "TypeError", "KeyError", "ValueError", "AttributeError", "NotImplementedError",
    "setStyleSheet", "removeprefix", "removesuffix", "startswith", "endswith", "split", "format",
    "field_validator", "QFont", "SetInputArrayToProcess", "SetTitle", "sysconf", "getenv", "which",
}  # fmt: skip
# Modules that hold no words, and examples of questions, which are asked in English.
SILENT_IN = {"theme.py", "desktop.py", "__main__.py", "main.py", "platform.py", "language.py",
             "examples.py", "uncaught.py", "translation.py"}  # fmt: skip
# Identifiers, keys, units, file patterns: no words.
NO_WORDS = re.compile(
    r"""^(?:
        [a-z0-9_.:/#*%\-]+ | [A-Z]?[a-z]+[A-Z]\w* | [A-Z_]{7,} | SOP\w+ | MONOCHROME\d | (?:Ctrl|Shift|Alt)\+.* | [A-Z]{1,5}\d* |
        F\d+ | Columns | Rows | Modality | TOPOGRAM | (?:Pg)?(?:Up|Down) | Left | Right | Home | End | Del | Space | Esc | Return | Enter |
        [^A-Za-z]* | [APLRSIH]{3,} | \d+px\ .* | <[a-z].* | (?:%1|\w+)?[-_.%\w]*\.(?:svg|csv|png|qm|json) |
        https?:.* | Q[A-Z]\w+ | .*[{}]\s*$ | (?:\s*[a-z\-]+:[^;]+;)+\s* | %\d\D? | [A-Za-z0-9_]+/[A-Za-z0-9_/.\-+]+
    )$""",
    re.VERBOSE,
)
WORD = re.compile(r"[A-Za-z]{3}")
SHORT = {"automatic", "heat", "hidden", "failed", "peak", "no", "yes", "new", "accepted", "rejected",
         "unsure", "present", "absent", "whole", "ASK", "ORGANS", "STUDY", "WORKLIST"}  # fmt: skip


def template(node: ast.AST) -> str | None:
    """Text of a string constant or formatted string, with places for values; None for others."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, places = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            places += 1
            parts.append(f"%{places}")
    return "".join(parts)


def _renumbered(part: str) -> str:
    """Places of a part of a template counted from 1."""
    numbers = iter(range(1, 10))
    return re.sub(r"%\d", lambda _: f"%{next(numbers)}", part)


def is_text(text: str) -> bool:
    """Whether a person would read it as words."""
    bare = re.sub(r"%\d", "", text)
    if text in SHORT:
        return True
    return bool(WORD.search(bare)) and not NO_WORDS.match(text.strip()) and len(text) < 600


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


class _Collector(ast.NodeVisitor):
    """Walks a module; skips docstrings, annotations and calls that are for the program alone."""

    def __init__(self, speaking: re.Pattern[str] | None) -> None:
        self.found: list[str] = []
        self._pattern = speaking
        self._speaking = 0

    def _take(self, node: ast.AST) -> None:
        text = template(node)
        if text and is_text(text) and (self._speaking or self._pattern is None):
            # Parts joined by these are translated on their own (medvlp_widgets.translation).
            for part in re.split(r"\n| · |  ", text):
                if is_text(part.strip()):
                    self.found.append(_renumbered(part))

    def visit_Constant(self, node: ast.Constant) -> None:
        self._take(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._take(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node)
        if name in SILENT or name.startswith("is_"):
            return
        node.keywords = [k for k in node.keywords if k.arg != "command_line"]
        if name == "Command":
            node.args[:3] = node.args[1:2]
            node.args[1:] = [
                a for a in node.args[1:] if not isinstance(a, (ast.Constant, ast.Tuple))
            ]
            node.keywords = [k for k in node.keywords if k.arg not in ("keys", "icon")]
        speaking = self._pattern is not None and bool(self._pattern.search(name))
        self._speaking += speaking
        self.generic_visit(node)
        self._speaking -= speaking

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {getattr(target, "attr", getattr(target, "id", "")) for target in node.targets}
        if not names & {"__all__", "_STYLE", "SCHEMA"}:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        pass  # what is compared is not shown

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        pass

    def visit_Import(self, node: ast.Import) -> None:
        pass

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in (*node.args.defaults, *node.args.kw_defaults, *node.body):
            if part is not None:
                self.visit(part)


def _modules(parts: tuple[str, ...]) -> Iterator[Path]:
    for part in parts:
        path = ROOT / part
        yield from [path] if path.suffix else sorted(path.rglob("*.py"))


def collect() -> list[str]:
    """Every text, sorted."""
    found: set[str] = set()
    for parts, speaking in (
        (INTERFACE, None),
        (SENTENCES, None),
        (LIBRARY, ERRORS),
        (PROGRESSING, PROGRESS),
    ):
        for path in _modules(parts):
            if path.name not in SILENT_IN:
                collector = _Collector(speaking)
                collector.visit(ast.parse(path.read_text(encoding="utf-8")))
                found.update(collector.found)
    return sorted(found)


def main(sources: Path, templates: Path) -> None:
    """Write the texts as a module that lupdate reads, and the list of templates."""
    texts = collect()
    lines = [f"QT_TRANSLATE_NOOP({CONTEXT!r}, {json.dumps(t, ensure_ascii=False)})" for t in texts]
    sources.write_text("\n".join(lines) + "\n", encoding="utf-8")
    listed = [text for text in texts if re.search(r"%\d", text)]
    templates.write_text(json.dumps(listed, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
