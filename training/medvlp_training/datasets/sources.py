"""Which collections of the data folder are used, how, and what their labels mean here."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CTSource:
    """One CT volume.

    Parameters
    ----------
    name, patient
        File stem of the case, identifier for the split.
    volume, mask, labels
        Paths below the data folder; ``labels`` is a JSON table of label to name.
    annotated
        Organs labelled wherever they are; None: every name of the table.
    lesion_labels
        Labels of the mask that are findings.
    held_out
        Never trained on: its real findings and masks are for evaluation.
    """

    name: str
    patient: str
    volume: str
    mask: str | None = None
    labels: str | None = None
    annotated: tuple[str, ...] | None = None
    lesion_labels: dict[int, str] = field(default_factory=dict)
    sides: dict[str, str | None] = field(default_factory=dict)
    held_out: bool = False


def _thorax(name: str, annotated: tuple[str, ...], held_out: bool, **more: object) -> CTSource:
    return CTSource(
        name,
        name,
        f"ct_thorax/{name}_ct.nii.gz",
        f"ct_thorax/{name}_seg.nii.gz",
        "ct_thorax/labels.json",
        annotated,
        held_out=held_out,
        **more,  # type: ignore[arg-type]
    )


CT_SOURCES = (
    CTSource("lidc", "lidc", "ct_lidc/ct.nii.gz", "ct_lidc/seg.nii.gz", "ct_lidc/seg_labels.json"),
    CTSource(
        "totalseg",
        "totalseg",
        "ct_totalseg/example_ct.nii.gz",
        "ct_totalseg/example_ct_seg_fast.nii.gz",
        "ct_totalseg/class_map_total.json",
    ),
    CTSource(
        "totalseg-crop",
        "totalseg",
        "ct_totalseg/example_ct_sm.nii.gz",
        "ct_totalseg/example_seg.nii.gz",
        "ct_totalseg/class_map_total.json",
    ),
    _thorax("imlab-id001", ("lungs",), held_out=False),
    _thorax("imlab-id002", ("lungs",), held_out=False),
    _thorax("imlab-id003", ("lungs",), held_out=True),
    _thorax(
        "LUNG1-001",
        ("lung_left", "lung_right", "spinal_cord"),
        held_out=True,
        lesion_labels={4: "lung_mass"},
    ),
    _thorax("4DLung-113", (), held_out=True, lesion_labels={4: "lung_mass", 5: "lymphadenopathy"}),
)
"""CT with masks. The two of ``totalseg`` are one patient."""

NIH_LABELS = {
    "Atelectasis": "atelectasis",
    "Cardiomegaly": "cardiomegaly",
    "Consolidation": "consolidation",
    "Edema": "pulmonary_edema",
    "Effusion": "pleural_effusion",
    "Emphysema": "emphysema",
    "Fibrosis": "pulmonary_fibrosis",
    "Hernia": "hiatal_hernia",
    "Infiltration": "lung_opacity",
    "Mass": "lung_mass",
    "Nodule": "lung_nodule",
    "Pleural_Thickening": "pleural_thickening",
    "Pneumonia": "pneumonia",
    "Pneumothorax": "pneumothorax",
}
"""NIH ChestX-ray14 label to lexicon concept."""

OPACITIES = frozenset(
    {"atelectasis", "consolidation", "pulmonary_edema", "lung_opacity", "pneumonia"}
)
"""Text-mined labels that stand for one another: where one is named, the others are unknown."""
