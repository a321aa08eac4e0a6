"""A question about a CT that is encoded already, against one numpy pass over its token grid."""

from __future__ import annotations

from itertools import count

import medvlp
from benchmarks.scans import CHEST, bundled_chest, stretched
from benchmarks.table import Row, medians, milliseconds, report

GOAL = "under 2 x one numpy pass, and under 10 ms"
GOAL_NEW = "under 10 ms beside the text tower"


def measure() -> list[Row]:
    """One row for words that were asked before, one for words that are new to the model."""
    model = medvlp.load_model()
    encoding = model.encode(stretched(bundled_chest(), CHEST), cache=False)
    text = "pleural effusion"
    vector = model.embed_text([text])[0]
    numbers = count(1)

    def new_text() -> str:
        # A size in words makes a text that the model has not embedded yet.
        return f"lung nodule of {next(numbers)} mm"

    ours, numpy_pass, ours_new, embedding = medians(
        lambda: medvlp.ground(model, encoding, [text]),
        lambda: encoding.matrix @ vector,
        lambda: medvlp.ground(model, encoding, [new_text()]),
        lambda: model.embed_text([new_text()]),
    )
    grid = " x ".join(map(str, encoding.grid.shape))
    peer = f"numpy pass over {grid}: {milliseconds(numpy_pass)}"
    ratio = ours / numpy_pass
    return [
        Row(
            "query, words seen before",
            milliseconds(ours),
            peer,
            ratio,
            GOAL,
            ratio < 2 and ours < 0.01,
        ),
        Row(
            "query, new words",
            milliseconds(ours_new),
            f"the text tower alone, one text: {milliseconds(embedding)}",
            ours_new / embedding,
            GOAL_NEW,
            ours_new - embedding < 0.01,
        ),
    ]


if __name__ == "__main__":
    report(measure())
