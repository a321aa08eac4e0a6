#!/usr/bin/env bash
# Train the default model from nothing: train-default.sh [DATA]
#
# DATA (default: $MEDVLP_DATA, else ../shared/data) holds the public scans and reports. Everything
# is written under runs/. Each step is seeded and goes on where it stopped, so start it again after
# an interruption. Hours on two CPU cores.
set -euo pipefail
cd "$(dirname "$0")/.."

data="${1:-${MEDVLP_DATA:-../shared/data}}"
python="${VENV:-.venv}/bin/python"

if [[ ! -d "$data/text" ]]; then
  echo "No training data in $data: give its folder, or set MEDVLP_DATA." >&2
  exit 1
fi

if [[ ! -f runs/prepared/DONE ]]; then
  "$python" -m medvlp_training.datasets.prepare --data "$data" --out runs/prepared
  touch runs/prepared/DONE
fi
[[ -f runs/shards/ct/DONE ]] ||
  "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/ct \
    --cases 842
[[ -f runs/shards/chest/DONE ]] ||
  "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/chest \
    --cases 1100 --phantoms 12 --seed 7 --findings consolidation lung_mass consolidation \
    pleural_effusion ground_glass_opacity none consolidation lung_mass pneumothorax \
    pleural_effusion lung_nodule consolidation none atelectasis
[[ -f runs/shards/xr/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr
[[ -f runs/shards/xr_nih/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_nih --lungs-by small \
    --painted 900 --projected 0 --seed 5
[[ -f runs/shards/xr_faint/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_faint --painted 700 --projected 0 --seed 8 \
    --findings lung_nodule lung_nodule lung_nodule lung_mass pleural_effusion consolidation
[[ -f runs/shards/xr_faint_nih/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_faint_nih --lungs-by small \
    --painted 500 --projected 0 --seed 9 \
    --findings lung_nodule lung_nodule lung_mass consolidation pneumothorax
[[ -f runs/shards/xr_effusion/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_effusion --lungs-by small \
    --painted 500 --projected 0 --seed 11 \
    --findings pleural_effusion pleural_effusion cardiomegaly consolidation pneumothorax atelectasis
[[ -f runs/text_tower/model.safetensors ]] ||
  "$python" -m medvlp_training.text.train --data "$data/text" --out runs/text_tower \
    --steps 1200
"${python%/*}/medvlp" train small
"$python" -m medvlp_training.engine.export --run runs/small --out runs/export/small_first
"$python" -m medvlp_training.text.shipped --model runs/export/small_first --out runs/text_tower_first
"${python%/*}/medvlp" train small_further
"$python" -m medvlp_training.engine.export --run runs/small_further --out runs/export/small
[[ -f runs/shards/validation/DONE ]] ||
  "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/validation \
    --cases 132 --phantoms 8 --seed 99
"$python" -m medvlp_training.evaluation.calibrate --data "$data" --shards runs/shards/validation \
  --cases runs/prepared/ct/lidc.safetensors runs/prepared/ct/totalseg.safetensors \
  --model runs/export/small
echo "The model is in runs/export/small. Check it: medvlp models verify runs/export/small"
