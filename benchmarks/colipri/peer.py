"""COLIPRI's encoder as a process of its own environment, asked for one pass at a time."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent


def environment() -> Path | None:
    """Python of the environment that environment.sh made; None where it was not made."""
    venv = Path(os.environ.get("COLIPRI_VENV") or HERE / ".venv")
    python = venv / "bin" / "python"
    return python if python.is_file() else None


class Colipri:
    """The process, ready when it is made.

    Raises
    ------
    SystemExit
        If it stops without an answer.
    """

    def __init__(self, python: Path, threads: int) -> None:
        # Large pages, as medvlp asks for by itself: both sides run on the same kind of memory.
        self._process = subprocess.Popen(
            [str(python), str(HERE / "measure.py"), "--threads", str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "THP_MEM_ALLOC_ENABLE": "1"},
        )
        self._answer()

    def seconds_of_one_volume(self, precision: str) -> float:
        """One pass over 192 x 192 x 192 voxels, ``"bf16"`` or ``"fp32"``; it is its own warm-up."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{precision}\n")
        self._process.stdin.flush()
        return float(self._answer()["seconds"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"COLIPRI's process stopped (exit {self._process.wait()}), see above.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
