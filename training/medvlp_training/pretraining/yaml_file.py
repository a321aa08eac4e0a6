"""YAML read so that an error can name the line, and so that nothing is read twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from medvlp.errors import MedVLPError


@dataclass(frozen=True)
class YamlFile:
    """Contents of a YAML mapping and where each key stands.

    Parameters
    ----------
    path
        For messages.
    values
        The mapping as plain Python values.
    text
        As it was written.
    """

    path: Path
    values: dict[str, Any]
    text: str

    def line(self, keys: Sequence[str | int]) -> int:
        """Line, from 1, of the deepest of the nested ``keys`` that the file has."""
        node = yaml.compose(self.text, Loader=yaml.SafeLoader)
        line = 1
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if k.value == str(key)]
                if not found:
                    break
                line, node = found[0][0].start_mark.line + 1, found[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
                node = node.value[key]
                line = node.start_mark.line + 1
            else:
                break
        return line


def read_yaml(path: Path) -> YamlFile:
    """Read a file whose top level is a mapping.

    Raises
    ------
    MedVLPError
        If it cannot be read, is not YAML, is no mapping, or names a key twice.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise MedVLPError(f"The configuration {path} cannot be read ({error}).") from error
    except yaml.YAMLError as error:
        raise MedVLPError(f"{path} is not YAML: {error}") from error
    if not isinstance(values, dict):
        raise MedVLPError(
            f"{path}: expected keys and values, found {type(values).__name__}. "
            "See docs/reference/pretraining-config.md."
        )
    _refuse_repeated_keys(path, node)
    return YamlFile(Path(path), values, text)


def _refuse_repeated_keys(path: Path, node: Any) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise MedVLPError(
                    f"{path}: {key.value!r} is given twice, in lines {seen[key.value]} and {line}. "
                    "Keep one of them."
                )
            seen[key.value] = line
            _refuse_repeated_keys(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(path, item)
