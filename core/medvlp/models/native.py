"""Our unified model behind the model protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import ModelMismatchError, RefusedScanError
from medvlp.models import folder as model_folder
from medvlp.models.allocation import keep_freed_memory
from medvlp.models.background import tokens_to_read
from medvlp.models.device import Placement, choose_device
from medvlp.models.encoding import Encoding
from medvlp.models.preprocessing import (
    Prepared,
    Preprocessing,
    grid_geometry,
    prepare_ct,
    prepare_xr,
)
from medvlp.models.slabs import blend_weights, iterate_slabs
from medvlp.models.text_vectors import read_text_vectors
from medvlp.models.torch_import import import_torch
from medvlp.models.weights import load_network
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

    from medvlp.grounding.calibration import Calibration
    from medvlp.models.network import UnifiedNetwork
    from medvlp.models.text import TextTower

MAX_TOKENS = 64
CELLS_AT_ONCE = 16384
"""Cells that the dense head takes at a time: what it makes of them stays in the processor's cache."""


class NativeModel:
    """Weights, tokenizer, transform, prompts and calibration of one model folder.

    ``fingerprint`` is that of :class:`medvlp.models.folder.ModelInfo`; a network that lies in no
    folder is known by ``sha256`` alone. ``text_vectors`` are those that the text tower need not make.
    ``tokenizer`` is called when the tower makes the first one.
    """

    modalities = ("CT", "XR")

    def __init__(
        self,
        network: UnifiedNetwork,
        tokenizer: Callable[[], Tokenizer],
        preprocessing: Preprocessing,
        calibration: Calibration,
        *,
        name: str,
        sha256: str,
        placement: Placement,
        organ_texts: dict[str, dict[str, str]] | None = None,
        fingerprint: str = "",
        text_vectors: dict[str, NDArray[np.float32]] | None = None,
    ) -> None:
        import torch

        from medvlp.models.fused import channels_last, inference_copy

        self._network = network.eval().to(placement.device)
        self._widening = threading.Lock()
        if placement.device == "cpu":
            keep_freed_memory()
        if placement.device == "cpu" and placement.dtype != torch.float32:
            # Weights are cast once, not by autocast at every pass.
            self._vision = inference_copy(network.vision, placement.dtype)
        else:
            self._vision = self.network.vision
        channels_last(self._vision)
        self._load_tokenizer = tokenizer
        self.preprocessing = preprocessing
        self.calibration = calibration
        self.name = name
        self.sha256 = sha256
        self._fingerprint = fingerprint or sha256
        self.placement = placement
        self._organ_texts = organ_texts or {}
        self._texts = dict(text_vectors or {})

    @classmethod
    def load(cls, folder: Path, *, device: str = "auto") -> NativeModel:
        """Load a checked folder; see :mod:`medvlp.models.folder` for its files.

        Raises
        ------
        ModelMismatchError
            If files are missing or altered, or the weights do not fit the configuration.
        """
        from pydantic import ValidationError

        from medvlp.grounding.calibration import Calibration

        model_folder.check(folder)
        import_torch()
        from medvlp.models.text import load_tokenizer

        info = model_folder.model_info(folder)
        try:
            preprocessing = Preprocessing.model_validate_json(
                (folder / "preprocessing.json").read_text(encoding="utf-8")
            )
            prompts = json.loads((folder / "prompts.json").read_text(encoding="utf-8"))
        except (ValidationError, ValueError) as error:
            raise ModelMismatchError(f"{folder}: a settings file is not valid: {error}") from error
        calibration = Calibration.load(folder / "calibration.json")
        return cls(
            load_network(folder, towers_as_stored=True),
            partial(load_tokenizer, folder, MAX_TOKENS),
            preprocessing,
            calibration,
            name=info.name,
            sha256=info.sha256,
            placement=choose_device(device),
            organ_texts=prompts.get("organs", {}),
            fingerprint=info.fingerprint,
            text_vectors=read_text_vectors(folder, info.sha256),
        )

    @property
    def network(self) -> UnifiedNetwork:
        """All of it in float32. Answers need less: what the folder holds is converted when it is read."""
        with self._widening:
            return self._network.float()

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Of the text tower; most questions need neither."""
        return self._load_tokenizer()

    def _text_tower(self) -> TextTower:
        with self._widening:
            return self._network.text.float()

    @property
    def model_id(self) -> str:
        """Name, and hash of weights, configuration and transform: encodings of two never mix."""
        return f"{self.name}@{self._fingerprint[:16]}"

    @property
    def device(self) -> str:
        """What the status bar says, such as ``"cpu (bf16)"``."""
        return str(self.placement)

    @property
    def logit_scale(self) -> float:
        """Factor of the dense cosine similarity."""
        return float(self._network.dense_log_scale.detach().exp())

    @property
    def logit_bias(self) -> float:
        """Offset of the dense similarity."""
        return float(self._network.dense_bias.detach())

    def embed_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, D)`` unit vectors; each text is encoded once and remembered.

        Those of the lexicon's texts came with the folder.
        """
        new = [t for t in dict.fromkeys(texts) if t not in self._texts]
        if new:
            for text, vector in zip(new, self._encode_texts(new), strict=True):
                self._texts[text] = vector
        return np.stack([self._texts[t] for t in texts])

    def _encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        from medvlp.models.text import embed_texts

        return embed_texts(self._text_tower(), self.tokenizer, texts)

    def encode(
        self, scan: Scan, *, progress: Progress | None = None, cache: bool = True
    ) -> Encoding:
        """One pass over a scan, or the encoding kept from an earlier one.

        Raises
        ------
        RefusedScanError
            If the scan is a CT smaller than one dense cell.
        """
        from medvlp.store.encodings import EncodingStore

        progress = progress or ignore_progress
        store = EncodingStore() if cache else None
        if store is not None:
            progress(0.0, "Looking for an encoding of this scan")
            if (kept := store.get(scan.scan_id, self.model_id)) is not None:
                progress(1.0, "Encoding taken from the cache")
                return kept
        progress(0.02, "Preparing the scan")
        encoding = self._encode_ct(scan, progress) if scan.is_volume else self._encode_xr(scan)
        if store is not None:
            store.put(encoding)
        progress(1.0, "Encoded")
        return encoding

    def _encode_ct(self, scan: Scan, progress: Progress) -> Encoding:
        settings = self.preprocessing.ct
        prepared = prepare_ct(scan, settings)
        if min(prepared.array.shape) < settings.multiple:
            raise RefusedScanError(f"The CT is too small to encode: {scan.geometry.shape}.")
        cell = settings.cell_voxels
        shape = tuple(n // cell for n in prepared.array.shape)
        width = self._network.config.embedding_size
        total: NDArray[Any] = np.zeros((*shape, width), dtype=np.float32)
        pooled = np.zeros(width, dtype=np.float32)
        domains = []
        length = prepared.array.shape[0]
        args = (length, settings.slab_slices, settings.slab_overlap, settings.multiple)
        for slab, first, last in iterate_slabs(*args):
            progress(0.1 + 0.8 * slab.start / length, f"Encoding slices {slab.start}-{slab.stop}")
            dense, vector, domain = self._forward(prepared.array[slab])
            if first and last:
                total = dense
            else:
                cells = slice(slab.start // cell, slab.stop // cell)
                weights = blend_weights(dense.shape[0], settings.slab_overlap // cell, first, last)
                total[cells] += dense * weights[:, None, None, None]
            pooled += vector
            domains.append(domain)
        if len(domains) > 1:
            total /= np.maximum(np.linalg.norm(total, axis=-1, keepdims=True), 1e-6)
            total = _half(total)
        return self._encoding(scan, prepared, cell, total, pooled, max(domains))

    def _encode_xr(self, scan: Scan) -> Encoding:
        settings = self.preprocessing.xr
        prepared = prepare_xr(scan, settings)
        dense, vector, domain = self._forward(prepared.array)
        return self._encoding(scan, prepared, settings.cell_pixels, dense, vector, domain)

    def _forward(
        self, array: NDArray[np.float32]
    ) -> tuple[NDArray[np.float16], NDArray[np.float32], float]:
        """Dense ``(*grid, D)``, pooled ``(D,)`` and the log-odds of being in the model's domain."""
        import torch

        from medvlp.models.vision import TOKEN_STRIDE

        array = np.ascontiguousarray(array)
        tensor = torch.from_numpy(array)[None].to(self.placement.device)
        volume = tensor.ndim == 4
        images = self._network.window_ct(tensor) if volume else tensor[:, None]
        device, dtype = self.placement.device, self.placement.dtype
        mixed = device != "cpu" and dtype != torch.float32
        numbers = tokens_to_read(array, TOKEN_STRIDE[3]) if volume else None
        chosen = None if numbers is None else torch.from_numpy(numbers)[None].to(device)
        with torch.inference_mode(), torch.autocast(device, dtype, enabled=mixed):
            output = self._vision(images.to(dtype), chosen)
            dense = self._embed(output.features[0], volume)
            domain = self._network.domain_logit(output.summary)
        pooled = output.pooled[0].float().cpu().numpy()
        return dense.cpu().numpy(), pooled, float(domain[0])

    def _embed(self, features: Tensor, volume: bool) -> Tensor:
        """Dense features ``(*grid, channels)`` to float16 unit vectors ``(*grid, D)``."""
        import torch

        cells = features.flatten(0, -2)
        width = self._network.config.embedding_size
        dense = cells.new_empty(len(cells), width, dtype=torch.float16)
        for start in range(0, len(cells), CELLS_AT_ONCE):
            part = slice(start, start + CELLS_AT_ONCE)
            dense[part] = self._vision.embed(cells[part], volume)
        return dense.unflatten(0, features.shape[:-1])

    def _encoding(
        self,
        scan: Scan,
        prepared: Prepared,
        cell: int,
        dense: NDArray[np.float16],
        pooled: NDArray[np.float32],
        domain: float,
    ) -> Encoding:
        return Encoding(
            grid=dense,
            geometry=grid_geometry(prepared, cell),
            pooled=pooled / max(float(np.linalg.norm(pooled)), 1e-6),
            model_id=self.model_id,
            scan_id=scan.scan_id,
            modality=scan.modality,
            scan_shape=scan.geometry.shape,
            in_domain=float(1 / (1 + np.exp(-domain))),
            organs=self._organ_maps(dense, scan.modality),
            extra={"scan_geometry": scan.geometry.to_dict()},
        )

    def _organ_maps(
        self, dense: NDArray[np.float16], modality: str
    ) -> dict[str, NDArray[np.float16]]:
        """Probability of each built-in organ in each cell: the organ head is the text tower."""
        import torch

        texts = self._organ_texts.get(modality, {})
        if not texts:
            return {}
        vectors = torch.from_numpy(self.logit_scale * self.embed_text(list(texts.values())))
        cells = torch.from_numpy(dense).flatten(0, -2)
        maps = torch.empty(len(texts), len(cells), dtype=torch.float16)
        for start in range(0, len(cells), CELLS_AT_ONCE):
            part = slice(start, start + CELLS_AT_ONCE)
            logits = vectors @ cells[part].float().T
            maps[:, part] = logits.add_(self.logit_bias).sigmoid_()
        return dict(zip(texts, maps.numpy().reshape(-1, *dense.shape[:-1]), strict=True))


def _half(values: NDArray[np.float32]) -> NDArray[np.float16]:
    """The same in float16: torch converts many values at a time, numpy one by one."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(values)).half().numpy()
