"""What training reports say of each organ, and which statements contain which.

The abnormality dictionary of CT-GLIP (Lin et al., arXiv 2404.15272) adds texts to contrast an organ
with that no other patient of the batch happens to have [P]. Its construction is ours [R]: statements
of the training reports by organ, spellings and measures made equal, counted; the most frequent are
drawn as negatives (512 of an organ, [U]). A statement that says the same as a patient's own, or more,
must never be that patient's negative: :func:`entails` decides by the lexicon's findings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import Lexicon
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.objectives.batch import NOTHING_SAID, UNSEEN_PHRASE, Vocabulary
from medvlp_training.reports.entities import find_entities
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.samples.sample import ABSENT, OrganStatement

SCHEMA = "medvlp/organ-phrases/1"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def normalise(text: str) -> str:
    """Key under which spellings of one statement meet: case, spaces, final stop, any measures."""
    return _NUMBER.sub("#", " ".join(text.casefold().split())).strip(" .;,")


def stated_findings(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Findings and devices of the lexicon that a statement does not deny; a doubted one counts."""
    entities = find_entities(split_sentences(text), lexicon)
    named = {entity.concept for entity in entities if entity.state != ABSENT}
    return frozenset(name for name in named if lexicon.concepts[name].kind != "organ")


def with_broader(concepts: Iterable[str], lexicon: Lexicon) -> frozenset[str]:
    """Concepts and everything they are a kind of."""
    reached: set[str] = set()
    waiting = list(concepts)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += lexicon.concepts[name].broader
    return frozenset(reached)


def entails(entry: str, positive: str, lexicon: Lexicon) -> bool:
    """Whether ``entry`` says what ``positive`` says, or more.

    Same wording, or the findings of ``entry`` (and what they are kinds of) include those of
    ``positive``. Sides, places and sizes are not compared: better a negative too few than a false
    one. A positive without any known finding is contained in its own wording only.
    """
    if normalise(entry) == normalise(positive):
        return True
    wanted = stated_findings(positive, lexicon)
    return bool(wanted) and wanted <= with_broader(stated_findings(entry, lexicon), lexicon)


@dataclass(frozen=True)
class OrganPhrase:
    """A statement about an organ in its most frequent spelling, and how often it was said."""

    organ: str
    text: str
    abnormal: bool
    count: int


@dataclass(frozen=True)
class AbnormalityDictionary:
    """Every statement of the training reports about each organ, once.

    Parameters
    ----------
    phrases
        By organ, the most frequent first.
    """

    phrases: tuple[OrganPhrase, ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> AbnormalityDictionary:
        """The phrases of a vocabulary, under their indices."""
        v = vocabulary
        rows = zip(v.phrase_organs, v.phrases, v.phrase_abnormal, v.phrase_counts, strict=True)
        return cls(tuple(OrganPhrase(*row) for row in rows))

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        places: dict[tuple[str, str], int] = {}
        for n, phrase in enumerate(self.phrases):
            places.setdefault((phrase.organ, normalise(phrase.text)), n)
        return places

    def index(self, statement: OrganStatement) -> int:
        """Entry of ``Batch.organ_phrase`` for what a report says of an organ.

        Returns
        -------
        int
            Index into ``phrases``. Of an unknown statement ``UNSEEN_PHRASE`` if it is abnormal, else
            ``NOTHING_SAID``: all normal statements mean the same.
        """
        unknown = UNSEEN_PHRASE if statement.abnormal else NOTHING_SAID
        return self._places.get((statement.organ, normalise(statement.text)), unknown)

    def most_frequent(self, organ: str, most: int) -> tuple[OrganPhrase, ...]:
        """D_o: up to ``most`` abnormal statements about an organ, the most frequent first."""
        return tuple(p for p in self.phrases if p.organ == organ and p.abnormal)[:most]

    def fill(self, vocabulary: Vocabulary) -> Vocabulary:
        """The vocabulary with these phrases."""
        return replace(
            vocabulary,
            phrases=tuple(p.text for p in self.phrases),
            phrase_organs=tuple(p.organ for p in self.phrases),
            phrase_abnormal=tuple(p.abnormal for p in self.phrases),
            phrase_counts=tuple(p.count for p in self.phrases),
        )

    def save(self, path: Path) -> None:
        """Write as JSON with the checksum of its entries."""
        entries = [asdict(phrase) for phrase in self.phrases]
        content = {"schema": SCHEMA, "sha256": _checksum(entries), "phrases": entries}
        write_bytes_atomically(Path(path), json.dumps(content, ensure_ascii=False).encode())


def build_dictionary(
    statements: Iterable[OrganStatement], most: int | None = None
) -> AbnormalityDictionary:
    """Count the statements of training reports; one that was ever called abnormal is abnormal.

    Parameters
    ----------
    statements
        Of all reports.
    most
        Statements kept per organ, normal and abnormal apart; all by default. An abnormal statement
        that is not kept is ``UNSEEN_PHRASE`` where it is said.
    """
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    abnormal: set[tuple[str, str]] = set()
    for s in statements:
        key = (s.organ, normalise(s.text))
        if key[1]:
            spellings[key][" ".join(s.text.split())] += 1
            abnormal |= {key} if s.abnormal else set()
    grouped: dict[tuple[str, bool], list[OrganPhrase]] = defaultdict(list)
    for key, counts in spellings.items():
        text = min(counts, key=lambda spelling: (-counts[spelling], spelling))
        phrase = OrganPhrase(key[0], text, key in abnormal, counts.total())
        grouped[phrase.organ, phrase.abnormal].append(phrase)
    kept: list[OrganPhrase] = []
    for group in sorted(grouped):
        kept += sorted(grouped[group], key=lambda phrase: (-phrase.count, phrase.text))[:most]
    return AbnormalityDictionary(tuple(kept))


def load_dictionary(path: Path) -> AbnormalityDictionary:
    """Read what :meth:`AbnormalityDictionary.save` wrote.

    Raises
    ------
    MedVLPError
        If the file is missing, is of another schema, or was altered.
    """
    remedy = "build the dictionary again from the training reports"
    try:
        content = json.loads(Path(path).read_bytes())
        schema, found, entries = content["schema"], content["sha256"], content["phrases"]
        phrases = tuple(OrganPhrase(**entry) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MedVLPError(
            f"{path} is no dictionary of organ phrases ({error}); {remedy}."
        ) from error
    if schema != SCHEMA:
        raise MedVLPError(f"{path} has schema {schema!r}, expected {SCHEMA!r}; {remedy}.")
    if (expected := _checksum(entries)) != found:
        raise MedVLPError(
            f"{path} was altered: its phrases have SHA-256 {expected}, the file says {found}; {remedy}."
        )
    return AbnormalityDictionary(phrases)


def _checksum(entries: list[dict[str, object]]) -> str:
    return hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
