"""One way in: a path of any supported kind becomes a scan."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from medvlp.errors import GeometryError, MedVLPError, RefusedScanError, UnreadableScanError
from medvlp.io.archive import unpacked
from medvlp.io.detect import SUPPORTED, FileFormat, detect_format
from medvlp.io.folder import FolderContent, search_folder
from medvlp.io.selection import in_units, unit_name
from medvlp.io.series import SeriesInfo, choose_series, in_order
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Modality, Scan, ScanWarning

_MOST_LOOSE_FILES = 8
_UNPACKING = 0.3


@dataclass(frozen=True)
class _Options:
    series: str | int | None = None
    strict: bool = False
    modality: Modality | None = None
    progress: Progress = ignore_progress

    def later(self, start: float) -> _Options:
        """Same, with progress squeezed into what comes after ``start``."""
        report = self.progress
        return replace(self, progress=lambda f, text: report(start + (1 - start) * f, text))


AnyPath = str | os.PathLike[str]


def open_scan(
    path: AnyPath | Sequence[AnyPath],
    *,
    series: str | int | None = None,
    strict: bool = False,
    modality: Modality | None = None,
    progress: Progress | None = None,
) -> Scan:
    """Open a CT or an X-ray.

    Parameters
    ----------
    path
        DICOM file, folder (searched recursively) or zip; NIfTI, NRRD, MHA; PNG, JPEG, TIFF. Of
        several paths the first is opened; if it is a DICOM file, together with the others.
    series
        Which one, if there are several: an id or position from :func:`list_series`, or a series
        number. By default the largest usable one.
    strict
        Refuse, instead of regularise with a warning, what is not a regular grid.
    modality
        Accept only this modality. "XR" also accepts grey pictures that do not say what they show.
    progress
        Called with a fraction and a sentence; may raise :class:`medvlp.Cancelled`.

    Returns
    -------
    Scan
        CT: int16 Hounsfield units, axis 0 ascending along the slice normal. X-ray: float32 in
        [0, 1], dense tissue bright. Geometry in LPS millimetres.

    Raises
    ------
    UnreadableScanError
        If the path does not exist or its bytes cannot be decoded.
    RefusedScanError
        If it is readable, but not a CT in Hounsfield units or a radiograph.
    GeometryError
        If its slices form no volume, or with ``strict`` no regular one.
    """
    options = _Options(series, strict, modality, progress or ignore_progress)
    first = _first_unit(path)
    if len(first) > 1:
        return _open_dicom(list(first), unit_name(first), options)
    source, kind = located(first[0])
    if kind is FileFormat.ZIP:
        report = options.progress
        with unpacked(source, lambda f, text: report(_UNPACKING * f, text)) as folder:
            return _open_folder(folder, source.name, options.later(_UNPACKING))
    if kind is None:
        return _open_folder(source, source.name, options)
    if kind is FileFormat.DICOM:
        return _open_dicom([source], source.name, options)
    if series is not None:
        choose_series(_list_loose([(source, kind)], source.parent), series)
    return _open_file(source, kind, options)


def _first_unit(path: AnyPath | Sequence[AnyPath]) -> tuple[Path, ...]:
    """What of a selection is opened."""
    if isinstance(path, str | os.PathLike):
        return (Path(path),)
    paths = [Path(one) for one in path]
    if not paths:
        raise UnreadableScanError("No path was given; expected a file or folder with a scan.")
    return in_units(paths)[0]


def list_series(path: AnyPath) -> list[SeriesInfo]:
    """What :func:`open_scan` would find at a path; what it would open comes first.

    Headers are read, pixels only where the format has no other way to tell.

    Raises
    ------
    UnreadableScanError
        If the path does not exist or nothing at it can be read.
    RefusedScanError
        If it is an unsafe archive.
    """
    source, kind = located(Path(path))
    if kind is FileFormat.ZIP:
        with unpacked(source) as folder:
            return _list_folder(folder, source.name)
    if kind is None:
        return _list_folder(source, source.name)
    if kind is FileFormat.DICOM:
        return _list_dicom([source])
    return _list_loose([(source, kind)], source.parent)


def located(source: Path) -> tuple[Path, FileFormat | None]:
    """A file with its format, or a folder with None (a DICOMDIR stands for its folder).

    Raises
    ------
    UnreadableScanError
        If there is nothing, or nothing that medvlp opens.
    """
    try:
        exists = source.exists()
    except (OSError, ValueError) as error:
        raise UnreadableScanError(f"The path cannot be used ({error}).") from None
    if not exists:
        raise UnreadableScanError(
            f"There is no file or folder {str(source)!r}. Check the spelling; expected {SUPPORTED}."
        )
    if source.is_dir():
        return source.resolve(), None
    if not source.is_file():
        raise UnreadableScanError(f"{source.name}: this is neither a file nor a folder.")
    kind = detect_format(source)
    if kind is FileFormat.UNKNOWN:
        raise UnreadableScanError(
            f"{source.name}: the format is not recognised from its content or name; expected "
            f"{SUPPORTED}."
        )
    return (source.parent, None) if kind is FileFormat.DICOMDIR else (source, kind)


def _open_folder(folder: Path, name: str, options: _Options) -> Scan:
    content = search_folder(folder, name)
    scan = _open_content(content, folder, name, options)
    return replace(scan, warnings=(*scan.warnings, *content.notes)) if content.notes else scan


def _open_content(content: FolderContent, folder: Path, name: str, options: _Options) -> Scan:
    if content.dicom:
        return _open_dicom(content.dicom, name, options)
    if len(content.loose) == 1:
        return _open_file(*content.loose[0], options)
    for path, kind in content.loose:
        if loose_id(path, folder) == options.series:
            return _open_file(path, kind, options)
    infos = _list_loose(_few(content.loose, name), folder)
    chosen = infos[choose_series(infos, options.series)]
    path, kind = next(item for item in content.loose if loose_id(item[0], folder) == chosen.id)
    scan = _open_file(path, kind, options)
    note = ScanWarning(
        "other-series", f"{len(infos) - 1} other files were found beside it and not opened."
    )
    others = [info.to_dict() for info in infos if info is not chosen]
    return replace(
        scan,
        warnings=(*scan.warnings, note),
        provenance={**scan.provenance, "other_series": others},
    )


def _list_folder(folder: Path, name: str) -> list[SeriesInfo]:
    content = search_folder(folder, name)
    if content.dicom:
        return _list_dicom(content.dicom)
    return _list_loose(_few(content.loose, name), folder)


def _few(loose: list[tuple[Path, FileFormat]], name: str) -> list[tuple[Path, FileFormat]]:
    """Files without headers that tell what they are must be opened to be judged, so only a few are."""
    if len(loose) <= _MOST_LOOSE_FILES:
        return loose
    kinds = sorted({kind.value for _, kind in loose})
    raise RefusedScanError(
        f"{name}: {len(loose)} files ({', '.join(kinds)}) and no DICOM; expected one scan. "
        "Open one of the files."
    )


def _open_dicom(paths: list[Path], name: str, options: _Options) -> Scan:
    from medvlp.io.dicom.read import read_dicom

    try:
        return read_dicom(
            paths,
            series=options.series,
            strict=options.strict,
            modality=options.modality,
            progress=options.progress,
        )
    except (UnreadableScanError, RefusedScanError, GeometryError) as error:
        if str(error).startswith(f"{name}:"):
            raise
        raise type(error)(f"{name}: {error}") from None


def _list_dicom(paths: list[Path]) -> list[SeriesInfo]:
    from medvlp.io.dicom.read import list_dicom

    return list_dicom(paths)


def _open_file(path: Path, kind: FileFormat, options: _Options) -> Scan:
    if kind is FileFormat.PICTURE:
        from medvlp.io.images import read_picture

        if options.modality == "CT":
            raise RefusedScanError(
                f"{path.name}: a picture holds no Hounsfield units; expected a CT volume."
            )
        return read_picture(path)
    from medvlp.io.volumes import open_volume

    if kind is FileFormat.NIFTI:
        from medvlp.io.nifti import read_nifti as reader
    else:
        from medvlp.io.itk import read_itk as reader
    return open_volume(path, reader, options.modality, options.progress)


def open_loose(path: Path, kind: FileFormat) -> Scan:
    """A volume or picture that is a scan of its own; errors as in :func:`open_scan`."""
    return _open_file(path, kind, _Options())


def _list_loose(files: list[tuple[Path, FileFormat]], folder: Path) -> list[SeriesInfo]:
    """Files that are scans of their own; a single one that cannot be read at all raises."""
    infos = [_describe(path, kind, folder, alone=len(files) == 1) for path, kind in files]
    return [infos[i] for i in in_order(infos)]


def _describe(path: Path, kind: FileFormat, folder: Path, alone: bool) -> SeriesInfo:
    try:
        return describe_loose(path, kind, folder, open_loose(path, kind))
    except MedVLPError as error:
        if alone and isinstance(error, UnreadableScanError):
            raise
        return describe_loose(path, kind, folder, error)


def describe_loose(
    path: Path, kind: FileFormat, folder: Path, found: Scan | MedVLPError
) -> SeriesInfo:
    """What came of reading a file that is a scan of its own: the scan, or why it is refused."""
    if isinstance(found, MedVLPError):
        reason = str(found).removeprefix(f"{path.name}: ").rstrip(".")
        return SeriesInfo(
            id=loose_id(path, folder),
            number=None,
            description=kind.value,
            modality="",
            n_slices=0,
            shape=(0, 0, 0),
            spacing_mm=None,
            usable=False,
            reason=f"a {kind.value} file that was refused ({reason})",
        )
    shape = found.geometry.shape
    return SeriesInfo(
        id=loose_id(path, folder),
        number=None,
        description=kind.value,
        modality=found.modality,
        n_slices=shape[0] if found.is_volume else 1,
        shape=shape,
        spacing_mm=found.geometry.spacing_mm,
        usable=True,
    )


def loose_id(path: Path, folder: Path) -> str:
    """Id of a file by its place below ``folder``, the same wherever a zip is unpacked."""
    from medvlp.io.dicom.privacy import hashed

    return hashed("file", path.relative_to(folder).as_posix())
