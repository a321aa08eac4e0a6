"""A scan's voxels in shared memory: both processes see the same bytes, neither copies them.

The child creates the block under a name that the parent chose. The parent maps it and removes the
name at once, so nothing outlives the two processes; a block whose announcement was lost with a
killed child is removed by its name.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.scan import Scan

_FACTS = ("geometry", "modality", "intensity", "warnings", "provenance", "window")
_LINUX_BLOCKS = Path("/dev/shm")  # noqa: S108  (only asked how full it is)


class _Block(SharedMemory):
    """Silent where the base class complains at exit about arrays that still use the block."""

    def __del__(self) -> None:
        with suppress(BufferError, OSError, AttributeError):
            self.close()


@dataclass(frozen=True, eq=False)
class SharedScan:
    """A scan on its way: everything but the voxels, and where those are.

    Parameters
    ----------
    facts
        The other fields of :class:`medvlp.Scan`.
    scan_id
        So that it need not be hashed again.
    name
        Of the block; empty where shared memory was too small and ``array`` holds the voxels.
    shape, dtype
        Of the voxels in the block.
    array
        The voxels themselves, or None.
    """

    facts: dict[str, object]
    scan_id: str
    name: str
    shape: tuple[int, ...]
    dtype: str
    array: NDArray[np.generic] | None = None


class SharedBlocks:
    """The blocks one process has mapped; each is unmapped once no array uses it any more."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []

    def publish(self, scan: Scan, name: str) -> tuple[Scan, SharedScan]:
        """Move a scan's voxels into a new block.

        Returns
        -------
        tuple
            The same scan on shared voxels, and what to send to the other process. Where shared
            memory is too small (64 MB in many containers) the scan stays and is sent whole.
        """
        self.sweep()
        facts = {key: getattr(scan, key) for key in _FACTS}
        if not _fits(scan.array.nbytes):
            array = scan.array
            return scan, SharedScan(facts, scan.scan_id, "", array.shape, array.dtype.str, array)
        block = _Block(name=name, create=True, size=max(scan.array.nbytes, 1))
        array = self._array(block, scan.array.shape, scan.array.dtype.str, writeable=True)
        array[...] = scan.array
        array.setflags(write=False)
        parcel = SharedScan(facts, scan.scan_id, name, array.shape, array.dtype.str)
        return _with_id(replace(scan, array=array), scan.scan_id), parcel

    def receive(self, parcel: SharedScan) -> Scan:
        """The scan on the other process's voxels, read-only; its block loses its name."""
        self.sweep()
        if parcel.array is not None:
            return _with_id(Scan(array=parcel.array, **parcel.facts), parcel.scan_id)  # type: ignore[arg-type]
        block = _Block(name=parcel.name)
        array = self._array(block, parcel.shape, parcel.dtype, writeable=False)
        block.unlink()
        return _with_id(Scan(array=array, **parcel.facts), parcel.scan_id)  # type: ignore[arg-type]

    def sweep(self) -> None:
        """Unmap the blocks that no array uses."""
        kept = []
        for block in self._blocks:
            try:
                block.close()
            except BufferError:
                kept.append(block)
        self._blocks = kept

    def __len__(self) -> int:
        return len(self._blocks)

    def _array(
        self, block: _Block, shape: tuple[int, ...], dtype: str, *, writeable: bool
    ) -> NDArray[np.generic]:
        self._blocks.append(block)
        assert block.buf is not None  # only closed blocks have none
        # frombuffer holds an export of the block, so that closing it in use raises; ndarray(buffer=)
        # does not, and the array would point at unmapped memory.
        flat = np.frombuffer(block.buf, dtype=dtype, count=int(np.prod(shape)))
        array: NDArray[np.generic] = flat.reshape(shape)
        array.setflags(write=writeable)
        return array


def _fits(size: int) -> bool:
    """Linux grants a block of any size and kills the process that fills it beyond the limit."""
    if not _LINUX_BLOCKS.is_dir():
        return True
    return shutil.disk_usage(_LINUX_BLOCKS).free > size + 2**20


def remove_block(name: str) -> None:
    """Remove a block by name, if there is one."""
    with suppress(FileNotFoundError, OSError):
        block = _Block(name=name)
        block.close()
        block.unlink()


def _with_id(scan: Scan, scan_id: str) -> Scan:
    scan.__dict__["scan_id"] = scan_id  # fills the cached property: hashing takes a second
    return scan
