r"""UniMedI: X-ray and CT through one encoder (He et al., ECCV 2024, arXiv 2311.14851).

Encoder :math:`E_v`, tokenisers :math:`T_{2D}, T_{3D}`, text encoder :math:`E_l`, teacher
:math:`\bar E_v` with the moving average of the student's weights. [P]:

* X-ray: :math:`v_{cls} = E_v(T_{2D}(x))`. CT: one sequence of its own tokens and of those of the
  :math:`k` axial slices :math:`x^{(1)}, \ldots, x^{(k)}` with the highest attention,

  .. math:: v_{cls} = E_v([T_{3D}(x)\,;\; T_{2D}(x^{(1)})\,;\; \ldots\,;\; T_{2D}(x^{(k)})])

* attention of the teacher's class token, over all layers and heads (not the last layer alone):
  :math:`v = \frac{1}{HL} \sum_l \sum_h \mathrm{softmax}(q_{lh}(\mathrm{CLS}) K_{lh}^T / \sqrt{C})`,
  :math:`s_i = \frac{1}{N} \sum_j v_{ij}` for slice :math:`i`;
* :math:`L = L_{vl} + L_{icl} + L_{pcl}`: CLIP's loss of :math:`v_{cls}` and the report's class token;
  DINO's loss between a student that sees the tokens with the highest :math:`v` and a teacher that sees
  all, on the class token (:math:`L_{icl}`) and on patches (:math:`L_{pcl}`).

[R]: which slices are candidates and how they are read (``shared/slice_selection.py``); all numbers of the
settings but DINO's own; masked tokens are dropped before :math:`E_v`, and :math:`L_{pcl}` compares kept
tokens with the teacher's of the same place, spread evenly over the ranks of attention; :math:`L_{vl}`
reads the student that sees all tokens; slices are spread evenly during a warm-up, because attention means
nothing before :math:`L_{vl}` has taught the class token; the temperature of :math:`L_{vl}` is learned;
regions are tokens through the class token's projection, for UniMedI aligns no region with any text. The
tokenisers are convolutions, so that pixels at the border of a masked token's square reach its neighbours.
"""

from __future__ import annotations

import copy
from typing import Literal, cast

import torch
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp.models.text import PRESENT
from medvlp.models.transformer import TokenSequence, TransformerStack
from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.objective import (
    Objective,
    ObjectiveSettings,
    Representations,
    unit,
)
from medvlp_training.objectives.shared.dino import (
    Centre,
    DINOHead,
    dino_loss,
    teacher_temperature,
)
from medvlp_training.objectives.shared.ema_teacher import EMATeacher, cosine_momentum
from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.objectives.shared.joint_encoder import JointEncoder
from medvlp_training.objectives.shared.patients import same_patient
from medvlp_training.objectives.shared.row_random import row_uniform
from medvlp_training.objectives.shared.slice_selection import (
    DEPTH,
    middle_slice,
    slice_scores,
    top_depths,
    uniform_depths,
)
from medvlp_training.objectives.shared.temperature import Temperature
from medvlp_training.objectives.shared.token_masking import kept_tokens, spread_ranks

VIEWS = ("summary", "patch")
"""What distillation compares: class tokens and patches, each with a head and a centre of its own [R]."""


class UniMedISettings(ObjectiveSettings):
    """Settings of UniMedI.

    Parameters
    ----------
    size
        Of the common space.
    temperature
        Of :math:`L_{vl}`, to start from.
    contrastive_weight, summary_weight, patch_weight
        Of :math:`L_{vl}`, :math:`L_{icl}` and :math:`L_{pcl}`. Without the last two there is no teacher's
        target and no masked student.
    slices
        :math:`k`, or ``"all"``: no selection.
    selection
        ``"attentive"`` as in the paper; ``"uniform"`` and ``"random"`` are its ablations.
    selection_warm_up
        Share of the training during which attentive selection takes evenly spread slices.
    slice_window
        Number of the CT window that slices are read in.
    masking, masked_share
        Which tokens the student does not see (``"attentive"``: those of low attention), and how many.
    patches
        Tokens per image that :math:`L_{pcl}` compares, at most.
    prototypes, head_size, bottleneck
        Of DINO's head: K, 2048 and 256.
    student_temperature, first_teacher_temperature, teacher_temperature, temperature_warm_up
        DINO's temperatures; the teacher's rises during that share of the training.
    centre_momentum, teacher_momentum
        Of DINO's centre; of the teacher at the start (1 at the end, along a cosine).
    two_encoders
        Ablation: X-rays go through transformer layers of their own. Tokenisers and heads stay shared.
    """

    size: int = Field(512, gt=0)
    temperature: float = Field(0.07, gt=0)
    contrastive_weight: float = Field(1.0, ge=0)
    summary_weight: float = Field(1.0, ge=0)
    patch_weight: float = Field(1.0, ge=0)
    slices: PositiveInt | Literal["all"] = 3
    selection: Literal["attentive", "uniform", "random"] = "attentive"
    selection_warm_up: float = Field(0.1, ge=0, le=1)
    slice_window: int = Field(0, ge=0)
    masking: Literal["attentive", "random"] = "attentive"
    masked_share: float = Field(0.6, ge=0, lt=1)
    patches: int = Field(64, gt=0)
    prototypes: int = Field(4096, gt=1)
    head_size: int = Field(2048, gt=0)
    bottleneck: int = Field(256, gt=0)
    student_temperature: float = Field(0.1, gt=0)
    first_teacher_temperature: float = Field(0.04, gt=0)
    teacher_temperature: float = Field(0.07, gt=0)
    temperature_warm_up: float = Field(0.3, ge=0, le=1)
    centre_momentum: float = Field(0.9, ge=0, le=1)
    teacher_momentum: float = Field(0.996, ge=0, le=1)
    two_encoders: bool = False


class UniMedI(Objective):
    """UniMedI on X-rays and CT with reports."""

    Settings = UniMedISettings
    settings: UniMedISettings
    progress: Tensor
    steps: Tensor

    def __init__(
        self, model: UnifiedModel, settings: UniMedISettings, vocabulary: Vocabulary
    ) -> None:
        super().__init__(model, settings, vocabulary)
        if settings.slice_window >= len(model.config.windows):
            raise MedVLPError(
                f"UniMedI's slice_window is {settings.slice_window}, but the model has "
                f"{len(model.config.windows)} CT windows, counted from 0: name one of them."
            )
        self.image_projection = nn.Linear(self.image_width, settings.size, bias=False)
        self.text_projection = nn.Linear(self.text_width, settings.size, bias=False)
        self.temperature = Temperature(settings.temperature)
        head = (self.image_width, settings.prototypes, settings.head_size, settings.bottleneck)
        centre = (settings.prototypes, settings.centre_momentum)
        self.heads = nn.ModuleDict({view: DINOHead(*head) for view in VIEWS})
        self.centres = nn.ModuleDict({view: Centre(*centre) for view in VIEWS})
        if settings.two_encoders:
            self.flat_transformer = TransformerStack(
                copy.deepcopy(model.vision.layers), copy.deepcopy(model.vision.norm)
            )
        self.register_buffer("progress", torch.zeros(()))
        self.register_buffer("steps", torch.zeros((), dtype=torch.int64))
        self.teacher = EMATeacher(self._students())

    def encode(self, batch: Batch) -> Representations:
        """Add, in training, the masked student's and the teacher's view of each image.

        Returns
        -------
        dict
            As :meth:`Objective.encode`, with ``image_tokens`` of the volume alone. In training also
            ``{masked,teacher}_summary (B, image_width)`` and ``{masked,teacher}_patch (B, patches,
            image_width)``; the teacher's have no gradient.
        """
        slices = self.selected_slices(batch) if batch.volumetric else None
        student = JointEncoder.of(self._students())
        sequence = student.sequence(batch.images, slices, self.settings.slice_window)
        tokens, summary = student.transform(sequence)
        found = {
            "image_tokens": tokens[:, : batch.organ_masks.shape[2:].numel()],
            "image_summary": summary,
            "text_tokens": self.model.text.hidden_states(batch.input_ids, batch.attention_mask),
        }
        if self.training and self.settings.summary_weight + self.settings.patch_weight > 0:
            found |= self._two_views(sequence, batch.images, slices)
        return found

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """``contrastive``, ``summary_distillation`` and ``patch_distillation``.

        The last two are 0 for representations that were encoded in evaluation mode.
        """
        chosen, told = self.settings, batch.has_report
        images = self.image_vectors(representations, batch)[told]
        texts = self._text_vectors(representations["text_tokens"])[told]
        excluded = same_patient(batch.patients, told.device)[told][:, told]
        aligned = infonce(images, texts, self.temperature(), excluded=excluded)
        terms = {"contrastive": chosen.contrastive_weight * aligned}
        weights = {"summary": chosen.summary_weight, "patch": chosen.patch_weight}
        for view, weight in weights.items():
            used = weight > 0 and f"masked_{view}" in representations
            distilled = self._distillation(representations, view) if used else images.sum() * 0
            terms[f"{view}_distillation"] = weight * distilled
        return terms

    def after_step(self, progress: float) -> None:
        """Move the teacher and the centres, clip the temperature, count the step."""
        momentum = cosine_momentum(progress, self.settings.teacher_momentum)
        self.teacher.follow(self._students(), momentum)
        for centre in self.centres.values():
            cast(Centre, centre).update()
        self.temperature.clip()
        self.progress.fill_(progress)
        self.steps.add_(1)

    @torch.no_grad()
    def selected_slices(self, batch: Batch) -> Tensor:
        """Voxel slices ``(B, k)`` of each CT that are read along with it, from low to high.

        Raises
        ------
        MedVLPError
            If the batch holds X-rays.
        """
        if not batch.volumetric:
            raise MedVLPError("Slices were asked of X-rays: expected a batch of CT volumes.")
        chosen, images = self.settings, batch.images
        depths = images.shape[2] // DEPTH
        k = depths if chosen.slices == "all" else chosen.slices
        early = chosen.selection == "attentive" and float(self.progress) < chosen.selection_warm_up
        if k >= depths or early or chosen.selection == "uniform":
            return middle_slice(uniform_depths(len(batch), depths, k, images.device))
        if chosen.selection == "random":
            scores = row_uniform(images, depths, salt=2 * int(self.steps))
        else:
            teacher = JointEncoder.of(self.teacher.modules_by_name())
            attention = teacher.transform_with_attention(teacher.sequence(images))[2]
            scores = slice_scores(attention, depths)
        return middle_slice(top_depths(scores, k))

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Projected class token."""
        return unit(self.image_projection(representations["image_summary"]))

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Texts as reports; the prompt of ``polarity`` stands before them."""
        sign = torch.full_like(input_ids[:, 0], polarity)
        return self._text_vectors(self.model.text.hidden_states(input_ids, attention_mask, sign))

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Each image token as if it were the class token [R]."""
        return unit(self.image_projection(representations["image_tokens"]))

    def _text_vectors(self, tokens: Tensor) -> Tensor:
        return unit(self.text_projection(tokens[:, 0]))

    def _students(self) -> dict[str, nn.Module]:
        students: dict[str, nn.Module] = {"vision": self.model.vision, "heads": self.heads}
        if self.settings.two_encoders:
            students["flat_transformer"] = self.flat_transformer
        return students

    def _two_views(
        self, sequence: TokenSequence, images: Tensor, slices: Tensor | None
    ) -> Representations:
        """What the student makes of the kept tokens, and the teacher of all."""
        chosen = self.settings
        teacher = JointEncoder.of(self.teacher.modules_by_name())
        with torch.no_grad():
            whole = teacher.sequence(images, slices, chosen.slice_window)
            tokens, summary, attention = teacher.transform_with_attention(whole)
        if chosen.masking == "random":
            attention = row_uniform(images, attention.shape[1], salt=2 * int(self.steps) + 1)
        kept = kept_tokens(attention, chosen.masked_share)
        masked, masked_summary = JointEncoder.of(self._students()).transform(sequence.only(kept))
        ranks = spread_ranks(kept.shape[1], chosen.patches, kept.device)
        places = kept[:, ranks].unsqueeze(-1).expand(-1, -1, tokens.shape[2])
        return {
            "masked_summary": masked_summary,
            "masked_patch": masked[:, ranks],
            "teacher_summary": summary,
            "teacher_patch": tokens.gather(1, places),
        }

    def _distillation(self, representations: Representations, view: str) -> Tensor:
        """DINO's loss of the class tokens (``view`` is ``"summary"``) or of the patches."""
        chosen = self.settings
        centre = cast(Centre, self.centres[view])
        with torch.no_grad():
            target = self.teacher["heads"].get_submodule(view)(representations[f"teacher_{view}"])
        if self.training:
            centre.note(target)
        warmth = teacher_temperature(
            float(self.progress),
            chosen.temperature_warm_up,
            chosen.first_teacher_temperature,
            chosen.teacher_temperature,
        )
        student = self.heads[view](representations[f"masked_{view}"])
        return dino_loss(student, target, centre.value, warmth, chosen.student_temperature)
