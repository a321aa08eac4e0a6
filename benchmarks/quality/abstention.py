"""Does it decline photographs, MR and nonsense, and answer what it should?

Encodings are kept in the cache of encodings, so that another threshold is measured in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.quality.bar import Case, Goal, Group, Record, Row, mean_of, patients_of
from benchmarks.quality.foreign import CT_SLICES, NONSENSE, Input, known_scans, pictures, volumes
from medvlp.grounding.ground import ground
from medvlp.models.protocol import GroundingModel

TITLE = "Abstention"
FOLDERS = ("cxr_jsrt_organs", "cxr_nih", "cxr_covid", "ct2d_medpix", "ct_totalseg", "ct_thorax",
           "ct_lungdx", "ct_covidctmd")  # fmt: skip
GUARDED = True
DECLINED = Goal(0.95)
ANSWERED = Goal(0.05, at_least=False)


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """One input a case."""
    for number, given in enumerate((*pictures(data), *volumes(data), *known_scans(data))):
        yield Case(f"{number:04d}/{given.kind}", lambda model, given=given: _asked(model, given))  # type: ignore[misc]


def _asked(model: GroundingModel, given: Input) -> list[Record]:
    encoding = model.encode(given.scan())
    return [
        {
            "patient": given.patient,
            "part": given.part,
            "kind": given.kind,
            "query": query,
            "nonsense": query in NONSENSE,
            "declined": found.abstained,
            "in_domain": encoding.in_domain,
        }
        for query, found in zip(given.queries, ground(model, encoding, given.queries), strict=True)
    ]


def rows(records: Sequence[Record]) -> list[Row]:
    """The half that chose no threshold, then the other; each kind of input by itself."""
    found = []
    groups: tuple[Group, ...] = ("test", "validation")
    for group in groups:
        own = [r for r in records if r["part"] == group]
        foreign = [r for r in own if r["kind"] not in ("X-ray", "CT")]
        for kind in dict.fromkeys(r["kind"] for r in foreign):
            part = [r for r in foreign if r["kind"] == kind]
            goal = None if kind == CT_SLICES else DECLINED
            found.append(_row(f"declined, {kind}", group, part, goal))
        for kind in ("X-ray", "CT"):
            part = [r for r in own if r["kind"] == kind]
            words = [r for r in part if r["nonsense"]]
            if words:
                found.append(_row(f"declined, nonsense asked of {kind}", group, words, DECLINED))
        for kind in ("X-ray", "CT"):
            part = [r for r in own if r["kind"] == kind and not r["nonsense"]]
            if part:
                found.append(_row(f"declined, real questions about {kind}", group, part, ANSWERED))
    return found


def _row(measure: str, group: Group, own: Sequence[Record], goal: Goal | None) -> Row:
    whose = patients_of(own)
    value = mean_of([float(r["declined"]) for r in own], whose)
    priors = {"random": mean_of([0.5] * len(own), whose)}
    return Row(measure, group, len(set(whose)), value, priors, goal)
