from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvlp.export.names import slug, unique_slugs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fluid, left lung?", "fluid-left-lung"),
        ("épanchement pleural", "epanchement-pleural"),
        ("胸水", "query"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "query-con"),
        ("con artist", "con-artist"),
    ],
)
def test_a_query_becomes_a_plain_file_name(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_queries_that_slug_alike_get_different_names_in_order() -> None:
    assert unique_slugs(["liver", "Liver!", "liver-2", "liver"]) == [
        "liver",
        "liver-2",
        "liver-2-2",
        "liver-3",
    ]


@given(st.lists(st.text(max_size=200), max_size=12))
def test_any_queries_give_as_many_safe_and_different_names(texts: list[str]) -> None:
    stems = unique_slugs(texts)
    assert len(set(stems)) == len(texts)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,75}", stem) for stem in stems)
