"""Settings of CT-GLIP and of its variants fVLM and RADAR."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from medvlp_training.objectives.objective import ObjectiveSettings

FVLM: dict[str, Any] = {
    "pooling": "query",
    "projection_per_organ": True,
    "anatomy_weight": 0.0,
    "negatives": 0,
    "needs_abnormal": True,
    "temperatures": (0.001, 0.5),
}
VARIANTS: dict[str, dict[str, Any]] = {
    "ct_glip": {},
    "fvlm": FVLM,
    "radar": FVLM | {"likeness_temperature": 0.1, "whole_image_weight": 1.0, "alternate": True},
}
"""Settings of each variant; a setting that is given wins over its variant's."""


class CTGLIPSettings(ObjectiveSettings):
    """Settings of CT-GLIP.

    Parameters
    ----------
    variant
        Where defaults come from, see ``VARIANTS``.
    features
        ``"tokens"`` of the transformer or the decoder's ``"dense"`` grid.
    pooling
        Inside the mask: ``"mean"`` or a learned ``"query"`` per organ.
    projection_per_organ
        Whether each organ has its own :math:`g`.
    size
        Of the common space; fVLM's is 256.
    temperature, temperatures
        To start from, and its least and greatest value.
    anatomy_weight, diagnosis_weight, whole_image_weight
        Of L_OT, L_AT and of CLIP on the whole image.
    alternate
        Whole image at even steps, organs at odd ones.
    organ_text, normal_text
        Templates.
    negatives
        Texts of the dictionary per organ and step.
    dictionary_size
        Most frequent abnormal texts of an organ that are its dictionary.
    exclude_true
        Whether a text that states nothing but findings of the patient is left out, too, by what the
        report says of the organ or by the labels. Off: what entails the positive alone.
    exclude_in_batch
        Whether texts of the batch are left out by the same rules as the dictionary's.
    needs_abnormal
        Whether an organ counts only if it is abnormal in somebody of the batch.
    likeness_temperature
        Of soft targets between abnormal texts; without it there are none.
    seed
        Of the draws from the dictionary.
    """

    variant: Literal["ct_glip", "fvlm", "radar"] = "ct_glip"
    features: Literal["tokens", "dense"] = "tokens"
    pooling: Literal["mean", "query"] = "mean"
    projection_per_organ: bool = False
    size: int = Field(256, gt=0)
    temperature: float = Field(0.07, gt=0)
    temperatures: tuple[float, float] = (0.01, 1.0)
    anatomy_weight: float = Field(1.0, ge=0)
    diagnosis_weight: float = Field(1.0, ge=0)
    whole_image_weight: float = Field(0.0, ge=0)
    alternate: bool = False
    organ_text: str = "this is a {organ} in the {image}"
    normal_text: str = "{organ} shows no significant abnormalities."
    negatives: int = Field(32, ge=0)
    dictionary_size: int = Field(512, ge=0)
    exclude_true: bool = True
    exclude_in_batch: bool = False
    needs_abnormal: bool = False
    likeness_temperature: float | None = Field(None, gt=0)
    seed: int = 0

    @model_validator(mode="before")
    @classmethod
    def _of_variant(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return VARIANTS.get(values.get("variant", "ct_glip"), {}) | values
