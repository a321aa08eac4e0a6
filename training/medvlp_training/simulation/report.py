"""A report in a radiologist's words: what was placed, and what is known to be normal."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.case import Lesion
from medvlp_training.simulation.wording import choose

_NORMAL: dict[str, tuple[str, ...]] = {
    "pleural_effusion": ("No pleural effusion.", "No pleural fluid."),
    "pneumothorax": ("No pneumothorax.", "There is no evidence of pneumothorax."),
    "lung_nodule": ("No pulmonary nodule.", "No suspicious lung nodules."),
    "lung_mass": ("No lung mass.", "There is no pulmonary mass."),
    "consolidation": ("No consolidation.", "No focal airspace consolidation."),
    "ground_glass_opacity": ("No ground-glass opacity.", "There are no ground glass opacities."),
    "atelectasis": ("No atelectasis.", "No collapse or atelectasis."),
    "emphysema": ("No emphysema.", "No emphysematous change."),
    "pericardial_effusion": ("No pericardial effusion.", "There is no pericardial fluid."),
    "cardiomegaly": ("The heart is normal in size.", "Heart size is within normal limits."),
    "lymphadenopathy": (
        "No mediastinal lymphadenopathy.",
        "No enlarged mediastinal or hilar nodes.",
    ),
    "liver_lesion": ("No focal liver lesion.", "No hepatic mass."),
    "liver_cyst": ("No liver cyst.",),
    "renal_cyst": ("No renal cyst.",),
    "kidney_stone": ("No renal stones.", "No nephrolithiasis."),
    "ascites": ("No ascites.", "No free fluid in the abdomen."),
    "rib_fracture": ("No rib fracture.", "The ribs are intact."),
    "vertebral_fracture": ("No vertebral fracture.", "Vertebral body heights are preserved."),
}
_LUNG = (
    "consolidation", "ground_glass_opacity", "lung_nodule", "lung_mass", "atelectasis", "emphysema",
    "pleural_effusion", "pneumothorax",
)  # fmt: skip
_CLEAR = ("consolidation", "ground_glass_opacity", "lung_nodule", "lung_mass")
_PLEURA = ("pleural_effusion", "pneumothorax")
_CLEAR_WORDS = ("The lungs are clear.", "Clear lungs.")
_PLEURA_WORDS = ("No pleural effusion or pneumothorax.", "No effusion or pneumothorax.")

DENIED: dict[str, tuple[str, ...]] = {
    **{words: (name,) for name, options in _NORMAL.items() for words in options},
    **dict.fromkeys(_CLEAR_WORDS, _CLEAR),
    **dict.fromkeys(_PLEURA_WORDS, _PLEURA),
}
"""Normal statement to the findings that it denies."""


def write_report(
    placed: tuple[Lesion, ...], absent: tuple[str, ...], rng: np.random.Generator
) -> str:
    """Sentences about the lesions first, then some of the normal statements that hold.

    Parameters
    ----------
    placed
        Lesions in the scan.
    absent
        Findings known not to be in the scan; nothing else is declared normal.
    """
    found = {lesion.finding for lesion in placed}
    order = rng.permutation(len(placed))
    sentences = [placed[i].sentence for i in order]
    normal = [name for name in absent if name not in found and name in _NORMAL]
    if not found & set(_LUNG) and all(name in normal for name in _CLEAR) and rng.random() < 0.5:
        sentences.append(choose(rng, _CLEAR_WORDS))
        normal = [name for name in normal if name not in _CLEAR]
    if set(_PLEURA) <= set(normal) and rng.random() < 0.6:
        sentences.append(choose(rng, _PLEURA_WORDS))
        normal = [n for n in normal if n not in _PLEURA]
    rng.shuffle(normal)
    kept = normal[: int(rng.integers(2, 6))]
    sentences += [choose(rng, _NORMAL[name]) for name in kept]
    if not placed and "lung_nodule" in absent and rng.random() < 0.4:
        sentences.append("No acute abnormality.")
    return " ".join(sentences)
