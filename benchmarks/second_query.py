"""A question about a CT that is encoded already, against one numpy pass over its token grid."""

from __future__ import annotations

import medvlp
from benchmarks.scans import CHEST, bundled_chest, stretched
from benchmarks.table import Row, report, timed
from medvlp.grounding.abstention import reason_to_abstain
from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.query import parse_query
from medvlp.models.encoding import Encoding
from medvlp.models.protocol import GroundingModel
from medvlp.models.text_vectors import lexicon_texts

GOAL = "under 2 x one numpy pass, and under 10 ms"


def new_questions(model: GroundingModel, encoding: Encoding) -> list[str]:
    """Findings that are answered at places of which the model folder brings no vectors; each asked once."""
    lexicon, known = load_lexicon(), set(lexicon_texts())
    concepts = lexicon.concepts.values()
    queries = [
        parse_query(f"{finding.display} in the {place.display}")
        for place in concepts
        for finding in concepts
        if any(lexicon.lies_in(place.name, host) for host in finding.hosts)
    ]
    return [
        query.text
        for query in queries
        if not known & {*query.positives}
        and not reason_to_abstain(model.calibration, encoding, query)
    ]


def measure() -> list[Row]:
    """One row for a question like any other, one for words that the model never read."""
    model = medvlp.load_model()
    encoding = model.encode(stretched(bundled_chest(), CHEST), cache=False)
    text = "pleural effusion"
    vector = model.embed_text([text])[0]
    unasked = iter(new_questions(model, encoding))
    ours, numpy_pass = timed(
        lambda: medvlp.ground(model, encoding, [text]), lambda: encoding.matrix @ vector
    )
    (ours_new,) = timed(lambda: medvlp.ground(model, encoding, [next(unasked)]), warm_up=0)
    grid = " x ".join(map(str, encoding.grid.shape))
    peer = f"numpy pass over {grid}: {numpy_pass}"
    ratio, ratio_new = ours.over(numpy_pass), ours_new.median / numpy_pass.median
    return [
        Row("query", str(ours), peer, ratio, GOAL, ratio < 2 and ours.median < 0.01),
        Row(
            "query whose words are new to the text tower",
            str(ours_new),
            peer,
            ratio_new,
            "none: the tower reads them first",
            True,
        ),
    ]


if __name__ == "__main__":
    report(measure())
