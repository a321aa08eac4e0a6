"""What lies open or was dropped: every series that can be chosen, and which one is on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from psygnal import Signal

from medvlp.io.survey import Survey, SurveyedSeries
from medvlp.scan import Scan


@dataclass(frozen=True)
class Origin:
    """Where a scan was read from: what :func:`medvlp.open_scan` takes.

    ``series`` is None for what is opened by default.
    """

    source: tuple[str, ...]
    series: str | int | None = None

    @property
    def argument(self) -> str | list[str]:
        """The source as one path, or as a list of several."""
        return self.source[0] if len(self.source) == 1 else list(self.source)


@dataclass(frozen=True)
class Opened:
    """The scan on screen: where from, and what its reader noticed."""

    origin: Origin
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class StudySource:
    """One file, folder or zip in the list; ``survey`` is None while it is still looked through."""

    paths: tuple[str, ...]
    survey: Survey | None = None


@dataclass(frozen=True, eq=False)
class StudyRow:
    """A line of the list: a source without ``entry``, or a series in it.

    Parameters
    ----------
    source
        That it belongs to.
    number
        Of the source, from 1.
    entry
        The series.
    chosen
        Whether it is on screen.
    notes
        What is known about it, as sentences; of the scan on screen all that its reader noticed.
    """

    source: StudySource
    number: int
    entry: SurveyedSeries | None = None
    chosen: bool = False
    notes: tuple[str, ...] = ()


class StudyModel:
    """Sources in the order in which they were opened.

    Events
    ------
    changed
        Emitted after a source was added, listed or removed, or another series was opened.
    """

    changed = Signal()

    def __init__(self) -> None:
        self._sources: list[StudySource] = []
        self._opened: Opened | None = None
        self._shown = True

    @property
    def sources(self) -> tuple[StudySource, ...]:
        """Everything listed."""
        return tuple(self._sources)

    @property
    def opened(self) -> Opened | None:
        """The scan on screen."""
        return self._opened

    @property
    def shown(self) -> bool:
        """Whether the list is on screen."""
        return self._shown

    def show(self, shown: bool) -> None:
        """Show or hide the list."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    def expect(self, paths: Sequence[str]) -> None:
        """Paths that will be looked through; those that are listed already are listed anew."""
        known = {source.paths for source in self._sources}
        new = [StudySource((path,)) for path in dict.fromkeys(paths) if (path,) not in known]
        self._sources += new
        self.changed.emit()

    def put(self, survey: Survey) -> None:
        """What was found. Files that turned out to be one study become one source.

        What was forgotten while it was looked through does not come back.
        """
        listed = StudySource(survey.paths, survey)
        parts = set(survey.paths)
        if not any(parts.issuperset(source.paths) for source in self._sources):
            return
        where = next(
            (i for i, source in enumerate(self._sources) if parts.issuperset(source.paths)),
            len(self._sources),
        )
        kept = [source for source in self._sources if not parts.issuperset(source.paths)]
        self._sources = [*kept[:where], listed, *kept[where:]]
        self.changed.emit()

    def complete(self, paths: tuple[str, ...], known: SurveyedSeries) -> None:
        """More is known of one series; the rest of its source stays as it is listed by now."""
        for number, source in enumerate(self._sources):
            if source.paths == paths and source.survey is not None:
                series = tuple(_completed(entry, known) for entry in source.survey.series)
                survey = replace(source.survey, series=series)
                self._sources[number] = replace(source, survey=survey)
                self.changed.emit()

    def forget_patients(self) -> None:
        """Names and ids of patients are not to be shown any more."""
        self._sources = [
            source
            if source.survey is None
            else replace(source, survey=without_patients(source.survey))
            for source in self._sources
        ]
        self.changed.emit()

    def give_up(self, message: str) -> None:
        """Nothing more is being looked through: what was not listed says why."""
        self._sources = [
            source
            if source.survey is not None
            else replace(source, survey=Survey(source.paths, "", problem=message))
            for source in self._sources
        ]
        self.changed.emit()

    def set_opened(self, origin: Origin, scan: Scan) -> None:
        """Another scan is on screen."""
        series = scan.provenance.get("series")
        if isinstance(series, str):
            origin = replace(origin, series=series)
        self._opened = Opened(origin, tuple(warning.message for warning in scan.warnings))
        self.changed.emit()

    def keep_opened_only(self) -> None:
        """Forget the sources that the scan on screen is not from."""
        self._sources = [source for source in self._sources if self._chosen(source) is not None]
        self.changed.emit()

    def rows(self) -> list[StudyRow]:
        """The list, line by line."""
        rows = []
        for number, source in enumerate(self._sources, 1):
            if not _is_one_file(source):
                rows.append(StudyRow(source, number))
            chosen = self._chosen(source)
            for entry in source.survey.series if source.survey is not None else ():
                is_chosen = entry is chosen
                notes = self._opened.notes if is_chosen and self._opened else entry.notes
                rows.append(StudyRow(source, number, entry, is_chosen, notes))
        return rows

    def _chosen(self, source: StudySource) -> SurveyedSeries | None:
        """The series of a source that is on screen."""
        if self._opened is None or source.survey is None:
            return None
        origin, series = self._opened.origin, source.survey.series
        for entry in series:
            first = origin.source[0] in entry.source and set(entry.source) <= set(origin.source)
            if first and entry.series == origin.series:
                return entry
        if origin.source == source.paths and origin.series is None:
            return next((entry for entry in series if entry.info.usable), None)
        return None


def without_patients(survey: Survey) -> Survey:
    """The same without names and ids of patients."""
    return replace(survey, series=tuple(replace(entry, patient="") for entry in survey.series))


def _completed(entry: SurveyedSeries, known: SurveyedSeries) -> SurveyedSeries:
    same = (entry.source, entry.series) == (known.source, known.series)
    return replace(known, patient=entry.patient) if same else entry


def _is_one_file(source: StudySource) -> bool:
    """A heading would only repeat the name of its one series."""
    survey = source.survey
    if survey is None or survey.notes or len(survey.series) != 1:
        return False
    return bool(survey.name) and survey.series[0].label == survey.name
