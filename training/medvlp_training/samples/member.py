"""One sample as bytes: safetensors, with everything that is not an array as JSON in the header."""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from medvlp_training.samples.errors import ShardError
from medvlp_training.samples.sample import Box, Entity, ImageTextSample, OrganStatement

FORMAT = "medvlp/sample/1"
_LESION = "lesion/"
_FAST = 1  # label maps shrink fifty-fold at the fastest level; the slower ones gain little
_NO_RADIOGRAPH: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
_FACTS = ("identity", "patient", "modality", "source", "split")


def encode_member(sample: ImageTextSample) -> bytes:
    """Bytes of a checked sample; equal samples give equal bytes."""
    tensors: dict[str, NDArray[Any]] = {"image": np.ascontiguousarray(sample.image)}
    if sample.affine is not None:
        tensors["affine"] = np.ascontiguousarray(sample.affine, dtype=np.float64)
    if sample.organs is not None:
        tensors["organs"] = _squeezed(sample.organs)
    for name, mask in sorted(sample.lesions.items()):
        tensors[_LESION + name] = _squeezed(np.packbits(mask))
    facts: dict[str, Any] = {"format": FORMAT, **{key: getattr(sample, key) for key in _FACTS}}
    facts |= {
        "sentences": list(sample.sentences),
        "labels": dict(sorted(sample.labels.items())),
        "organ_names": {str(k): v for k, v in sorted(sample.organ_names.items())},
        "boxes": [asdict(box) for box in sample.boxes],
        "entities": [asdict(entity) for entity in sample.entities],
        "statements": [asdict(statement) for statement in sample.statements],
    }
    return save(tensors, metadata={"sample": json.dumps(facts, ensure_ascii=False)})


def decode_member(data: bytes, name: str) -> ImageTextSample:
    """Inverse of :func:`encode_member`; ``name`` is what errors call the member.

    Raises
    ------
    ShardError
        If the bytes are no sample, or one of another version.
    """
    try:
        facts = _facts(data)
        if facts.get("format") != FORMAT:
            raise ShardError(
                f"{name}: expected format {FORMAT}, found {facts.get('format')!r}. Convert the "
                "collection again with this version."
            )
        tensors = load(data)
        return _sample(facts, tensors)
    except (SafetensorError, KeyError, TypeError, ValueError, zlib.error) as error:
        raise ShardError(
            f"{name}: not a sample ({type(error).__name__}: {str(error)[:120]}). Convert the "
            "collection again."
        ) from error


def header_size(data: bytes) -> int:
    """How many of a member's first bytes hold everything but the arrays."""
    return 8 + int.from_bytes(data[:8], "little")


def decode_header(data: bytes, name: str) -> ImageTextSample:
    """Sample without arrays (an empty image, no masks) from the first bytes of a member.

    Raises
    ------
    ShardError
        If the bytes are no header of a sample.
    """
    try:
        facts = _facts(data)
        empty = np.zeros((0, 0, 0), np.int16) if facts["modality"] == "CT" else _NO_RADIOGRAPH
        return _sample({**facts, "organ_names": {}}, {"image": empty})
    except (KeyError, TypeError, ValueError) as error:
        raise ShardError(f"{name}: not a sample ({str(error)[:120]}).") from error


def _facts(data: bytes) -> dict[str, Any]:
    """JSON of the safetensors header: 8 bytes of little-endian length, then the header itself."""
    header = json.loads(data[8 : header_size(data)])
    facts = json.loads(header["__metadata__"]["sample"])
    if not isinstance(facts, dict):
        raise ValueError("the header's facts are no JSON object")
    return facts


def _sample(facts: dict[str, Any], tensors: dict[str, NDArray[Any]]) -> ImageTextSample:
    image = tensors["image"]
    voxels = math.prod(image.shape)
    organs = None
    if "organs" in tensors:
        organs = _unsqueezed(tensors["organs"], voxels).reshape(image.shape)
    lesions = {
        key.removeprefix(_LESION): np.unpackbits(_unsqueezed(bits, -(-voxels // 8)), count=voxels)
        .astype(bool)
        .reshape(image.shape)
        for key, bits in tensors.items()
        if key.startswith(_LESION)
    }
    return ImageTextSample(
        **{key: facts[key] for key in _FACTS},
        image=image,
        affine=tensors.get("affine"),
        sentences=tuple(facts["sentences"]),
        labels=facts["labels"],
        organs=organs,
        organ_names={int(k): v for k, v in facts["organ_names"].items()},
        lesions=lesions,
        boxes=tuple(
            Box(b["concept"], tuple(b["start"]), tuple(b["stop"]), b["sentence"])
            for b in facts["boxes"]
        ),
        entities=tuple(Entity(**entity) for entity in facts["entities"]),
        statements=tuple(OrganStatement(**statement) for statement in facts["statements"]),
    )


def _squeezed(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.compress(np.ascontiguousarray(values).data, _FAST), dtype=np.uint8)


def _unsqueezed(values: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Decompress to exactly ``size`` bytes; never more, whatever the stream claims."""
    raw = zlib.decompressobj().decompress(values.tobytes(), size)
    if len(raw) != size:
        raise ValueError(f"a mask of {len(raw)} bytes where {size} were expected")
    return np.frombuffer(bytearray(raw), dtype=np.uint8)
