"""A finished run to a model folder that :func:`medvlp.load_model` reads.

    python -m medvlp_training.engine.export --run RUN --out FOLDER [--card CARD.md]

Weights are the moving average, in fp16, with the vectors that they make of the lexicon's texts. The calibration is the identity until
``medvlp_training.evaluation.calibrate`` replaces it.
"""

from __future__ import annotations

import argparse
import json
import shutil
from glob import glob
from pathlib import Path

from safetensors.torch import load_file

from medvlp.grounding.calibration import Calibration
from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.folder import write_manifest
from medvlp.models.preprocessing import Preprocessing, XRPreprocessing
from medvlp.models.unified import UnifiedModel
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.datasets.case import read_case
from medvlp_training.datasets.concepts import broader, leaves
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.datasets.xray import read_xr
from medvlp_training.engine.config import TrainingConfig, read_config
from medvlp_training.engine.train import AVERAGE, build_model
from medvlp_training.text.vectors import keep_text_vectors

ORGAN_HEAD = {
    "CT": (
        "lung_left", "lung_right", "heart", "aorta", "trachea", "esophagus", "liver", "spleen",
        "stomach", "gallbladder", "pancreas", "kidney_left", "kidney_right", "adrenal_gland_left",
        "adrenal_gland_right", "urinary_bladder", "prostate", "colon", "small_bowel", "duodenum",
        "spinal_cord", "cervical_spine", "thoracic_spine", "lumbar_spine", "sacrum", "sternum",
        "ribs_left", "ribs_right", "hip_left", "hip_right", "femur_left", "femur_right",
        "thyroid_gland", "iliopsoas_muscles", "back_muscles", "inferior_vena_cava",
        "superior_vena_cava", "mediastinum",
    ),
    "XR": ("lung_left", "lung_right", "heart", "clavicula_left", "clavicula_right"),
}  # fmt: skip
"""Organs whose maps every encoding carries: hosts of findings and landmarks of sides."""

LICENCE = "CC BY-NC 4.0 (weights; research use only)"


def finished_model(config: TrainingConfig) -> UnifiedModel:
    """The run's model with its averaged weights."""
    model = build_model(config)
    weights = load_file(config.out / "state" / AVERAGE)
    model.load_state_dict({k: v for k, v in weights.items() if k != "updates"}, strict=False)
    return model


def prompts() -> dict[str, object]:
    """Contents of ``prompts.json``: the text of each organ of the organ head."""
    concepts = load_lexicon().concepts
    return {
        "schema": "medvlp/prompts/1",
        "organs": {
            modality: {name: concepts[name].preferred for name in names if name in concepts}
            for modality, names in ORGAN_HEAD.items()
        },
    }


def trained_concepts(config: TrainingConfig) -> dict[str, tuple[str, ...]]:
    """Concepts with at least one positive example in the run's data, by modality.

    A group of organs counts if one of its parts does; a finding counts for what it is a kind of.
    """
    seen: dict[str, set[str]] = {"CT": set(), "XR": set()}
    for path in (Path(p) for pattern in config.ct_cases for p in glob(pattern)):
        case = read_case(path)
        seen["CT"] |= {*case.names.values(), *case.lesions}
    for path in (Path(p) for pattern in config.xr_cases for p in glob(pattern)):
        xr = read_xr(path)
        seen["XR"] |= {*xr.masks, *xr.present} if not is_held_out(xr.patient) else set()
    return {modality: _with_groups(names, modality) for modality, names in seen.items()}


def _with_groups(names: set[str], modality: str) -> tuple[str, ...]:
    upward = set().union(*(broader(name) for name in names))
    found = set()
    for concept in load_lexicon().concepts.values():
        known = concept.name in upward
        known |= concept.kind == "organ" and bool(leaves(concept.name) & names)
        if known and modality in concept.modalities:
            found.add(concept.name)
    return tuple(sorted(found))


def _write_json(path: Path, value: object) -> None:
    write_bytes_atomically(path, (json.dumps(value, indent=1) + "\n").encode())


def export(run: Path, out: Path, card: Path | None = None) -> None:
    """Write the model folder of a run, manifest last."""
    config = read_config(run / "config.json")
    model = finished_model(config)
    parameters = sum(p.numel() for p in model.parameters())
    image_size = model.config.image_size
    model.half().save_pretrained(out)
    shutil.copyfile(config.text_tower / "tokenizer.json", out / "tokenizer.json")
    keep_text_vectors(out)
    preprocessing = Preprocessing(xr=XRPreprocessing(image_size=image_size))
    _write_json(out / "preprocessing.json", preprocessing.model_dump(by_alias=True))
    _write_json(out / "prompts.json", prompts())
    shown = config.model_dump(mode="json", exclude={"out"})
    _write_json(out / "training.json", shown)
    if not (out / "calibration.json").is_file():
        calibration = Calibration(trained=trained_concepts(config))
        calibration.save(out / "calibration.json")
    if card is not None:
        shutil.copyfile(card, out / "MODEL_CARD.md")
    elif not (out / "MODEL_CARD.md").is_file():
        write_bytes_atomically(out / "MODEL_CARD.md", b"# Model card\n\nNot measured yet.\n")
    seal(out, config.name, parameters)


def seal(folder: Path, name: str, parameters: int) -> None:
    """(Re)write the manifest of hashes, after any file of the folder has changed."""
    write_manifest(
        folder,
        name=name,
        title=f"medvlp unified 2D/3D encoder, {name}",
        parameters=parameters,
        modalities=["CT", "XR"],
        licence=LICENCE,
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--card", type=Path)
    arguments = parser.parse_args()
    export(arguments.run, arguments.out, arguments.card)


if __name__ == "__main__":
    main()
