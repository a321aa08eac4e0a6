"""What every imported model does alike: identity, texts, cache, cancelling."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import ModelMismatchError
from medvlp.models.backends.network import ImageTextNetwork
from medvlp.models.backends.settings import TextSettings
from medvlp.models.device import Placement
from medvlp.models.encoding import Encoding
from medvlp.models.folder import ModelInfo
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

    from medvlp.geometry import Geometry
    from medvlp.grounding.calibration import Calibration

TEXTS_AT_ONCE = 64

Encoded = tuple[NDArray[np.float16], NDArray[np.float32], "Geometry"]
"""Cells ``(*grid, D)``, pooled vector ``(D,)``, geometry of the cells."""


class PublishedModel(ABC):
    """An imported model behind the model protocol.

    Parameters
    ----------
    network
        Its two towers.
    tokenizer
        Of the text tower.
    texts
        How a text becomes tokens.
    calibration
        Scores to probabilities.
    info
        Its manifest.
    placement
        Where it runs.
    """

    def __init__(
        self,
        network: ImageTextNetwork,
        tokenizer: Tokenizer,
        texts: TextSettings,
        calibration: Calibration,
        info: ModelInfo,
        placement: Placement,
    ) -> None:
        self.network = network.eval().requires_grad_(False).to(placement.device)
        self.calibration = calibration
        self.info = info
        self.placement = placement
        self._texts = texts
        self._tokenizer = tokenizer
        tokenizer.enable_truncation(texts.max_tokens)
        length = texts.max_tokens if texts.pad_to_max else None
        tokenizer.enable_padding(pad_id=texts.pad_id, length=length)
        self._scale, self._bias = network.similarity
        self._vectors: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """As the user calls it."""
        return self.info.name

    @property
    def sha256(self) -> str:
        """Hash of the weights."""
        return self.info.sha256

    @property
    def model_id(self) -> str:
        """Name, and hash of weights, configuration and transform: two of them never mix."""
        return f"{self.info.name}@{self.info.fingerprint[:16]}"

    @property
    def device(self) -> str:
        """What the status bar says, such as ``"cpu (bf16)"``."""
        return str(self.placement)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Subset of ``("CT", "XR")``."""
        return self.info.modalities

    @property
    def logit_scale(self) -> float:
        """Factor of the cosine similarity, as trained."""
        return self._scale

    @property
    def logit_bias(self) -> float:
        """Offset of the similarity, as trained; 0 for networks trained with a softmax."""
        return self._bias

    def embed_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, D)`` unit vectors; each text is encoded once and remembered."""
        new = [t for t in dict.fromkeys(texts) if t not in self._vectors]
        for start in range(0, len(new), TEXTS_AT_ONCE):
            part = new[start : start + TEXTS_AT_ONCE]
            self._vectors |= dict(zip(part, self._encode_texts(part), strict=True))
        return np.stack([self._vectors[t] for t in texts])

    def _encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import torch

        filled = [self._texts.fill(text) for text in texts]
        tokens = self._tokenizer.encode_batch(filled)
        ids = torch.tensor([t.ids for t in tokens], device=self.placement.device)
        mask = torch.tensor([t.attention_mask for t in tokens], device=self.placement.device)
        with self.running():
            return unit(self.network.encode_texts(ids, mask)).cpu().numpy()

    def encode(
        self, scan: Scan, *, progress: Progress | None = None, cache: bool = True
    ) -> Encoding:
        """One pass over a scan, or the encoding kept from an earlier one.

        Raises
        ------
        ModelMismatchError
            If the model does not know this kind of scan.
        """
        from medvlp.store.encodings import EncodingStore

        progress = progress or ignore_progress
        if scan.modality not in self.modalities:
            raise ModelMismatchError(
                f"Model {self.name} knows {' and '.join(self.modalities)}; this scan is "
                f"{scan.modality}. Choose another model.",
                command_line="'medvlp models list' names them.",
            )
        store = EncodingStore() if cache else None
        if store is not None:
            progress(0.0, "Looking for an encoding of this scan")
            if (kept := store.get(scan.scan_id, self.model_id)) is not None:
                progress(1.0, "Encoding taken from the cache")
                return kept
        progress(0.02, "Preparing the scan")
        encoding = self._finish(scan, *self._encode(scan, progress))
        if store is not None:
            store.put(encoding)
        progress(1.0, "Encoded")
        return encoding

    @abstractmethod
    def _encode(self, scan: Scan, progress: Progress) -> Encoded:
        """Unit vectors of the cells, pooled vector of any length, geometry of the cells."""

    def _finish(
        self,
        scan: Scan,
        grid: NDArray[np.float16],
        pooled: NDArray[np.float32],
        geometry: Geometry,
    ) -> Encoding:
        return Encoding(
            grid=grid,
            geometry=geometry,
            pooled=pooled / max(float(np.linalg.norm(pooled)), 1e-6),
            model_id=self.model_id,
            scan_id=scan.scan_id,
            modality=scan.modality,
            scan_shape=scan.geometry.shape,
            extra={"scan_geometry": scan.geometry.to_dict()},
        )

    def running(self) -> AbstractContextManager[object]:
        """No gradients, and the precision of the device."""
        import torch

        device, dtype = self.placement.device, self.placement.dtype
        stack = ExitStack()
        stack.enter_context(torch.inference_mode())
        stack.enter_context(torch.autocast(device, dtype, enabled=dtype != torch.float32))
        return stack

    @contextmanager
    def following(self, report: Callable[[float], None]) -> Iterator[None]:
        """Report the share that is done after each block; what ``report`` raises ends the pass."""
        steps = self.network.steps

        def after(done: int) -> Callable[..., None]:
            return lambda *_: report(done / len(steps))

        hooks = [step.register_forward_hook(after(n + 1)) for n, step in enumerate(steps)]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()


def unit(vectors: Tensor) -> Tensor:
    """Float32 vectors of length 1 along the last axis."""
    from torch.nn import functional as F

    return F.normalize(vectors.float(), dim=-1)
