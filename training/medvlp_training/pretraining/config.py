"""Everything a pre-training run depends on, in one typed file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from medvlp.errors import MedVLPError
from medvlp_training.objectives.registry import OBJECTIVES, objective_class
from medvlp_training.pretraining.source import Kind
from medvlp_training.pretraining.yaml_file import YamlFile, read_yaml

X_RAY_MULTIPLE, CT_MULTIPLE = 32, 8


def _equal_shares() -> dict[Kind, float]:
    return {"CT": 0.5, "XR": 0.5}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelConfig(_Section):
    """Image encoder.

    Parameters
    ----------
    size, overrides
        ``overrides`` are fields of :class:`medvlp.models.shape.UnifiedShape` other than the text's.
    start
        Weights to start from: a model folder, or a safetensors file with the encoder's weights.
        None: random ones of the run's seed.
    """

    size: Literal["tiny", "small", "base"] = "small"
    overrides: dict[str, Any] = Field(default_factory=dict)
    start: Path | None = None


class TextConfig(_Section):
    """Text tower.

    Parameters
    ----------
    tower
        ``"minilm"`` (the published weights), ``"random"`` (of the model's size, with MiniLM's
        tokenizer), or the folder of a trained tower.
    freeze
        ``"none"``; a number of layers, which are frozen together with the embeddings; or ``"all"``.
        The projection is trained in any case.
    train_prompts
        Whether the learned prompts V+ and V- are trained: gradients then pass through the whole tower.
    dropout
        Of hidden states and attention.
    overrides
        Of a ``"random"`` tower: fields of :class:`medvlp.models.text.TextConfig`.
    """

    tower: str = "minilm"
    freeze: Literal["none", "all"] | int = "none"
    train_prompts: bool = True
    dropout: float = Field(0.0, ge=0, lt=1)
    overrides: dict[str, Any] = Field(default_factory=dict)

    @field_validator("freeze")
    @classmethod
    def _not_negative(cls, value: str | int) -> str | int:
        if isinstance(value, int) and value < 0:
            raise ValueError("a number of layers is not negative")
        return value


class AugmentationConfig(_Section):
    """How far training images and texts are changed; never mirrored."""

    degrees: float = Field(8.0, ge=0, le=45)
    scale: float = Field(0.1, ge=0, le=0.5)
    shift: float = Field(0.05, ge=0, le=0.5)
    contrast: float = Field(0.2, ge=0, le=1)
    noise: float = Field(0.01, ge=0, le=1)
    sentence_swaps: float = Field(0.0, ge=0, le=1)


class DataConfig(_Section):
    """Samples, and the size of what the encoder sees.

    Parameters
    ----------
    shards
        Folders of sample shards (:mod:`medvlp_training.samples`).
    ct, xr
        Globs of this package's simulated or prepared case files.
    shares
        Of the batches, by kind; a kind without a share is not used. Only ratios count.
    validation_share
        Of the patients, where the source prescribes no split.
    image_size
        Side of an X-ray in pixels.
    crop_voxels, spacing_mm
        Of a CT crop, axes S, P, L.
    max_tokens
        Longest report, special tokens included.
    min_organ_tokens
        Smallest usable organ, in tokens that it would fill.
    min_label_count
        Training samples that must know a finding for it to become a label.
    """

    shards: tuple[Path, ...] = ()
    ct: str | None = None
    xr: str | None = None
    shares: dict[Kind, float] = Field(default_factory=_equal_shares)
    validation_share: float = Field(0.1, ge=0, lt=1)
    image_size: int = Field(224, ge=X_RAY_MULTIPLE)
    crop_voxels: tuple[int, int, int] = (64, 64, 64)
    spacing_mm: float = Field(3.0, gt=0)
    max_tokens: int = Field(256, ge=3, le=512)
    min_organ_tokens: float = Field(0.25, ge=0)
    min_label_count: int = Field(1, ge=1)
    augmentation: AugmentationConfig = AugmentationConfig()
    workers: int = Field(1, ge=0)

    @field_validator("image_size")
    @classmethod
    def _whole_tokens_2d(cls, value: int) -> int:
        if value % X_RAY_MULTIPLE:
            raise ValueError(f"a multiple of {X_RAY_MULTIPLE} is needed (one token's side)")
        return value

    @field_validator("crop_voxels")
    @classmethod
    def _whole_tokens_3d(cls, value: tuple[int, int, int]) -> tuple[int, int, int]:
        if any(n < CT_MULTIPLE or n % CT_MULTIPLE for n in value):
            raise ValueError(f"multiples of {CT_MULTIPLE} are needed (one token's side)")
        return value

    @field_validator("shares")
    @classmethod
    def _positive_shares(cls, value: dict[Kind, float]) -> dict[Kind, float]:
        if any(share < 0 for share in value.values()) or sum(value.values()) <= 0:
            raise ValueError("shares are not negative, and one of them is positive")
        return {kind: share for kind, share in sorted(value.items()) if share > 0}

    @model_validator(mode="after")
    def _some_source(self) -> DataConfig:
        if not self.shards:
            for kind, pattern in (("CT", self.ct), ("XR", self.xr)):
                if kind in self.shares and pattern is None:
                    raise ValueError(
                        f"name sample 'shards', or case files under {kind.lower()!r}: "
                        f"'shares' asks for {kind}"
                    )
        return self


class OptimisationConfig(_Section):
    """AdamW, its schedule, and how a step is computed.

    Parameters
    ----------
    batch_size
        Samples of a step, over all processes and parts: the pool of negatives.
    part_size
        Samples encoded at a time on a device; smaller parts need less memory and give the same
        gradients. None: all of a process's at once.
    schedule
        ``"cosine"``: to ``final_rate`` at the last step. ``"periodic"``: down to it in
        ``period_steps``, up again in as many, and so on (LoVT).
    period_steps
        None: the batches of one pass over the training samples.
    average_decay
        Of the exponential moving average of the weights; 0 keeps none.
    max_bad_steps
        Steps with a loss or gradient that is not finite in a row before training stops.
    """

    steps: int = Field(10000, ge=1)
    batch_size: int = Field(32, ge=1)
    part_size: int | None = Field(None, ge=1)
    learning_rate: float = Field(1e-4, gt=0)
    weight_decay: float = Field(0.05, ge=0)
    betas: tuple[float, float] = (0.9, 0.999)
    gradient_clip: float = Field(1.0, gt=0)
    schedule: Literal["cosine", "periodic"] = "cosine"
    warmup_share: float = Field(0.05, ge=0, lt=1)
    final_rate: float = Field(0.01, ge=0, le=1)
    period_steps: int | None = Field(None, ge=1)
    average_decay: float = Field(0.999, ge=0, lt=1)
    precision: Literal["float32", "bf16"] = "bf16"
    max_bad_steps: int = Field(10, ge=1)


class OutputConfig(_Section):
    """How often to save, validate and log."""

    save_every: int = Field(500, ge=1)
    keep: int = Field(3, ge=1)
    validate_every: int = Field(500, ge=1)
    validation_batches: int = Field(8, ge=0)
    tensorboard: bool = True


class AdaptationConfig(_Section):
    """A model folder that is trained further, in place of a new encoder and text tower.

    Parameters
    ----------
    start
        The folder; ``model`` and ``text.tower`` of the configuration give way to it.
    fingerprint
        Of its weights and transform (:class:`medvlp.models.folder.ModelInfo`).
    method
        ``"lora"``: differences of low rank to the matrices; ``"full"``: all weights.
    rank, alpha
        Of LoRA (:mod:`medvlp_training.fine_tuning.low_rank`).
    method_weight, label_weight, keep_weight
        Of the objective's own terms, of the findings read from the reports, and of staying close to
        the model as it was (:mod:`medvlp_training.fine_tuning.objective`).
    """

    start: Path
    fingerprint: str
    method: Literal["lora", "full"] = "lora"
    rank: int = Field(8, ge=1)
    alpha: float = Field(16.0, gt=0)
    method_weight: float = Field(0.5, ge=0)
    label_weight: float = Field(1.0, ge=0)
    keep_weight: float = Field(1.0, ge=0)


class PretrainingConfig(_Section):
    """A run. Relative paths are relative to the working folder."""

    objective: str
    settings: dict[str, Any] = Field(default_factory=dict)
    out: Path
    seed: int = Field(0, ge=0)
    model: ModelConfig = ModelConfig()
    text: TextConfig = TextConfig()
    data: DataConfig
    optimisation: OptimisationConfig = OptimisationConfig()
    output: OutputConfig = OutputConfig()
    adaptation: AdaptationConfig | None = None

    @field_validator("objective")
    @classmethod
    def _known_objective(cls, value: str) -> str:
        if value not in OBJECTIVES:
            raise ValueError(f"unknown objective: expected one of {', '.join(OBJECTIVES)}")
        return value

    def digest(self) -> str:
        """SHA-256 of everything that decides the outcome; not of where it is written, or how fast."""
        values = self.model_dump(mode="json", exclude={"out": True, "data": {"workers"}})
        if self.adaptation is None:
            del values["adaptation"]  # runs from before there was one keep their hash
        else:
            del values["adaptation"]["start"]  # the fingerprint says which model, wherever it lies
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def read_config(path: Path) -> PretrainingConfig:
    """Read a YAML configuration; the method's ``settings`` are checked and completed, too.

    Raises
    ------
    MedVLPError
        If it is missing or not valid. The message has one line for each wrong key, with the line
        of the file, what was found and what was expected.
    """
    file = read_yaml(path)
    try:
        config = PretrainingConfig.model_validate(file.values)
    except ValidationError as error:
        raise MedVLPError(explain(file, error, ())) from error
    try:
        settings = objective_class(config.objective).Settings.model_validate(config.settings)
    except ValidationError as error:
        raise MedVLPError(explain(file, error, ("settings",))) from error
    return config.model_copy(update={"settings": settings.model_dump(mode="json")})


def explain(file: YamlFile, error: ValidationError, inside: tuple[str, ...]) -> str:
    """One line for each wrong key of a file, with its line, what was found and what was expected."""
    lines = [f"{file.path} is not a pre-training configuration:"]
    for fault in error.errors():
        keys = (*inside, *fault["loc"])
        name = ".".join(str(key) for key in keys) or "(top level)"
        found = "" if fault["type"] == "missing" else f"; found {fault['input']!r}"
        lines.append(f"  line {file.line(keys)}, {name}: {fault['msg']}{found}")
    lines.append("Every key is described in docs/reference/pretraining-config.md.")
    return "\n".join(lines)
