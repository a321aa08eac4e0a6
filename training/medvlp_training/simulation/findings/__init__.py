"""One finding per module; :data:`SIMULATORS` maps names of the lexicon to them."""

from __future__ import annotations

from collections.abc import Callable

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Lesion, Request
from medvlp_training.simulation.findings.ascites import add_ascites
from medvlp_training.simulation.findings.atelectasis import add_atelectasis
from medvlp_training.simulation.findings.cardiomegaly import add_cardiomegaly
from medvlp_training.simulation.findings.central_venous_catheter import (
    add_central_venous_catheter,
)
from medvlp_training.simulation.findings.consolidation import add_consolidation
from medvlp_training.simulation.findings.emphysema import add_emphysema
from medvlp_training.simulation.findings.endotracheal_tube import add_endotracheal_tube
from medvlp_training.simulation.findings.enteric_tube import add_enteric_tube
from medvlp_training.simulation.findings.ground_glass_opacity import add_ground_glass_opacity
from medvlp_training.simulation.findings.kidney_stone import add_kidney_stone
from medvlp_training.simulation.findings.liver_lesion import add_liver_cyst, add_liver_lesion
from medvlp_training.simulation.findings.lung_mass import add_lung_mass
from medvlp_training.simulation.findings.lung_nodule import add_lung_nodule
from medvlp_training.simulation.findings.lymphadenopathy import add_lymphadenopathy
from medvlp_training.simulation.findings.pacemaker import add_pacemaker
from medvlp_training.simulation.findings.pericardial_effusion import add_pericardial_effusion
from medvlp_training.simulation.findings.pleural_effusion import add_pleural_effusion
from medvlp_training.simulation.findings.pneumothorax import add_pneumothorax
from medvlp_training.simulation.findings.renal_cyst import add_renal_cyst
from medvlp_training.simulation.findings.rib_fracture import add_rib_fracture
from medvlp_training.simulation.findings.vertebral_fracture import add_vertebral_fracture

Simulator = Callable[[Canvas, Request], Lesion]

# In the order in which they are applied: what moves tissue comes first, so that the masks of what
# follows stay true.
SIMULATORS: dict[str, Simulator] = {
    "vertebral_fracture": add_vertebral_fracture,
    "rib_fracture": add_rib_fracture,
    "cardiomegaly": add_cardiomegaly,
    "pneumothorax": add_pneumothorax,
    "pleural_effusion": add_pleural_effusion,
    "pericardial_effusion": add_pericardial_effusion,
    "emphysema": add_emphysema,
    "ground_glass_opacity": add_ground_glass_opacity,
    "consolidation": add_consolidation,
    "atelectasis": add_atelectasis,
    "lung_mass": add_lung_mass,
    "lung_nodule": add_lung_nodule,
    "lymphadenopathy": add_lymphadenopathy,
    "ascites": add_ascites,
    "liver_lesion": add_liver_lesion,
    "liver_cyst": add_liver_cyst,
    "renal_cyst": add_renal_cyst,
    "kidney_stone": add_kidney_stone,
    "enteric_tube": add_enteric_tube,
    "endotracheal_tube": add_endotracheal_tube,
    "central_venous_catheter": add_central_venous_catheter,
    "pacemaker": add_pacemaker,
}

NEEDED_ORGAN: dict[str, str] = {
    **dict.fromkeys(SIMULATORS, "lung_"),
    "vertebral_fracture": "vertebrae_", "rib_fracture": "rib_",
    "cardiomegaly": "heart", "pericardial_effusion": "heart",
    "ascites": "liver", "liver_lesion": "liver", "liver_cyst": "liver",
    "renal_cyst": "kidney_", "kidney_stone": "kidney_",
    "enteric_tube": "esophagus", "endotracheal_tube": "trachea",
    "central_venous_catheter": "superior_vena_cava", "pacemaker": "superior_vena_cava",
}  # fmt: skip
"""How the name of an organ begins without which a finding has no place in a scan."""
