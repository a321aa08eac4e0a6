#!/usr/bin/env bash
# Compare the pre-training methods: compare.sh [DATA]
# Simulates the corpus if it is not there, trains and measures what is missing, and fills
# docs/reference/comparison.md. Stopped and started again, it goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."

data="${1:-${MEDVLP_DATA:-../shared/data}}"
python="${VENV:-.venv}/bin/python"
corpus=runs/comparison/corpus

if [[ ! -f "$corpus/shards.json" ]]; then
  if [[ ! -d "$data" ]]; then
    echo "No data in $data: give its folder, or set MEDVLP_DATA." >&2
    exit 1
  fi
  [[ -f runs/shards/ct/DONE ]] ||
    "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/ct
  [[ -f runs/shards/xr/DONE ]] ||
    "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
      --hosts runs/shards/ct/hosts --out runs/shards/xr
  rm -rf "$corpus" # an interrupted conversion
  "$python" -m medvlp_training.comparison.corpus --out "$corpus"
fi
"$python" -m medvlp_training.comparison.runner --corpus "$corpus"
"$python" -m medvlp_training.comparison.table
