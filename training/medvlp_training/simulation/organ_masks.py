"""Masks of organs by name, kept as one label map until one of them is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask

Labels = NDArray[np.uint8]


class OrganMasks(MutableMapping[str, Mask]):
    """A mapping from organ to mask that makes a mask when it is first read.

    A scan has up to a hundred organs and a simulation looks at a few: making all of them costs more
    time than the rest. Masks that were read from the labels are read-only; replace them instead.

    Parameters
    ----------
    labels
        uint8 ``(S, P, L)``, 0 where there is no organ; never written into.
    values
        Organ to its value in ``labels``.
    """

    def __init__(self, labels: Labels, values: Mapping[str, int]) -> None:
        self._labels = labels
        self._values = dict(values)
        self._made: dict[str, Mask] = {}
        self._unions: dict[tuple[str, ...], Mask] = {}

    @classmethod
    def present(cls, labels: Labels, names: Mapping[str, str]) -> OrganMasks:
        """Masks of a label map whose values ``names`` gives as text; without organs of no voxel."""
        counts = np.bincount(labels.ravel(), minlength=256)
        return cls(labels, {name: int(v) for v, name in names.items() if counts[int(v)]})

    @classmethod
    def of(cls, organs: Mapping[str, Mask]) -> OrganMasks:
        """A mapping of its own with the same masks."""
        if not isinstance(organs, OrganMasks):
            shape = next((mask.shape for mask in organs.values()), (0, 0, 0))
            copy = cls(np.zeros(shape, np.uint8), {})
            copy.update(organs)
            return copy
        copy = cls(organs._labels, organs._values)
        copy._made = dict(organs._made)
        return copy

    def __getitem__(self, name: str) -> Mask:
        if name not in self._made:
            mask = self._labels == self._values[name]
            mask.setflags(write=False)
            self._made[name] = mask
        return self._made[name]

    def __setitem__(self, name: str, mask: Mask) -> None:
        self._values.pop(name, None)
        self._made[name] = mask
        self._unions.clear()

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._values.pop(name, None)
        self._made.pop(name, None)
        self._unions.clear()

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._made

    def __iter__(self) -> Iterator[str]:
        # Sorted: which masks were read before must not change what is drawn at random.
        return iter(sorted({*self._values, *self._made}))

    def __len__(self) -> int:
        return len({*self._values, *self._made})

    def union(self, names: tuple[str, ...]) -> Mask:
        """Voxels of any of the organs, read-only; all of them must be there."""
        if names not in self._unions:
            kept = [self._values[n] for n in names if n in self._values]
            masks = [self[n] for n in names if n not in self._values]
            if kept:
                wanted = np.zeros(256, bool)
                wanted[kept] = True
                masks.append(wanted[self._labels])
            union = masks[0].copy() if len(masks) == 1 else np.logical_or.reduce(masks)
            union.setflags(write=False)
            self._unions[names] = union
        return self._unions[names]

    def touched_by(self, mask: Mask) -> list[str]:
        """Organs that share a voxel with ``mask``."""
        met = set(np.flatnonzero(np.bincount(self._labels[mask], minlength=1)).tolist())
        return [
            name
            for name in self
            if (self._values[name] in met if name in self._values else (self[name] & mask).any())
        ]

    def label_map(self) -> tuple[Labels, dict[str, str]]:
        """All masks as one label array, and the name of each value, in the order of the names.

        Where masks overlap, the last name has the voxel.
        """
        names = {str(value): name for value, name in enumerate(self, start=1)}
        renamed = np.zeros(256, np.uint8)
        for value, name in names.items():
            if name in self._values:
                renamed[self._values[name]] = int(value)
        same = np.arange(256, dtype=np.uint8)[list(self._values.values())]
        unchanged = len(self._values) == len(names) and np.array_equal(renamed[same], same)
        labels = self._labels if unchanged else renamed[self._labels]
        for value, name in names.items():
            if name not in self._values:
                np.maximum(labels, self[name].astype(np.uint8) * np.uint8(value), out=labels)
        return labels, names
