"""What each sentence says of which organ: the statements that organs are contrasted with.

A finding belongs to the organ named beside it, else to the organ it occurs in (its first host in the
lexicon), on the side that the clause names. An organ without a finding is called normal or abnormal
by words such as "unremarkable" or "enlarged" (``rules/statements.json``); where neither is said,
nothing is stated of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from re import Pattern

from medvlp.grounding.lexicon import Concept, Lexicon
from medvlp.grounding.reading import Laterality, on_side
from medvlp.grounding.words import SIDES
from medvlp_training.reports.assertion import any_of, read_rules, state_of
from medvlp_training.reports.clauses import Clause, split_clauses
from medvlp_training.reports.entities import Mention, mentions_in
from medvlp_training.samples.sample import ABSENT, OrganStatement

_SIDES: tuple[Laterality, ...] = ("left", "right", "both")


def organ_statements(sentences: Sequence[str], lexicon: Lexicon) -> tuple[OrganStatement, ...]:
    """Statements in the order of the sentences; one per organ and sentence, the abnormal one first.

    A sentence that speaks of several things gives each organ its own clause as text.
    """
    return tuple(
        statement for sentence in sentences for statement in _of_sentence(sentence, lexicon)
    )


def side_of(clause: Clause, mentions: Sequence[Mention]) -> Laterality | None:
    """Side named in a clause outside its organs' own names; None without one or with several."""
    taken = {i for m in mentions for i in range(m.first, m.last) if m.concept.laterality}
    sides = {
        SIDES[word.text]
        for i, word in enumerate(clause.words)
        if word.text in SIDES and i not in taken
    }
    if len(sides) > 1:
        return "both"
    return next((side for side in _SIDES if side in sides), None)


def _of_sentence(sentence: str, lexicon: Lexicon) -> list[OrganStatement]:
    said: list[tuple[Clause, dict[str, bool]]] = []
    places: list[Concept] = []
    for clause in split_clauses(sentence):
        mentions = mentions_in(clause, lexicon)
        places = [m.concept for m in mentions if m.concept.kind == "organ"] or places
        said.append((clause, _of_clause(clause, mentions, places, lexicon)))
    speaking = [(clause, organs) for clause, organs in said if organs]
    chosen: dict[str, OrganStatement] = {}
    for clause, organs in speaking:
        text = sentence if len(speaking) == 1 else _text_of(clause, sentence)
        for organ, abnormal in organs.items():
            if organ not in chosen or (abnormal and not chosen[organ].abnormal):
                chosen[organ] = OrganStatement(organ, text, abnormal)
    return list(chosen.values())


def _text_of(clause: Clause, sentence: str) -> str:
    first = clause.words[0].text == "and" and len(clause.words) > 1
    return sentence[clause.words[first].start : clause.words[-1].end]


def _of_clause(
    clause: Clause, mentions: Sequence[Mention], places: Sequence[Concept], lexicon: Lexicon
) -> dict[str, bool]:
    """Organ to whether it is called abnormal; ``places`` are those of the clause or one before it."""
    side = side_of(clause, mentions)
    organs: dict[str, bool] = {}
    for mention in mentions:
        if mention.concept.kind != "finding":
            continue
        for organ in _organs_of(mention.concept, places, side, lexicon):
            organs[organ] = organs.get(organ, False) or mention.state != ABSENT
    verdict = _verdict(clause)
    if verdict is None:
        return organs
    named = [_sided(m.concept, side, lexicon) for m in mentions if m.concept.kind == "organ"]
    rest = [n for n in named if not any(_overlap(n, organ, lexicon) for organ in organs)]
    return organs | dict.fromkeys(rest, verdict)


def _overlap(one: str, other: str, lexicon: Lexicon) -> bool:
    return lexicon.lies_in(one, other) or lexicon.lies_in(other, one)


def _organs_of(
    finding: Concept, places: Sequence[Concept], side: Laterality | None, lexicon: Lexicon
) -> list[str]:
    fitting = [
        place
        for place in places
        if not finding.hosts or any(_overlap(place.name, host, lexicon) for host in finding.hosts)
    ]
    hosts = fitting or [lexicon.concepts[name] for name in finding.hosts[:1]]
    return list(dict.fromkeys(_sided(host, side, lexicon) for host in hosts))


def _sided(organ: Concept, side: Laterality | None, lexicon: Lexicon) -> str:
    """The organ's part or counterpart on the side ("lungs", "pleura" on the left)."""
    if side not in ("left", "right"):
        return organ.name
    counterpart = lexicon.concepts.get(f"{organ.name}_{side}")
    return counterpart.name if counterpart else on_side(organ, side, lexicon).name


def _verdict(clause: Clause) -> bool | None:
    """Whether the words of a clause call its organ abnormal; None if they say neither."""
    normal, abnormal = _verdicts()
    for match in abnormal.finditer(clause.text):
        if state_of(clause, *clause.positions(match.start(), match.end())) != ABSENT:
            return True
    if abnormal.search(clause.text) or normal.search(clause.text):
        return False
    return None


@lru_cache(maxsize=1)
def _verdicts() -> tuple[Pattern[str], Pattern[str]]:
    rules = read_rules("statements.json")
    return any_of(rules["normal"]), any_of(rules["abnormal"])
