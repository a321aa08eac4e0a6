"""What each paper claims, as a difference between two entries that the comparison can measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """``first`` is better than ``second``.

    Parameters
    ----------
    method, text
        Whose claim, and in words.
    kind
        Of image.
    first, second
        Entry and figure (:func:`.figures.figures`).
    """

    method: str
    text: str
    kind: str
    first: tuple[str, str]
    second: tuple[str, str]


def _same(method: str, text: str, kind: str, first: str, second: str, figure: str) -> Claim:
    return Claim(method, text, kind, (first, figure), (second, figure))


_LOCAL = "local alignment points better than the global loss alone"
_SEGMENT = "local alignment segments better (linear probe) than instance-only CLIP"
_ENCODER = "one encoder for 2D and 3D beats two (linear probe)"
_LABELS = "knowledge and local terms help with few labels (linear probe, 10 % of the patients)"

CLAIMS = (
    _same("LoVT", _LOCAL, "XR", "lovt-xr", "lovt-global-xr", "pointing"),
    _same("LoVT", "LoVT points better than CLIP", "XR", "lovt-xr", "clip-xr", "pointing"),
    _same("LoVT", _SEGMENT, "XR", "lovt-xr", "clip-xr", "segmentation_1"),
    Claim(
        "CT-GLIP",
        "asking organs beats asking the whole image of vanilla CLIP, zero-shot",
        "CT",
        ("ct_glip-ct", "organ_auroc_by_organ"),
        ("clip-ct", "organ_auroc_by_image"),
    ),
    _same(
        "CT-GLIP", "organs are recognised better than by CLIP's regions", "CT",
        "ct_glip-ct", "clip-ct", "organ_recognition",
    ),
    _same(
        "UMCL", "soft label targets beat one-hot ones where labels repeat, zero-shot", "XR",
        "umcl-xr", "umcl-onehot-xr", "zero_shot",
    ),
    _same("UniMedI", _ENCODER, "CT", "unimedi", "unimedi-two-encoders", "probe_1"),
    _same("UniMedI", _ENCODER, "XR", "unimedi", "unimedi-two-encoders", "probe_1"),
    _same("MLIP", _LABELS, "XR", "mlip-xr", "mlip-global-xr", "probe_0.1"),
    _same(
        "Flagship", "the organ part helps organ questions", "XR",
        "flagship-xr", "flagship-without-organs-xr", "organ_auroc_by_organ",
    ),
    _same(
        "Flagship", "the local part helps pointing", "XR",
        "flagship-xr", "flagship-without-local-xr", "pointing",
    ),
    _same(
        "Flagship", "soft label targets help zero-shot", "XR",
        "flagship-xr", "flagship-without-labels-xr", "zero_shot",
    ),
)  # fmt: skip
