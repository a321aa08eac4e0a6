"""``preprocessing.json`` and ``prompts.json`` of imported models.

The numbers are a checkpoint's own, or its authors'; ``sources`` says where each comes from.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from medvlp.errors import ModelMismatchError

_WORDS = re.compile(r"\w+|[^\w\s]+")
Triple = tuple[float, float, float]
Voxels = tuple[int, int, int]
Windows = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
MEDGEMMA_WINDOWS: Windows = ((-1225.0, 1025.0), (-135.0, 215.0), (0.0, 80.0))
"""HU shown as red, green and blue: bone and lung (width 2250, level -100), soft tissue (350, 40) and
brain (80, 40); MedGemma Technical Report, arXiv:2507.05201, section 2.1.2."""


class Settings(BaseModel):
    """A settings file of a model folder: unknown or missing fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read one file.

        Raises
        ------
        ModelMismatchError
            If it is missing or not of this form.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelMismatchError(
                f"{path} cannot be used: expected {cls.__name__} of medvlp; {error} Import the "
                "model again.",
                command_line="'medvlp models import' does.",
            ) from error

    def to_json(self) -> str:
        """Text of the file."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


class PlanarPreprocessing(Settings):
    """What a two-dimensional network is shown: an X-ray, or a CT slice by slice."""

    schema_: Literal["medvlp/planar/1"] = Field("medvlp/planar/1", alias="schema")
    image_size: int = Field(ge=8, description="side in pixels of the square that the network takes")
    cell_pixels: int = Field(ge=1, description="pixels per cell of its feature map")
    cell_centre: Literal["middle", "first"] = Field(
        "middle",
        description="the middle of a cell's pixels, or the first of them: there the receptive field "
        "lies where padded convolutions have strides",
    )
    fit: Literal["squash", "pad", "crop"] = Field(
        description="squash: both sides to the size; pad: black to a square first; crop: the "
        "shorter side to resize_to, the published centre square for the pooled vector, overlapping "
        "squares over the whole picture for the map"
    )
    resize_to: int = Field(ge=8, description="shorter side for crop; else the image size")
    crop_offset: Literal["floor", "round"] = Field(
        "floor", description="first pixel of the centre square: transformers, torchvision"
    )
    resample: Literal["bilinear", "bicubic"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    stretch: bool = Field(False, description="an X-ray's darkest pixel is 0, its brightest 255")
    ct_windows: Windows = MEDGEMMA_WINDOWS
    slice_mm: float = Field(5.0, gt=0, description="thickness of the slabs that a CT is shown in")
    batch_size: int = Field(8, ge=1, description="pictures of one pass; changes no result")
    dense: str = Field(description="how the cells come into the space of the pooled vector")
    sources: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        if self.image_size % self.cell_pixels or self.resize_to < self.image_size:
            raise ValueError("image_size is a multiple of cell_pixels and at most resize_to")
        return self

    @property
    def early(self) -> int:
        """Pixels by which a cell's centre comes before their middle, rounded up."""
        return self.cell_pixels // 2 if self.cell_centre == "first" else 0


class VolumetricPreprocessing(Settings):
    """What a three-dimensional network is shown: boxes of a CT.

    A single number of ``spacing_mm``, ``side_voxels`` or ``cell_voxels`` stands for all three axes.
    """

    schema_: Literal["medvlp/volumetric/1"] = Field("medvlp/volumetric/1", alias="schema")
    orientation: str = Field(pattern="^[RLAPSI]{3}$", description="where each axis runs to")
    spacing_mm: float | Triple = Field(description="of a voxel, along each axis")
    side_voxels: int | Voxels = Field(description="sides of the box that the network takes")
    cell_voxels: int | Voxels = Field(description="sides of a cell of its feature map")
    cell_centre: Literal["middle", "first"] = Field(
        "middle",
        description="the middle of a cell's voxels, or the first of them: there the "
        "receptive field lies where padded convolutions have strides",
    )
    hu_range: tuple[float, float] = Field(description="clamped to this, scaled to [-1, 1]")
    align: Literal["centre", "first"] = Field(
        "centre",
        description="what stays in place when resampling: the centre (TorchIO), or the "
        "first voxel (MONAI)",
    )
    cover: bool | tuple[bool, bool, bool] = Field(
        True, description="along which axes overlapping boxes cover the body, not the centre alone"
    )
    pad: Literal["minimum", "air"] = Field(
        "minimum", description="beyond the scan: its least value, or the lower end of hu_range"
    )
    odd_voxel: Literal["first", "last"] = Field(
        "first", description="where the odd voxel of a crop or a padding goes: TorchIO, CT-CLIP"
    )
    body_hu: float = Field(-400.0, description="voxels above this make up the body")
    dense: str
    sources: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        if any(side % cell for side, cell in zip(self.sides, self.cells, strict=True)):
            raise ValueError("side_voxels is a multiple of cell_voxels")
        if min(self.spacing) <= 0 or min(self.sides) < 8 or min(self.cells) < 1:
            raise ValueError("spacing_mm above 0, side_voxels 8 or more, cell_voxels 1 or more")
        if (
            len(
                {"RL", "AP", "SI"}
                & {p for p in ("RL", "AP", "SI") if set(p) & set(self.orientation)}
            )
            < 3
        ):
            raise ValueError("orientation has one letter of each of RL, AP and SI")
        return self

    @property
    def spacing(self) -> Triple:
        """Of each axis, in millimetres."""
        mm = self.spacing_mm
        return mm if isinstance(mm, tuple) else (mm, mm, mm)

    @property
    def sides(self) -> Voxels:
        """Of the box."""
        n = self.side_voxels
        return n if isinstance(n, tuple) else (n, n, n)

    @property
    def cells(self) -> Voxels:
        """Voxels of a cell."""
        n = self.cell_voxels
        return n if isinstance(n, tuple) else (n, n, n)

    @property
    def early(self) -> Voxels:
        """Voxels by which a cell's centre comes before their middle, rounded up."""
        a, b, c = (cell // 2 if self.cell_centre == "first" else 0 for cell in self.cells)
        return a, b, c

    @property
    def covered(self) -> tuple[bool, bool, bool]:
        """Axes along which the whole body is seen."""
        c = self.cover
        return c if isinstance(c, tuple) else (c, c, c)


class TextSettings(Settings):
    """``prompts.json``: how a text becomes tokens."""

    schema_: Literal["medvlp/prompts/1"] = Field("medvlp/prompts/1", alias="schema")
    template: str = Field("{}", pattern=r"\{\}", description="every text is set into this")
    words: Literal["as typed", "wordpunct"] = Field(
        "as typed", description="wordpunct: lower case, spaces between words and punctuation (NLTK)"
    )
    max_tokens: int = Field(ge=4, description="longer texts are cut")
    pad_to_max: bool = Field(
        False, description="SigLIP was trained with padding to the full length"
    )
    pad_id: int = 0
    sources: dict[str, str] = Field(default_factory=dict)

    def fill(self, text: str) -> str:
        """What the tokenizer is given for a text."""
        filled = self.template.replace("{}", text)
        if self.words == "as typed":
            return filled
        return " ".join(_WORDS.findall(filled.lower()))
