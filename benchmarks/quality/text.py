"""Words: is the right concept nearest to phrases that training never saw, and is a denial told apart?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.bar import Case, Goal, Record, Row, mean_of
from benchmarks.quality.phrases import Negation, Paraphrase, check_unseen, negations, paraphrases
from medvlp.grounding.lexicon import Lexicon, load_lexicon
from medvlp.grounding.query import parse_query
from medvlp.models.native import NativeModel
from medvlp.models.protocol import GroundingModel
from medvlp.models.text import ABSENT, embed_texts
from medvlp_training.text.evaluate import Bank
from medvlp_training.text.tower import Original, installed_minilm

TITLE = "Words"
FOLDERS: tuple[str, ...] = ()
GUARDED = False
NEAREST = Goal(0.85)
DENIED = Goal(0.95)
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
TOWERS = ("plain MiniLM, before", "the model's tower, after")


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """All paraphrases, and all pairs, each in one go."""
    lexicon = load_lexicon()
    said, pairs = paraphrases(), negations()
    check_unseen([p.phrase for p in said], lexicon)
    check_unseen([t for p in pairs for t in (p.stated, p.denied)], lexicon)
    yield Case(f"paraphrases/{len(said)}", lambda model: _nearest(model, lexicon, said))
    yield Case(f"negations/{len(pairs)}", lambda model: _told_apart(model, lexicon, pairs))


def _towers(model: GroundingModel) -> dict[str, tuple[Embed, Embed]]:
    """What embeds a statement, and what embeds the denial of a name."""
    native = cast(NativeModel, model)
    before = Original(installed_minilm())
    return {
        TOWERS[0]: (
            lambda texts: before.embed(list(texts)),
            lambda texts: before.embed([f"no {text}" for text in texts]),
        ),
        TOWERS[1]: (
            native.embed_text,
            lambda texts: embed_texts(native.network.text, native.tokenizer, texts, ABSENT),
        ),
    }


def _nearest(model: GroundingModel, lexicon: Lexicon, said: Sequence[Paraphrase]) -> list[Record]:
    records: list[Record] = []
    for tower, (embed, _) in _towers(model).items():
        bank = Bank.of(lexicon, embed)
        vectors = embed([p.phrase for p in said]) @ bank.vectors.T
        kinds = np.array(
            ["organ" if lexicon.concepts[n].kind == "organ" else "finding" for n in bank.names]
        )
        for paraphrase, similar in zip(said, vectors, strict=True):
            kind = kinds[bank.names.index(paraphrase.concept)]
            own = np.flatnonzero(kinds == kind)
            records.append(
                {
                    "task": "nearest",
                    "tower": tower,
                    "kind": str(kind),
                    "patient": paraphrase.concept,
                    "phrase": paraphrase.phrase,
                    "of_kind": bank.names[own[int(np.argmax(similar[own]))]],
                    "of_all": bank.names[int(np.argmax(similar))],
                    "choices": len(own),
                }
            )
    for paraphrase in said:
        concept = parse_query(paraphrase.phrase).concept
        records.append(
            {
                "task": "read",
                "patient": paraphrase.concept,
                "phrase": paraphrase.phrase,
                "read": None if concept is None else concept.name,
            }
        )
    return records


def _told_apart(model: GroundingModel, lexicon: Lexicon, pairs: Sequence[Negation]) -> list[Record]:
    records: list[Record] = []
    names = [lexicon.concepts[p.concept].preferred for p in pairs]
    for tower, (embed, absent) in _towers(model).items():
        present = embed(names)
        direction = present - absent(names)
        stated, denied = embed([p.stated for p in pairs]), embed([p.denied for p in pairs])
        for k, pair in enumerate(pairs):
            records.append(
                {
                    "task": "denied",
                    "tower": tower,
                    "patient": pair.concept,
                    "denied": pair.denied,
                    "by_direction": bool(stated[k] @ direction[k] > denied[k] @ direction[k]),
                    "by_name": bool(stated[k] @ present[k] > denied[k] @ present[k]),
                    "both_right": bool(stated[k] @ direction[k] > 0 > denied[k] @ direction[k]),
                }
            )
    records += [
        {
            "task": "read denied",
            "patient": pair.concept,
            "denied": pair.denied,
            "right": parse_query(pair.stated).polarity == "present"
            and parse_query(pair.denied).polarity == "absent",
        }
        for pair in pairs
    ]
    return records


def rows(records: Sequence[Record]) -> list[Row]:
    """Before and after, in that order; intervals are over concepts."""
    found = []
    for tower in TOWERS:
        own = [r for r in records if r.get("tower") == tower and r["task"] == "nearest"]
        goal = NEAREST if tower == TOWERS[1] else None
        for kind in ("finding", "organ"):
            part = [r for r in own if r["kind"] == kind]
            found.append(
                _row(f"right {kind} nearest among all {kind}s, {tower}", part,
                     lambda r: r["of_kind"] == r["patient"], goal, 1 / part[0]["choices"])
            )  # fmt: skip
        found.append(
            _row(
                f"right concept nearest among all, {tower}",
                own,
                lambda r: r["of_all"] == r["patient"],
            )
        )
    read = [r for r in records if r["task"] == "read"]
    found.append(
        _row("right concept by the query's reader alone", read, lambda r: r["read"] == r["patient"])
    )
    for tower in TOWERS:
        own = [r for r in records if r.get("tower") == tower and r["task"] == "denied"]
        goal = DENIED if tower == TOWERS[1] else None
        found += [
            _row(
                f"denial told from statement, {tower}", own, lambda r: r["by_direction"], goal, 0.5
            ),
            _row(f"both on the right side, {tower}", own, lambda r: r["both_right"], None, 0.25),
            _row(f"statement nearer to the name, {tower}", own, lambda r: r["by_name"], None, 0.5),
        ]
    read = [r for r in records if r["task"] == "read denied"]
    found.append(_row("both read rightly by the query's reader", read, lambda r: r["right"]))
    return found


def _row(
    measure: str,
    own: Sequence[Record],
    right: Callable[[Record], bool],
    goal: Goal | None = None,
    chance: float | None = None,
) -> Row:
    whose = [r["patient"] for r in own]
    value = mean_of([float(right(r)) for r in own], whose)
    priors = {} if chance is None else {"random": mean_of([chance] * len(own), whose)}
    return Row(measure, "text", len(set(whose)), value, priors, goal)
