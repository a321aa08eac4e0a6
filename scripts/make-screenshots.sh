#!/usr/bin/env bash
# Make the pictures of the documentation again: make-screenshots.sh [NAME...]
# Real scans are taken from $MEDVLP_DATA, by default ../shared/data; without them the samples of the
# package stand in. What this version cannot show is left out with a message.
set -euo pipefail
cd "$(dirname "$0")/.."

data="${MEDVLP_DATA:-../shared/data}"
python="${VENV:-.venv}/bin/python"
names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(viewer-ct viewer-xray viewer-organs viewer-3d viewer-triage
  viewer-compare viewer-models viewer-first-start napari)

# Settings, caches and worklists of the user stay out of the pictures.
home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
export XDG_CONFIG_HOME="$home/config" XDG_STATE_HOME="$home/state" XDG_DATA_HOME="$home/data"
export MEDVLP_WORKLISTS="$home/worklists" LIBGL_ALWAYS_SOFTWARE=1 LANG=C.UTF-8

for name in "${names[@]}"; do
  arguments=("$name" docs/images)
  [[ ! -d "$data" ]] || arguments+=("$data")
  scripts/with-display.sh "$python" scripts/make_screenshots.py "${arguments[@]}" || status=$?
  [[ "${status:-0}" == 0 || "${status:-0}" == 3 ]] || exit "$status"
  status=0
done
