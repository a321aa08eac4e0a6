"""What a label's mentions look like: patterns of the rule files, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from medvlp.errors import MedVLPError
from medvlp_training.reports.assertion import any_of, read_rules
from medvlp_training.reports.label_sets import CHEXPERT, CT_RATE

_SETS = {"ct_rate": CT_RATE, "chexpert": CHEXPERT}
_LISTS = ("mention", "unmention", "not_in", "only_in", "normal", "stated")


@dataclass(frozen=True)
class LabelRule:
    """Rule of one label; patterns run over words in normal form with one space between them.

    Parameters
    ----------
    concept
        Name of the label. The mentions of ``no_finding`` are findings that have no label of their
        own and speak against it.
    mention
        What names the finding; its clause then says whether it is there.
    unmention
        What looks like a mention and is none ("pericardial effusion" for pleural effusion).
    not_in, only_in
        A mention does not count in a sentence with a match of ``not_in``, nor in one without a
        match of ``only_in`` if that is given.
    normal
        Statements that the finding is absent ("heart size is normal").
    stated
        Statements that it is present, whatever the clause's cues ("nodules that did not change").
    """

    concept: str
    mention: re.Pattern[str]
    unmention: re.Pattern[str]
    not_in: re.Pattern[str]
    only_in: re.Pattern[str] | None
    normal: re.Pattern[str]
    stated: re.Pattern[str]


@lru_cache(maxsize=4)
def load_label_rules(label_set: str) -> tuple[LabelRule, ...]:
    """Rules of ``"ct_rate"`` or ``"chexpert"``.

    Raises
    ------
    MedVLPError
        If the file's labels are not those of the set, or a rule has an unknown key.
    """
    file = f"{label_set}.json"
    content = read_rules(file)
    expected = set(_SETS[label_set].values())
    if set(content["labels"]) != expected:
        raise MedVLPError(
            f"The rule file {file} has rules for {sorted(content['labels'])}, "
            f"expected {sorted(expected)}."
        )
    return tuple(_rule(file, name, lists) for name, lists in content["labels"].items())


def _rule(file: str, concept: str, lists: dict[str, list[str]]) -> LabelRule:
    unknown = set(lists) - set(_LISTS)
    if unknown:
        raise MedVLPError(
            f"The rule of {concept} in {file} has the key {sorted(unknown)[0]!r}, "
            f"expected some of {list(_LISTS)}."
        )
    patterns = {name: any_of(lists.get(name, [])) for name in _LISTS}
    only_in = patterns["only_in"] if lists.get("only_in") else None
    return LabelRule(concept, **{**patterns, "only_in": only_in})  # type: ignore[arg-type]
