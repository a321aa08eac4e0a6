from __future__ import annotations

import json

import pytest

from medvlp.errors import MedVLPError
from medvlp_training.evaluation import card
from medvlp_training.evaluation.card import fill

PAGE = "before\n<!-- table: grounding -->\nold\n<!-- end -->\nafter\n"


def test_a_marked_place_gets_the_measured_table(tmp_path):
    (tmp_path / "small-grounding.json").write_text(json.dumps({"table": "| a |\n|---|"}))
    expected = "before\n<!-- table: grounding -->\n| a |\n|---|\n<!-- end -->\nafter\n"
    assert fill(PAGE, tmp_path, "small") == expected


def test_a_table_that_was_not_measured_is_an_error(tmp_path):
    with pytest.raises(MedVLPError, match="medvlp evaluate grounding"):
        fill(PAGE, tmp_path, "small")


def test_a_table_may_lie_in_any_of_several_folders(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, shown in ((first, "| a |"), (second, "| b |")):
        folder.mkdir()
        (folder / "small-quality.json").write_text(json.dumps({"table": shown}))
    page = PAGE.replace("grounding", "quality")
    assert "| a |" in fill(page, first, "small", second)
    (first / "small-quality.json").unlink()
    assert "| b |" in fill(page, first, "small", second)
    (second / "small-quality.json").unlink()
    with pytest.raises(MedVLPError, match="make quality"):
        fill(page, first, "small", second)


def test_a_model_folder_is_sealed_again_with_its_card(tmp_path, monkeypatch):
    (tmp_path / "small-grounding.json").write_text(json.dumps({"table": "| a |"}))
    model, page = tmp_path / "model", tmp_path / "README.md"
    model.mkdir()
    (model / "manifest.json").write_text("{}")
    for path in (model / "MODEL_CARD.md", page):
        path.write_text(PAGE)
    sealed = []
    monkeypatch.setattr(
        card,
        "_seal",
        lambda folder: sealed.append(("| a |" in (folder / "MODEL_CARD.md").read_text(), folder)),
    )
    files = [str(page), str(model / "MODEL_CARD.md")]
    monkeypatch.setattr("sys.argv", ["card", *files, "--results", str(tmp_path)])
    card.main()
    assert sealed == [(True, model)]
    assert "| a |" in page.read_text()
