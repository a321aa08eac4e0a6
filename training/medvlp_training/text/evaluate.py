"""Measure a text tower on what it was not trained on: ``python -m medvlp_training.text.evaluate``.

Held out are synonyms of every concept, templates, 1 in 5 reports and half-seen English words; every
number is given for the tower and, where it makes sense, for MiniLM as published ("before").
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.lexicon import Concept, Lexicon, load_lexicon
from medvlp.models.text import ABSENT, PRESENT, embed_texts, load_tokenizer
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.text.meanings import MeaningSpace
from medvlp_training.text.measure import auroc, mean_cosine, retrieval, unit
from medvlp_training.text.outside import NAMED, outside_words
from medvlp_training.text.phrases import HELD_OUT_ABSENT, HELD_OUT_PRESENT, split_synonyms
from medvlp_training.text.reports import (
    Report,
    labelled_sentences,
    read_captions,
    read_ct_reports,
    read_xray_reports,
)
from medvlp_training.text.tower import Original, installed_minilm, load_tower

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Bank:
    """One vector per concept: the mean over its training synonyms."""

    names: list[str]
    vectors: NDArray[np.floating]

    @classmethod
    def of(cls, lexicon: Lexicon, embed: Embed) -> Bank:
        """Embed every concept."""
        names = list(lexicon.concepts)
        phrases = [split_synonyms(lexicon.concepts[name])[0][:8] for name in names]
        flat = embed([phrase for several in phrases for phrase in several])
        ends = np.cumsum([len(several) for several in phrases])
        groups = np.split(flat, ends[:-1])
        return cls(names, unit(np.stack([group.mean(0) for group in groups])))


class Remembered:
    """An embedding that runs each text once, texts of like length together."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, ``(len(texts), D)``."""
        new = sorted({*texts} - self._known.keys(), key=lambda text: (len(text), text))
        if new:
            self._known.update(zip(new, self._embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def _findings(lexicon: Lexicon) -> list[Concept]:
    return lexicon.of_kind("finding", "device")


def measure_synonyms(lexicon: Lexicon, embed: Embed, bank: Bank) -> dict[str, Any]:
    """Held-out synonym to its concept among all concepts."""
    result: dict[str, Any] = {}
    for label, concepts in (
        ("organs", lexicon.of_kind("organ")),
        ("findings_and_devices", _findings(lexicon)),
    ):
        pairs = [(phrase, c.name) for c in concepts for phrase in split_synonyms(c)[1]]
        truth = [bank.names.index(name) for _, name in pairs]
        result[label] = retrieval(embed([phrase for phrase, _ in pairs]), bank.vectors, truth)
    return result


def measure_negation(lexicon: Lexicon, embed: Embed) -> dict[str, Any]:
    """Stated against denied, in templates that were never trained on."""
    names = [c.preferred for c in _findings(lexicon)]
    anchors = embed(names)
    stated = [embed([t.replace("{x}", n) for n in names]) for t in HELD_OUT_PRESENT]
    denied = [embed([t.replace("{x}", n) for n in names]) for t in HELD_OUT_ABSENT]
    plain = embed([f"no {name}" for name in names])
    effusion = embed(["pleural effusion", "no pleural effusion", "fluid in the pleural space"])
    return {
        "cosine_x_stated": float(np.mean([mean_cosine(anchors, s) for s in stated])),
        "cosine_x_denied": float(np.mean([mean_cosine(anchors, d) for d in denied])),
        "cosine_x_no_x": mean_cosine(anchors, plain),
        "cosine_effusion_no_effusion": float(effusion[0] @ effusion[1]),
        "cosine_effusion_fluid_in_the_pleural_space": float(effusion[0] @ effusion[2]),
        "auroc_stated_over_denied": auroc(
            np.concatenate([(anchors * s).sum(1) for s in stated]),
            np.concatenate([(anchors * d).sum(1) for d in denied]),
        ),
    }


def measure_sides(lexicon: Lexicon, embed: Embed) -> dict[str, Any]:
    """Is "left X" said otherwise nearer to "left X" than to "right X"?"""
    correct: list[bool] = []
    names = [c.preferred for c in _findings(lexicon) if c.sided]
    names += [p for c in _findings(lexicon) if c.sided for p in split_synonyms(c)[1]]
    left, right = embed([f"left {n}" for n in names]), embed([f"right {n}" for n in names])
    for side, own, other in (("left", left, right), ("right", right, left)):
        for frame in ("{x} located on the {s}", "{x} affecting the {s} side of the body"):
            said = embed([frame.format(x=n, s=side) for n in names])
            correct += list((said * own).sum(1) > (said * other).sum(1))
    organs = [c for c in lexicon.of_kind("organ") if c.laterality]
    for concept in organs:
        twin = lexicon.concepts.get(
            concept.name.replace("left", "#").replace("right", "left").replace("#", "right")
        )
        phrases = split_synonyms(concept)[1]
        if twin is None or not phrases:
            continue
        own, other = embed([concept.preferred, twin.preferred])
        correct += [bool(v @ own > v @ other) for v in embed(phrases)]
    return {"n": len(correct), "accuracy": float(np.mean(correct))}


def measure_outside(
    lexicon: Lexicon, embed: Embed, bank: Bank, words: Sequence[str]
) -> dict[str, Any]:
    """Best similarity to any concept: held-out synonyms against words of another world."""
    phrases = [p for c in lexicon.concepts.values() for p in split_synonyms(c)[1]]
    medical = (embed(phrases) @ bank.vectors.T).max(1)
    general = (embed(list(words)) @ bank.vectors.T).max(1)
    named = (embed(list(NAMED)) @ bank.vectors.T).max(1)
    return {
        "auroc_general_words": auroc(medical, general),
        "auroc_named_queries": auroc(medical, named),
        "median_medical": float(np.median(medical)),
        "median_general": float(np.median(general)),
        "pizza": float(named[NAMED.index("pizza")]),
        "threshold_at_95_percent_sensitivity": float(np.quantile(medical, 0.05)),
        "general_above_threshold": float((general > np.quantile(medical, 0.05)).mean()),
    }


def measure_reports(
    reports: Sequence[Report], lexicon: Lexicon, embed: Embed, absent: Embed
) -> dict[str, Any]:
    """Held-out CT reports against their own labels: best sentence, V+ minus V- of the concept.

    The labels come with the reports, not from the rules that labelled the training sentences.
    """
    labelled = [
        report for report in reports if report.held_out and report.labels and report.sentences
    ]
    names = sorted(labelled[0].labels) if labelled else []
    embed([sentence for report in labelled for sentence in report.sentences])
    vectors = [embed(report.sentences) for report in labelled]
    result: dict[str, Any] = {"reports": len(labelled)}
    areas = {}
    for name in names:
        phrase = [lexicon.concepts[name].preferred]
        direction = embed(phrase)[0] - absent(phrase)[0]
        scores = np.array([float((v @ direction).max()) for v in vectors])
        truth = np.array([report.labels[name] for report in labelled])
        areas[name] = auroc(scores[truth], scores[~truth])
    return result | {"mean_auroc": float(np.nanmean(list(areas.values()))), "auroc": areas}


def measure_sentences(
    reports: Sequence[Report], space: MeaningSpace, embed: Embed, absent: Embed
) -> dict[str, Any]:
    """Held-out sentences with weak labels: stated against denied, for the same concept."""
    rows = [
        (sentence.text, meaning)
        for report in reports
        if report.held_out
        for sentence in labelled_sentences(report, space)
        for meaning in sentence.meanings
        if meaning.state != "normal"
    ]
    names = sorted({meaning.concept for _, meaning in rows})
    phrases = [space.lexicon.concepts[name].preferred for name in names]
    direction = dict(zip(names, embed(phrases) - absent(phrases), strict=True))
    vectors = embed([text for text, _ in rows])
    scores = np.array(
        [v @ direction[meaning.concept] for v, (_, meaning) in zip(vectors, rows, strict=True)]
    )
    stated = np.array([meaning.state == "present" for _, meaning in rows])
    return {"n": len(rows), "auroc_stated_over_denied": auroc(scores[stated], scores[~stated])}


def evaluate(folder: Path, base: Path, data: Path) -> dict[str, Any]:
    """All measures, before and after."""
    lexicon = load_lexicon()
    space = MeaningSpace(lexicon)
    tower, tokenizer, original = load_tower(folder), load_tokenizer(folder), Original(base)
    reports = [*read_ct_reports(data), *read_xray_reports(data)]
    texts = [*read_captions(data), *(s for r in reports for s in r.sentences)]
    _, words = outside_words(tokenizer, lexicon, texts)

    def after_present(batch: Sequence[str]) -> NDArray[np.float32]:
        return embed_texts(tower, tokenizer, batch, PRESENT)

    def after_absent(batch: Sequence[str]) -> NDArray[np.float32]:
        return embed_texts(tower, tokenizer, batch, ABSENT)

    def before_present(batch: Sequence[str]) -> NDArray[np.float32]:
        return original.embed(list(batch))

    def before_absent(batch: Sequence[str]) -> NDArray[np.float32]:
        return original.embed([f"no {text}" for text in batch])

    result: dict[str, Any] = {}
    for name, embed, absent in (
        ("before", Remembered(before_present), before_absent),
        ("after", Remembered(after_present), after_absent),
    ):
        bank = Bank.of(lexicon, embed)
        result[name] = {
            "synonyms": measure_synonyms(lexicon, embed, bank),
            "negation": measure_negation(lexicon, embed),
            "sides": measure_sides(lexicon, embed),
            "outside": measure_outside(lexicon, embed, bank, words[:1500]),
            "ct_reports": measure_reports(reports, lexicon, embed, absent),
            "sentences": measure_sentences(reports, space, embed, absent),
        }
    return result


def main(arguments: list[str] | None = None) -> None:
    """Print the measures as JSON, and write them to the tower's folder or ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tower", type=Path, required=True, help="folder of a trained tower")
    parser.add_argument("--base", type=Path, default=None, help="MiniLM folder; default: installed")
    parser.add_argument("--data", type=Path, required=True, help="folder of the report tables")
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args(arguments)
    result = evaluate(options.tower, options.base or installed_minilm(), options.data)
    text = json.dumps(result, indent=2)
    write_bytes_atomically(options.out or options.tower / "metrics.json", text.encode())
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
