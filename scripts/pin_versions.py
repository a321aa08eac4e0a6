"""Print constraints.txt: what pip resolves today for every extra of the project, and for PyQt6.

Run in the project's environment, then run the tests with the result before committing it::

    .venv/bin/python scripts/pin_versions.py > constraints.new && mv constraints.new constraints.txt
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

HEADER = """\
# The versions that the tests run with, for every extra and for PyQt6. Used by `make demo` and
# `make test`:
#     pip install -c constraints.txt '.[viewer]'
# The project itself asks only for the lower bounds in pyproject.toml. Written by
# scripts/pin_versions.py.
"""


def resolve(requirement: str) -> dict[str, str]:
    """Name to version of everything that pip would install for ``requirement``."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
    report = subprocess.run(
        [*command, "--report", "-", requirement], cwd=ROOT, check=True, capture_output=True
    ).stdout
    found = (entry["metadata"] for entry in json.loads(report)["install"])
    # A local label such as +cpu names a build, not a version.
    return {
        re.sub(r"[-_.]+", "-", item["name"]).lower(): item["version"].split("+")[0]
        for item in found
    }


def main() -> None:
    # No extra brings PyQt6: in napari the binding is the user's choice.
    versions = resolve(".[all,test]") | resolve("PyQt6")
    versions.pop("medvlp")
    print(HEADER, end="")
    for name, version in sorted(versions.items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
