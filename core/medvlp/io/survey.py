"""Everything that some paths hold, to choose from: every series with a small picture and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from medvlp.errors import Cancelled, MedVLPError
from medvlp.io.archive import unpacked
from medvlp.io.detect import FileFormat
from medvlp.io.folder import search_folder
from medvlp.io.open import describe_loose, located, loose_id, open_loose
from medvlp.io.selection import in_units, unit_name
from medvlp.io.series import SeriesInfo, in_order
from medvlp.io.thumbnail import Thumbnail, thumbnail_of
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan

# More files than these are listed by name: a volume takes a second to read, a picture a moment.
_MOST_READ = {"volumes": 3, "pictures": 60}
_UNPACKING = 0.3
_HIDDEN_NAME = ""


@dataclass(frozen=True, eq=False)
class SurveyedSeries:
    """One thing that can be opened.

    Parameters
    ----------
    info
        Size, spacing, modality, and whether it can be opened at all.
    source, series
        What :func:`medvlp.open_scan` takes to open it.
    label
        Series description, or the name of a file that is a scan of its own; may be "".
    thumbnail
        A small picture, or None.
    notes
        Sentences about what should be known before it is opened.
    patient
        Name and id of the patient; "" unless they were asked for.
    """

    info: SeriesInfo
    source: tuple[str, ...]
    series: str | None
    label: str
    thumbnail: Thumbnail | None = None
    notes: tuple[str, ...] = ()
    patient: str = ""


@dataclass(frozen=True, eq=False)
class Survey:
    """What one file, folder, zip or set of DICOM files holds.

    Parameters
    ----------
    paths
        As they were given.
    name
        For people; "" where the name on disk repeats an identifier of the patient.
    series
        The usable ones first; what is opened by default is the first one.
    notes
        Sentences about the whole.
    problem
        Why nothing could be listed; "" otherwise.
    """

    paths: tuple[str, ...]
    name: str
    series: tuple[SurveyedSeries, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


def survey(
    paths: Sequence[str | Path],
    *,
    identifiers: bool = False,
    progress: Progress | None = None,
    found: Callable[[Survey], None] | None = None,
) -> list[Survey]:
    """List what several paths hold. A path that cannot be read is listed with its problem.

    Parameters
    ----------
    paths
        Files, folders or zips. DICOM files among them are one study.
    identifiers
        Tell patient names and ids, for a user who wants to see them.
    progress
        Called with a fraction and a sentence; may raise :class:`medvlp.Cancelled`.
    found
        Called with each result as soon as it is there.
    """
    report = progress or ignore_progress
    units = in_units([Path(path) for path in paths])
    results = []
    for number, unit in enumerate(units):

        def part(fraction: float, text: str, number: int = number) -> None:
            report((number + fraction) / len(units), text)

        result = _survey_unit(unit, identifiers, part)
        results.append(result)
        if found is not None:
            found(result)
    return results


def survey_of_file(path: str, scan: Scan) -> Survey:
    """The survey of a file that is one scan, which was read already."""
    source = Path(path)
    kind = str(scan.provenance.get("format", ""))
    info = SeriesInfo(loose_id(source, source.parent), None, kind, "", 0, (), None, usable=True)
    unread = SurveyedSeries(info, (path,), None, source.name)
    return Survey((path,), source.name, (with_scan(unread, scan),))


def with_scan(entry: SurveyedSeries, scan: Scan) -> SurveyedSeries:
    """An entry completed by what is known once its scan was read."""
    geometry = scan.geometry
    info = replace(
        entry.info,
        modality=scan.modality,
        n_slices=geometry.shape[0] if scan.is_volume else 1,
        shape=geometry.shape,
        spacing_mm=geometry.spacing_mm,
    )
    notes = tuple(warning.message for warning in scan.warnings)
    return replace(entry, info=info, thumbnail=thumbnail_of(scan), notes=notes)


def _survey_unit(unit: tuple[Path, ...], identifiers: bool, progress: Progress) -> Survey:
    paths = tuple(str(path) for path in unit)
    listing = Survey(paths, unit_name(unit))
    look = _Look(paths, identifiers, progress)
    try:
        if len(unit) > 1:
            return look.at_dicom(listing, list(unit))
        source, kind = located(unit[0])
        if kind is FileFormat.ZIP:
            with unpacked(source, lambda f, text: progress(_UNPACKING * f, text)) as folder:
                return look.later(_UNPACKING).at_folder(listing, folder, zipped=True)
        if kind is None:
            return look.at_folder(listing, source, zipped=False)
        if kind is FileFormat.DICOM:
            return look.at_dicom(listing, [source])
        return replace(listing, series=(look.at_file(source, kind, source.parent, paths, None),))
    except Cancelled:
        raise
    except MedVLPError as error:
        return replace(listing, problem=str(error))


@dataclass(frozen=True)
class _Look:
    """How one unit is looked at."""

    paths: tuple[str, ...]
    identifiers: bool
    progress: Progress

    def later(self, start: float) -> _Look:
        """Same, with progress squeezed into what comes after ``start``."""
        report = self.progress
        return replace(self, progress=lambda f, text: report(start + (1 - start) * f, text))

    def at_dicom(self, listing: Survey, files: list[Path]) -> Survey:
        """Series of DICOM files."""
        from medvlp.io.dicom.survey import survey_dicom

        result = survey_dicom(
            files, listing.name, identifiers=self.identifiers, progress=self.progress
        )
        series = tuple(
            SurveyedSeries(
                entry.info,
                self.paths,
                entry.info.id,
                entry.info.description,
                entry.thumbnail,
                entry.notes,
                entry.patient,
            )
            for entry in result.entries
        )
        notes = (
            (f"{result.damaged} files that look like DICOM could not be read.",)
            if result.damaged
            else ()
        )
        name = _HIDDEN_NAME if result.telling_name else listing.name
        return replace(listing, name=name, series=series, notes=notes)

    def at_folder(self, listing: Survey, folder: Path, *, zipped: bool) -> Survey:
        """DICOM series in a folder, and the volumes and pictures that lie there too."""
        content = search_folder(folder, listing.name)
        share = 0.7 if content.loose else 1.0
        if content.dicom:
            report = self.progress
            first = replace(self, progress=lambda f, text: report(share * f, text))
            listing = first.at_dicom(listing, content.dicom)
        loose = []
        pictures = sum(kind is FileFormat.PICTURE for _, kind in content.loose)
        reads_volumes = len(content.loose) - pictures <= _MOST_READ["volumes"]
        reads_pictures = pictures <= _MOST_READ["pictures"]
        for number, (path, kind) in enumerate(content.loose):
            start = share if content.dicom else 0.0
            done = start + (1 - start) * number / len(content.loose)
            self.progress(done, f"Reading file {number + 1} of {len(content.loose)}")
            source = self.paths if zipped else (str(path),)
            series = loose_id(path, folder) if zipped else None
            if reads_pictures if kind is FileFormat.PICTURE else reads_volumes:
                loose.append(self.at_file(path, kind, folder, source, series))
            else:
                loose.append(_unread(path, kind, folder, source, series))
        loose = [loose[i] for i in in_order([entry.info for entry in loose])]
        if zipped and content.dicom and loose:
            # With DICOM beside them, the reader of a zip opens only the DICOM.
            note = f"{len(loose)} other files lie beside the DICOM; unpack the zip to open them."
            return replace(listing, notes=(*listing.notes, note))
        return replace(listing, series=(*listing.series, *loose))

    def at_file(
        self,
        path: Path,
        kind: FileFormat,
        folder: Path,
        source: tuple[str, ...],
        series: str | None,
    ) -> SurveyedSeries:
        """A volume or picture that is a scan of its own; it has to be read to be judged."""
        label = path.name
        try:
            scan = open_loose(path, kind)
        except Cancelled:
            raise
        except MedVLPError as error:
            info = describe_loose(path, kind, folder, error)
            return SurveyedSeries(info, source, series, label)
        info = describe_loose(path, kind, folder, scan)
        return with_scan(SurveyedSeries(info, source, series, label), scan)


def _unread(
    path: Path, kind: FileFormat, folder: Path, source: tuple[str, ...], series: str | None
) -> SurveyedSeries:
    """One of very many volumes: listed, and judged when it is opened."""
    info = SeriesInfo(loose_id(path, folder), None, kind.value, "", 0, (), None, usable=True)
    return SurveyedSeries(info, source, series, path.name)
