"""Results to tables and verdicts: ``python -m medvlp_training.comparison.table``.

A value is the mean over seeds; its interval comes from resampling test patients and seeds, the same for
every entry, so that differences are paired.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.comparison.claims import CLAIMS, Claim
from medvlp_training.comparison.figures import Figure, Rows, figures
from medvlp_training.comparison.plan import PLAN, read_plan
from medvlp_training.evaluation.card import fill

DRAWS = 500
COLUMNS = {
    "XR": (
        "zero_shot", "retrieval", "pointing", "contrast", "organ_recognition",
        "organ_auroc_by_organ", "probe_0.1", "probe_1", "segmentation_0.1", "segmentation_1",
    ),
    "CT": (
        "zero_shot", "retrieval", "pointing", "contrast", "organ_recognition",
        "organ_auroc_by_organ", "organ_auroc_by_image", "probe_0.1", "probe_1",
    ),
}  # fmt: skip
TITLES = {
    "zero_shot": "zero-shot AUROC",
    "retrieval": "recall@5",
    "pointing": "pointing",
    "contrast": "CNR",
    "organ_recognition": "organs recognised",
    "organ_auroc_by_organ": "AUROC, organ asked",
    "organ_auroc_by_image": "AUROC, image asked",
    "probe_0.1": "probe 10 %",
    "probe_1": "probe 100 %",
    "segmentation_0.1": "Dice 10 %",
    "segmentation_1": "Dice 100 %",
}


class Results:
    """All results of a folder.

    Parameters
    ----------
    folder
        Of JSON files.
    names
        Entries in the order of the plan; others are left out.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        kept: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for path in sorted(folder.glob("*.json")):
            result = json.loads(path.read_text(encoding="utf-8"))
            if result["entry"] in kept:
                kept[result["entry"]].append(result)
        self.by_entry = {name: results for name, results in kept.items() if results}
        self.patients: dict[str, list[str]] = {}
        self.figures: dict[tuple[str, str], dict[int, dict[str, Figure]]] = {}
        for name, results in self.by_entry.items():
            for kind in results[0]["measures"]:
                self.patients.setdefault(kind, results[0]["measures"][kind]["patients"])
                self.figures[name, kind] = {
                    r["seed"]: figures(r["measures"][kind]) for r in results
                }
        self.draws = {kind: _draws(patients) for kind, patients in self.patients.items()}

    def values(
        self, entry: str, kind: str, figure: str, seeds: Sequence[int] | None = None
    ) -> np.ndarray | None:
        """Mean over seeds on all test samples, then on each draw; None where there is none."""
        known = self.figures.get((entry, kind), {})
        chosen = [known[seed] for seed in (sorted(known) if seeds is None else seeds)]
        if not chosen or any(figure not in one for one in chosen):
            return None
        drawn = zip(self.draws[kind], _seed_draws(len(chosen)), strict=True)
        return np.array(
            [np.mean([chosen[number][figure](rows) for number in some]) for rows, some in drawn]
        )

    def seeds(self, entry: str) -> list[int]:
        """Seeds that were run."""
        return sorted(result["seed"] for result in self.by_entry.get(entry, []))


def _draws(patients: list[str]) -> list[Rows]:
    """All samples, then the samples of patients drawn with replacement."""
    rng = np.random.default_rng(0)
    ids, inverse = np.unique(np.asarray(patients), return_inverse=True)
    rows = [np.flatnonzero(inverse == i) for i in range(len(ids))]
    drawn = [
        np.concatenate([rows[i] for i in rng.integers(len(ids), size=len(ids))])
        for _ in range(DRAWS)
    ]
    return [np.arange(len(patients)), *drawn]


def _seed_draws(count: int) -> list[list[int]]:
    """All of ``count`` seeds, then as many drawn with replacement."""
    drawn = np.random.default_rng(1).integers(count, size=(DRAWS, count))
    return [list(range(count)), *drawn.tolist()]


def summary(values: np.ndarray) -> dict[str, float]:
    """Value and 95 % interval."""
    low, high = np.nanpercentile(values[1:], [2.5, 97.5])
    return {"value": float(values[0]), "low": float(low), "high": float(high)}


def shown(one: dict[str, float], sign: bool = False) -> str:
    """For a table."""
    plus = "+" if sign else ""
    return f"{one['value']:{plus}.2f} ({one['low']:{plus}.2f} to {one['high']:{plus}.2f})"


def table(results: Results, kind: str) -> tuple[str, dict[str, Any]]:
    """Every entry of one kind of image."""
    columns = COLUMNS[kind]
    lines = [
        f"| entry | seeds | {' | '.join(TITLES[c] for c in columns)} |",
        f"|---|---|{'---|' * len(columns)}",
    ]
    found: dict[str, Any] = {}
    for name in results.by_entry:
        if (name, kind) not in results.figures:
            continue
        cells = {c: results.values(name, kind, c) for c in columns}
        found[name] = {c: summary(v) for c, v in cells.items() if v is not None}
        row = [shown(found[name][c]) if c in found[name] else "-" for c in columns]
        lines.append(f"| {name} | {len(results.seeds(name))} | {' | '.join(row)} |")
    lines.append(_baselines(results, kind, columns))
    return "\n".join(lines), found


def _baselines(results: Results, kind: str, columns: tuple[str, ...]) -> str:
    """What knows nothing of the image: chance, and the middle of it for pointing."""
    name = next(n for n, k in results.figures if k == kind)
    first = results.by_entry[name][0]["measures"][kind]
    everyone = results.draws[kind][0]
    one = next(iter(results.figures[name, kind].values()))
    chance = {
        "zero_shot": "0.50", "organ_auroc_by_organ": "0.50", "organ_auroc_by_image": "0.50",
        "probe_0.1": "0.50", "probe_1": "0.50",
        "retrieval": f"{5 / len(everyone):.2f}",
        "organ_recognition": f"{1 / first['organs']['count']:.2f}" if first["organs"] else "-",
        "pointing": f"{one['pointing_random'](everyone):.2f}; "
        f"centre {one['pointing_centre'](everyone):.2f}",
    }  # fmt: skip
    return f"| chance | - | {' | '.join(chance.get(c, '-') for c in columns)} |"


def verdict(results: Results, claim: Claim) -> dict[str, Any] | None:
    """Difference over the seeds that both have, and whether the claim held; None without any."""
    entries = claim.first[0], claim.second[0]
    seeds = sorted(set(results.seeds(entries[0])) & set(results.seeds(entries[1])))
    first = results.values(claim.first[0], claim.kind, claim.first[1], seeds)
    second = results.values(claim.second[0], claim.kind, claim.second[1], seeds)
    if first is None or second is None:
        return None
    difference = summary(first - second)
    held = "held" if difference["low"] > 0 else "not shown"
    if difference["high"] < 0:
        held = "the opposite"
    return {
        "method": claim.method,
        "claim": claim.text,
        "kind": claim.kind,
        "seeds": seeds,
        "first": [*claim.first, summary(first)],
        "second": [*claim.second, summary(second)],
        "difference": difference,
        "verdict": held,
    }


def claims_table(verdicts: Iterable[dict[str, Any]]) -> str:
    """One row per claim."""
    lines = [
        "| method | claim | images | seeds | with | without | difference (95 % CI) | verdict |",
        "|---" * 8 + "|",
    ]
    lines += [
        f"| {v['method']} | {v['claim']} | {v['kind']} | {len(v['seeds'])} | {v['first'][0]} "
        f"{v['first'][2]['value']:.2f} | {v['second'][0]} {v['second'][2]['value']:.2f} | "
        f"{shown(v['difference'], sign=True)} | {v['verdict']} |"
        for v in verdicts
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Write the summary, and the tables into the places that the page marks for them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=Path("runs/comparison/results"))
    parser.add_argument("--plan", type=Path, default=PLAN)
    parser.add_argument("--json", type=Path, default=Path("benchmarks/comparison/results.json"))
    parser.add_argument("--page", type=Path, default=Path("docs/reference/comparison.md"))
    given = parser.parse_args(arguments)
    results = Results(given.results, [entry.name for entry in read_plan(given.plan).entries])
    verdicts = [v for claim in CLAIMS if (v := verdict(results, claim)) is not None]
    tables = {kind: table(results, kind) for kind in sorted(results.patients)}
    runs = {
        name: {str(r["seed"]): r["config_sha256"] for r in kept}
        for name, kept in results.by_entry.items()
    }
    tested = {kind: [len(p), len(set(p))] for kind, p in results.patients.items()}
    content = {
        "command": "make compare",
        "samples_and_patients": tested,
        "config_sha256": runs,
        "figures": {kind: found for kind, (_, found) in tables.items()},
        "claims": verdicts,
    }
    write_bytes_atomically(given.json, (json.dumps(content, indent=1) + "\n").encode())
    shown_tables = {"claims": claims_table(verdicts)} | {k: text for k, (text, _) in tables.items()}
    for name, text in shown_tables.items():
        path = given.results.parent / "tables" / f"comparison-{name}.json"
        write_bytes_atomically(path, json.dumps({"table": text}).encode())
    page = given.page.read_text(encoding="utf-8")
    filled = fill(page, given.results.parent / "tables", "comparison")
    write_bytes_atomically(given.page, filled.encode())


if __name__ == "__main__":
    main()
