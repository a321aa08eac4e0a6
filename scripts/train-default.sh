#!/usr/bin/env bash
# Train the default model from nothing: train-default.sh [DATA]
#
# DATA (default: $MEDVLP_DATA, else ../shared/data) holds the public scans and reports. Everything
# is written under runs/. Each step is seeded and goes on where it stopped, so start it again after
# an interruption. Many hours on two CPU cores, most of them in the last run, which a graphics card
# does in twenty minutes.
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
    --cases 1500
[[ -f runs/shards/chest/DONE ]] ||
  "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/chest \
    --cases 3000 --phantoms 12 --seed 7 --findings consolidation pleural_effusion lung_mass \
    pneumothorax pleural_effusion consolidation ground_glass_opacity none lung_mass \
    pleural_effusion consolidation lung_nodule none atelectasis
[[ -f runs/shards/xr/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr --painted 900
[[ -f runs/shards/xr_nih/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_nih --lungs-by small \
    --painted 900 --projected 0 --seed 5
[[ -f runs/shards/xr_faint/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_faint --painted 900 --projected 0 --seed 8 \
    --findings lung_nodule lung_nodule lung_nodule lung_mass pleural_effusion consolidation atelectasis
[[ -f runs/shards/xr_faint_nih/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_faint_nih --lungs-by small \
    --painted 900 --projected 0 --seed 9 \
    --findings lung_nodule lung_nodule lung_mass consolidation pneumothorax
[[ -f runs/shards/xr_effusion/DONE ]] ||
  "$python" -m medvlp_training.simulation.xray_shards --data "$data" \
    --hosts runs/shards/ct/hosts --out runs/shards/xr_effusion --lungs-by small \
    --painted 900 --projected 0 --seed 11 \
    --findings pleural_effusion pleural_effusion cardiomegaly consolidation pneumothorax atelectasis
[[ -f runs/text_tower/model.safetensors ]] ||
  "$python" -m medvlp_training.text.train --data "$data/text" --out runs/text_tower \
    --steps 1200
"${python%/*}/medvlp" train small
"$python" -m medvlp_training.engine.export --run runs/small --out runs/export/small_first
"$python" -m medvlp_training.text.shipped --model runs/export/small_first --out runs/text_tower_first
"${python%/*}/medvlp" train small_further
"$python" -m medvlp_training.engine.export --run runs/small_further --out runs/export/small_second
"$python" -m medvlp_training.text.shipped --model runs/export/small_second --out runs/text_tower_second
"${python%/*}/medvlp" train small_large_batch
"$python" -m medvlp_training.engine.export --run runs/small_large_batch --out runs/export/small
[[ -f runs/shards/validation/DONE ]] ||
  "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/validation \
    --cases 132 --phantoms 8 --seed 99
[[ -f runs/shards/validation_chest/DONE ]] ||
  "$python" -m medvlp_training.simulation.shards --data "$data" --out runs/shards/validation_chest \
    --cases 240 --phantoms 8 --seed 98 --findings consolidation pleural_effusion lung_mass \
    pneumothorax none lung_nodule ground_glass_opacity atelectasis
"$python" -m medvlp_training.evaluation.calibrate --data "$data" \
  --shards runs/shards/validation runs/shards/validation_chest \
  --cases runs/prepared/ct/lidc.safetensors runs/prepared/ct/totalseg.safetensors \
  --model runs/export/small
echo "The model is in runs/export/small. Check it: medvlp models verify runs/export/small"
