"""The two label sets of report labelers: 14 of CheXpert, 18 of CT-RATE, and the concepts they mean.

CheXpert: Irvin et al., AAAI 2019. CT-RATE: Hamamci et al., arXiv:2403.17834.
"""

from __future__ import annotations

CT_RATE = {
    "Medical material": "medical_device",
    "Arterial wall calcification": "arterial_calcification",
    "Cardiomegaly": "cardiomegaly",
    "Pericardial effusion": "pericardial_effusion",
    "Coronary artery wall calcification": "coronary_calcification",
    "Hiatal hernia": "hiatal_hernia",
    "Lymphadenopathy": "lymphadenopathy",
    "Emphysema": "emphysema",
    "Atelectasis": "atelectasis",
    "Lung nodule": "lung_nodule",
    "Lung opacity": "lung_opacity",
    "Pulmonary fibrotic sequela": "pulmonary_fibrosis",
    "Pleural effusion": "pleural_effusion",
    "Mosaic attenuation pattern": "mosaic_attenuation",
    "Peribronchial thickening": "bronchial_wall_thickening",
    "Consolidation": "consolidation",
    "Bronchiectasis": "bronchiectasis",
    "Interlobular septal thickening": "septal_thickening",
}
"""CT-RATE's columns to lexicon concepts."""

NO_FINDING = "no_finding"
"""CheXpert's "No Finding": not a concept of the lexicon, a statement about all the others."""

CHEXPERT = {
    "No Finding": NO_FINDING,
    "Enlarged Cardiomediastinum": "widened_mediastinum",
    "Cardiomegaly": "cardiomegaly",
    "Lung Lesion": "lung_lesion",
    "Lung Opacity": "lung_opacity",
    "Edema": "pulmonary_edema",
    "Consolidation": "consolidation",
    "Pneumonia": "pneumonia",
    "Atelectasis": "atelectasis",
    "Pneumothorax": "pneumothorax",
    "Pleural Effusion": "pleural_effusion",
    "Pleural Other": "pleural_other",
    "Fracture": "fracture",
    "Support Devices": "medical_device",
}
"""CheXpert's columns to lexicon concepts.

``no_finding``, ``lung_lesion`` (nodule or mass) and ``pleural_other`` (pleural disease other than
effusion and pneumothorax) are names of CheXpert's own: no single concept of the lexicon means them.
"""
