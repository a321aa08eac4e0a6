#!/usr/bin/env bash
# Time COLIPRI's encoder once and keep the result: measure.sh [--threads N]
# Needs several gigabytes of disk for its environment, and minutes of a quiet machine.
set -euo pipefail
cd "$(dirname "$0")"

venv="${COLIPRI_VENV:-.venv}"
if [[ ! -x "$venv/bin/python" ]]; then
  "$(../../scripts/find-python.sh)" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r requirements.txt
# Large pages, as medvlp asks for by itself: both sides run on the same kind of memory.
export THP_MEM_ALLOC_ENABLE=1
exec "$venv/bin/python" measure.py "$@"
