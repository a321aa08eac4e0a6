"""What a model knows about a scan after one pass: enough to answer any question about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import CacheError
from medvlp.geometry import Geometry

FORMAT = "medvlp/encoding/1"


@dataclass(frozen=True, eq=False)
class Encoding:
    """Dense and pooled embeddings of one scan.

    Parameters
    ----------
    grid
        ``(*token shape, D)`` float16. Rows are unit vectors up to rounding.
    geometry
        Token indices to LPS millimetres; ``geometry.shape == grid.shape[:-1]``. The grid's axes are
        the scan's axes, permuted and reversed: never sheared against them.
    pooled
        ``(D,)`` float32 unit vector of the whole scan.
    model_id
        ``"name@hash"`` of the model that made it, the hash over weights, configuration and
        transform: encodings of two models never mix.
    scan_id
        Content hash of the scan.
    modality
        ``"CT"`` or ``"XR"``.
    scan_shape
        Shape of the scan's array.
    in_domain
        Probability that the scan is of a kind the model was trained on.
    organs
        Organ probabilities on the token grid, ``{organ: (*token shape) float16}``; empty if unknown.
    extra
        Further JSON-serialisable facts of the backend.
    """

    grid: NDArray[np.float16]
    geometry: Geometry
    pooled: NDArray[np.float32]
    model_id: str
    scan_id: str
    modality: str
    scan_shape: tuple[int, ...]
    in_domain: float = 1.0
    organs: dict[str, NDArray[np.float16]] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if tuple(self.grid.shape[:-1]) != self.geometry.shape:
            raise CacheError(
                f"The token grid {self.grid.shape[:-1]} and its geometry {self.geometry.shape} disagree."
            )

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """``(cells, D)`` float32 view of the grid, made once: a query is one product with it."""
        return np.ascontiguousarray(self.grid.reshape(-1, self.grid.shape[-1]), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write to safetensors, atomically (through a temporary file in the same folder)."""
        from safetensors.numpy import save

        from medvlp.store.atomic import write_bytes_atomically

        tensors: dict[str, NDArray[np.generic]] = {
            "grid": np.ascontiguousarray(self.grid),
            "pooled": np.asarray(self.pooled),
        }
        tensors |= {f"organ/{k}": np.ascontiguousarray(v) for k, v in self.organs.items()}
        header = {
            "format": FORMAT,
            "geometry": json.dumps(self.geometry.to_dict()),
            "model_id": self.model_id,
            "scan_id": self.scan_id,
            "modality": self.modality,
            "scan_shape": json.dumps(self.scan_shape),
            "in_domain": repr(float(self.in_domain)),
            "extra": json.dumps(self.extra),
        }
        write_bytes_atomically(path, save(tensors, metadata=header))

    @classmethod
    def load(cls, path: Path) -> Encoding:
        """Read what :meth:`save` wrote.

        Raises
        ------
        CacheError
            If the file is not an encoding of this format.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                header = file.metadata() or {}
                if header.get("format") != FORMAT:
                    raise CacheError(
                        f"{path} is not a medvlp encoding: expected format {FORMAT}, "
                        f"found {header.get('format')}. Encode the scan again."
                    )
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError) as error:
            raise CacheError(f"{path} cannot be read as an encoding ({error}).") from error
        return cls(
            grid=tensors["grid"],
            geometry=Geometry.from_dict(json.loads(header["geometry"])),
            pooled=tensors["pooled"],
            model_id=header["model_id"],
            scan_id=header["scan_id"],
            modality=header["modality"],
            scan_shape=tuple(json.loads(header["scan_shape"])),
            in_domain=float(header["in_domain"]),
            organs={k[6:]: v for k, v in tensors.items() if k.startswith("organ/")},
            extra=json.loads(header["extra"]),
        )
