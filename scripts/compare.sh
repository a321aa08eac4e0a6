#!/usr/bin/env bash
# Compare the pre-training methods: compare.sh [DATA]
# Simulates the corpus if it is not there, trains and measures what is missing, and fills
# docs/reference/comparison.md. Stopped and started again, it goes on where it was.
set -euo pipefail
cd "$(dirname "$0")/.."

data="${1:-${MEDVLP_DATA:-../shared/data}}"
python="${VENV:-.venv}/bin/python"
corpus=runs/comparison/corpus
cases=runs/comparison/cases

if [[ ! -f "$corpus/CT/shards.json" || ! -f "$corpus/XR/shards.json" ]]; then
  if [[ ! -d "$data" ]]; then
    echo "No data in $data: give its folder, or set MEDVLP_DATA." >&2
    exit 1
  fi
  [[ -f "$cases/DONE" ]] ||
    "$python" -m medvlp_training.simulation.shards --data "$data" --out "$cases" \
      --cases 400 --workers 2
  "$python" -m medvlp_training.comparison.corpus --data "$data" --ct "$cases/case_*.safetensors" \
    --out "$corpus"
fi
"$python" -m medvlp_training.comparison.runner --corpus "$corpus"
"$python" -m medvlp_training.comparison.table
