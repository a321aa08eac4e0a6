#!/usr/bin/env bash
# Make the environment in which COLIPRI's encoder is timed: several gigabytes of disk.
set -euo pipefail
cd "$(dirname "$0")"

venv="${COLIPRI_VENV:-.venv}"
if [[ ! -x "$venv/bin/python" ]]; then
  "$(../../scripts/find-python.sh)" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r requirements.txt
