#!/usr/bin/env bash
# Print the path of a Python of at least 3.11: $PYTHON if it is set, else the newest that runs.
set -euo pipefail

wanted='import sys; sys.exit(sys.version_info < (3, 11))'

if [[ -n "${PYTHON:-}" ]]; then
  if "$PYTHON" -c "$wanted" 2>/dev/null; then
    command -v "$PYTHON"
    exit 0
  fi
  echo "medvlp needs Python 3.11 or later; PYTHON=$PYTHON is not one." >&2
  exit 1
fi

for name in python3.13 python3.12 python3.11 python3; do
  if command -v "$name" >/dev/null && "$name" -c "$wanted" 2>/dev/null; then
    command -v "$name"
    exit 0
  fi
done

found="$(python3 --version 2>/dev/null || echo none)"
cat >&2 <<MESSAGE
medvlp needs Python 3.11 or later. Found: $found.
  Debian 12+, Ubuntu 24.04+:  sudo apt-get install python3 python3-venv
  macOS:                      brew install python@3.12
Or say where one is:          make demo PYTHON=/path/to/python3
MESSAGE
exit 1
