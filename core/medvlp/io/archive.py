"""Zip archives: checked before anything is written, unpacked into a folder that is removed again."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from medvlp.errors import MedVLPError, RefusedScanError, UnreadableScanError
from medvlp.progress import Progress, ignore_progress


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may hold at most. A zip bomb exceeds one of these.

    Parameters
    ----------
    total_bytes
        Sum of the unpacked sizes.
    files
        Number of members.
    ratio
        Unpacked over packed size, judged once the unpacked size exceeds ``ratio_from_bytes``.
        Real CT reaches 2 to 6, label maps about 100.
    """

    total_bytes: int = 16 * 2**30
    files: int = 50_000
    ratio: float = 250.0
    ratio_from_bytes: int = 16 * 2**20


DEFAULT_LIMITS = ArchiveLimits()

_SKIPPED_FOLDERS = {"__MACOSX"}
_COPY_BYTES = 2**20


@contextmanager
def unpacked(
    path: Path, progress: Progress = ignore_progress, limits: ArchiveLimits = DEFAULT_LIMITS
) -> Iterator[Path]:
    """Unpack a zip into a temporary folder for the length of a ``with`` block.

    Raises
    ------
    UnreadableScanError
        If it is no intact zip.
    RefusedScanError
        If a member would be written outside the folder, is a link or encrypted, or the archive
        exceeds ``limits``. Nothing is unpacked then.
    """
    with tempfile.TemporaryDirectory(prefix="medvlp-zip-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                members = _checked_members(archive, path.name, limits)
                _unpack(archive, members, Path(folder), progress)
        except MedVLPError:
            raise
        except OSError as error:
            raise UnreadableScanError(
                f"{path.name}: the zip could not be unpacked ({error.strerror or error}). "
                "Check the file and the free space for temporary files."
            ) from None
        except (
            zipfile.BadZipFile,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UnreadableScanError(
                f"{path.name}: the zip is damaged or uses an unsupported method ({error}). "
                "Copy or pack it again."
            ) from None
        except Exception as error:  # zlib.error and lzma.LZMAError share no base
            raise UnreadableScanError(f"{path.name}: the zip is damaged ({error}).") from None
        yield Path(folder)


def _checked_members(
    archive: zipfile.ZipFile, name: str, limits: ArchiveLimits
) -> list[zipfile.ZipInfo]:
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) > limits.files:
        raise RefusedScanError(
            f"{name}: the zip holds {len(members)} files; at most {limits.files} are unpacked. "
            "Unpack it yourself and open the folder."
        )
    for member in members:
        _refuse_unsafe(member, name)
    total = sum(m.file_size for m in members)
    packed = max(1, sum(m.compress_size for m in members))
    if total > limits.total_bytes:
        raise RefusedScanError(
            f"{name}: the zip would unpack to {total / 2**30:.1f} GiB; at most "
            f"{limits.total_bytes / 2**30:.1f} GiB are allowed (it may be a zip bomb)."
        )
    if total > limits.ratio_from_bytes and total / packed > limits.ratio:
        raise RefusedScanError(
            f"{name}: the zip would grow {total / packed:.0f} times when unpacked; at most "
            f"{limits.ratio:.0f} times are allowed (it may be a zip bomb)."
        )
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if total > free:
        raise RefusedScanError(
            f"{name}: unpacking needs {total / 2**20:.0f} MiB, {free / 2**20:.0f} MiB are free in "
            "the folder for temporary files. Free some space, or set TMPDIR."
        )
    return [m for m in members if not _SKIPPED_FOLDERS & set(PurePosixPath(m.filename).parts)]


def _refuse_unsafe(member: zipfile.ZipInfo, name: str) -> None:
    windows = PureWindowsPath(member.filename)
    outside = (
        PurePosixPath(member.filename).is_absolute()
        or bool(windows.drive or windows.root)
        or ".." in windows.parts
    )
    if outside:
        raise RefusedScanError(
            f"{name}: the zip holds a file that would be written outside its folder "
            "(an absolute path, or a name with '..'). Nothing was unpacked."
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedScanError(f"{name}: the zip holds a symbolic link. Nothing was unpacked.")
    if member.flag_bits & 0x1:
        raise RefusedScanError(f"{name}: the zip is protected by a password. Unpack it yourself.")


def _unpack(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, progress: Progress
) -> None:
    for number, member in enumerate(members):
        progress(number / len(members), f"Unpacking {number + 1} of {len(members)}")
        target = folder.joinpath(*PureWindowsPath(member.filename).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        # zipfile never yields more than the declared size, which was checked above.
        with archive.open(member) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink, _COPY_BYTES)
