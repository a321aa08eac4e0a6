"""Published models that medvlp knows by their hub id: licence, citation, transform, prompts.

Only what a checkpoint's own files do not say is written here, each number with its source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GREY_WINDOW = (-160.0, 240.0)
GREY_SOURCE = (
    "no CT transform is published; figures in papers show grey slices, so a soft-tissue window "
    "(level 40, width 400) is shown in all three channels"
)
CLIP_PATTERNS = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.md", "LICENSE*")
PICKLED = ("pytorch_model.bin",)


@dataclass(frozen=True)
class Published:
    """A published model.

    Parameters
    ----------
    repository
        Hub id.
    layout
        Name in :mod:`medvlp.models.backends.layouts`.
    title, licence, licence_url, citation
        For people.
    modalities
        Kinds of scan it was trained on.
    patterns
        Files to download; none where the user fetches the file and imports the folder.
    also
        Further repositories that it needs: ``(hub id, revision, patterns)``.
    preprocessing
        Fields that the checkpoint's own files do not say.
    template
        Published form of a prompt, where there is one.
    sources
        Where these come from.
    download_gb
        About how much there is to download.
    """

    repository: str
    layout: str
    title: str
    licence: str
    licence_url: str
    citation: str
    modalities: tuple[str, ...]
    download_gb: float
    patterns: tuple[str, ...] = CLIP_PATTERNS
    also: tuple[tuple[str, str | None, tuple[str, ...]], ...] = ()
    preprocessing: dict[str, Any] = field(default_factory=dict)
    template: str = "{}"
    sources: dict[str, str] = field(default_factory=dict)


_MEDSIGLIP = Published(
    repository="google/medsiglip-448",
    layout="siglip",
    title="MedSigLIP",
    licence="Health AI Developer Foundations terms of use",
    licence_url="https://developers.google.com/health-ai-developer-foundations/terms",
    citation="Sellergren et al., MedGemma Technical Report, arXiv:2507.05201, 2025",
    modalities=("CT", "XR"),
    download_gb=3.5,
    preprocessing={"fit": "pad"},
    sources={
        "fit": "Google-Health/medsiglip, python/serving/predictor.py: padded with zeros to a "
        "square, as in training",
        "ct_windows": "MedGemma Technical Report, arXiv:2507.05201, section 2.1.2: bone and lung "
        "(width 2250, level -100), soft tissue (350, 40), brain (80, 40) as red, green, blue",
        "slice_mm": "ours: usual thickness of reconstructed slices",
    },
)
_GREY: dict[str, Any] = {"ct_windows": (GREY_WINDOW,) * 3}
_GREY_SOURCES = {"ct_windows": GREY_SOURCE, "slice_mm": "ours: usual thickness of slices"}
_CLIP_CITATION = (
    "Radford et al., Learning Transferable Visual Models From Natural Language Supervision, "
    "ICML 2021, arXiv:2103.00020"
)
_PUBMEDCLIP = Published(
    repository="flaviagiammarino/pubmed-clip-vit-base-patch32",
    layout="clip",
    title="PubMedCLIP ViT-B/32",
    licence="MIT",
    licence_url="https://huggingface.co/flaviagiammarino/pubmed-clip-vit-base-patch32",
    citation="Eslami, Meinel, de Melo, PubMedCLIP: How Much Does CLIP Benefit Visual Question "
    "Answering in the Medical Domain?, Findings of EACL 2023",
    modalities=("CT", "XR"),
    download_gb=0.6,
    patterns=(*CLIP_PATTERNS, *PICKLED),
    preprocessing=_GREY,
    sources=_GREY_SOURCES,
)
_CLIP = Published(
    repository="openai/clip-vit-base-patch16",
    layout="clip",
    title="CLIP ViT-B/16",
    licence="MIT",
    licence_url="https://github.com/openai/CLIP/blob/main/LICENSE",
    citation=_CLIP_CITATION,
    modalities=("CT", "XR"),
    download_gb=0.6,
    patterns=(*CLIP_PATTERNS, *PICKLED),
    preprocessing=_GREY,
    template="a photo of {}.",
    sources={**_GREY_SOURCES, "template": "CLIP, section 3.1.4"},
)
CXR_BERT = "microsoft/BiomedVLP-CXR-BERT-specialized"
TOKENIZER_PATTERNS = ("vocab.txt", "tokenizer.json", "tokenizer_config.json")
_COLIPRI = Published(
    repository="microsoft/colipri",
    layout="colipri",
    title="COLIPRI-CRM",
    licence="MIT",
    licence_url="https://huggingface.co/microsoft/colipri/blob/main/LICENSE",
    citation="Wald et al., Comprehensive language-image pre-training for 3D medical image "
    "understanding, arXiv:2510.15042, 2026",
    modalities=("CT",),
    download_gb=1.1,
    patterns=("model.safetensors", "*.md", "LICENSE*"),
    also=((CXR_BERT, "5157bdba1437a3aed316dacb1a5b68edf96b9902", TOKENIZER_PATTERNS),),
)
_BIOMEDCLIP = Published(
    repository="microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224",
    layout="biomedclip",
    title="BiomedCLIP",
    licence="MIT",
    licence_url=("https://huggingface.co/microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224"),
    citation="Zhang et al., BiomedCLIP: a multimodal biomedical foundation model pretrained from "
    "fifteen million scientific image-text pairs, arXiv:2303.00915, 2023",
    modalities=("CT", "XR"),
    download_gb=0.8,
    patterns=("open_clip*.safetensors", "open_clip*.bin", "*.json", "*.txt", "*.md", "LICENSE*"),
    preprocessing=_GREY,
    template="this is a photo of {}",
    sources={**_GREY_SOURCES, "template": "model card and example notebook of BiomedCLIP"},
)
_BIOVIL_PATTERNS = ("*.pt", "pytorch_model.bin", *TOKENIZER_PATTERNS, "config.json", "*.md")
_BIOVIL_T = Published(
    repository="microsoft/BiomedVLP-BioViL-T",
    layout="biovil",
    title="BioViL-T",
    licence="MIT",
    licence_url="https://huggingface.co/microsoft/BiomedVLP-BioViL-T",
    citation="Bannur et al., Learning to Exploit Temporal Structure for Biomedical Vision-Language "
    "Processing, CVPR 2023, arXiv:2301.04558",
    modalities=("XR",),
    download_gb=0.6,
    patterns=_BIOVIL_PATTERNS,
)
_BIOVIL = Published(
    repository=CXR_BERT,
    layout="biovil",
    title="BioViL",
    licence="MIT",
    licence_url=f"https://huggingface.co/{CXR_BERT}",
    citation="Boecking et al., Making the Most of Text Semantics to Improve Biomedical "
    "Vision-Language Processing, ECCV 2022, arXiv:2204.09817",
    modalities=("XR",),
    download_gb=0.6,
    patterns=_BIOVIL_PATTERNS,
)
_CTCLIP = Published(
    repository="ibrahimhamamci/CT-RATE",
    layout="ctclip",
    title="CT-CLIP",
    licence="CC-BY-NC-SA-4.0: research alone, no commercial use",
    licence_url="https://github.com/ibrahimethemhamamci/CT-CLIP#license",
    citation="Hamamci et al., Generalist foundation models from a multimodal dataset for 3D computed "
    "tomography, Nature Biomedical Engineering 2025, arXiv:2403.17834",
    modalities=("CT",),
    download_gb=0.0,
    template="{} is present.",
    sources={"template": "ibrahimethemhamamci/CT-CLIP, scripts/zero_shot.py"},
    patterns=(),
)
_MERLIN = Published(
    repository="stanfordmimi/Merlin",
    layout="merlin",
    title="Merlin",
    licence="MIT",
    licence_url="https://huggingface.co/stanfordmimi/Merlin",
    citation="Blankemeier et al., Merlin: a computed tomography vision-language foundation model and "
    "dataset, Nature 2026, arXiv:2406.06512",
    modalities=("CT",),
    download_gb=1.1,
    patterns=("i3_resnet_clinical_longformer_best_clip*.pt", "*.md", "LICENSE*"),
    also=(
        (
            "yikuan8/Clinical-Longformer",
            None,
            ("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json"),
        ),
    ),
)
_RADDINO = Published(
    repository="microsoft/rad-dino",
    layout="raddino",
    title="RAD-DINO",
    licence="MIT",
    licence_url="https://huggingface.co/microsoft/rad-dino",
    citation="Perez-Garcia et al., Exploring scalable medical image encoders beyond text supervision, "
    "Nature Machine Intelligence 2025, arXiv:2401.10815",
    modalities=("XR",),
    download_gb=0.4,
    preprocessing={"stretch": True},
    sources={"stretch": "ours: as for BioViL-T, of the same authors"},
    patterns=("model.safetensors", "*.json", "*.md", "LICENSE*"),
)
_ALL = (
    _MEDSIGLIP,
    _BIOMEDCLIP,
    _COLIPRI,
    _BIOVIL_T,
    _BIOVIL,
    _PUBMEDCLIP,
    _CLIP,
    _CTCLIP,
    _MERLIN,
    _RADDINO,
)
CATALOGUE: dict[str, Published] = {known.repository: known for known in _ALL}
"""Hub id to what is known of it."""


def generic(layout: str) -> Published:
    """What holds for a checkpoint of a known layout that is not in the catalogue."""
    one = {
        "colipri": ("CT",),
        "ctclip": ("CT",),
        "merlin": ("CT",),
        "biovil": ("XR",),
        "raddino": ("XR",),
    }
    modalities = one.get(layout, ("CT", "XR"))
    grey = layout not in one
    return Published(
        repository="",
        layout=layout,
        title="",
        licence="",
        licence_url="",
        citation="",
        modalities=modalities,
        download_gb=0.0,
        patterns=(*CLIP_PATTERNS, *PICKLED),
        preprocessing=_GREY if grey else {},
        sources=_GREY_SOURCES if grey else {},
    )
