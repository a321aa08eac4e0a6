"""Translations: complete, with all their values, and found again from what is on screen."""

import importlib.util
import json
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from medvlp import MedVLPError, open_scan
from medvlp.models.load import find_model
from medvlp.network.address import parse_address
from medvlp.network.dicomweb_http import translated
from medvlp_widgets.translation import (
    LANGUAGES,
    Catalogue,
    language_in_use,
    template_pattern,
    translate,
    use_language,
)

ROOT = Path(__file__).parents[2]
UPDATE = "run scripts/update-translations.sh and translate what is unfinished"


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def collected() -> list[str]:
    return load(ROOT / "scripts" / "collect_strings.py").collect()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def entries(language) -> dict[str, ET.Element]:
    source = files("medvlp_resources") / "translations" / f"medvlp_{language}.ts"
    messages = ET.fromstring(source.read_text(encoding="utf-8")).iter("message")
    return {m.findtext("source"): m.find("translation") for m in messages}


@pytest.fixture(scope="module")
def catalogue(language) -> Catalogue:
    return Catalogue(language)


@pytest.fixture
def german():
    use_language("de")
    yield
    use_language("en")


def test_every_text_of_the_program_is_translated(collected, entries):
    missing = [text for text in collected if text not in entries]
    assert not missing, UPDATE
    unfinished = [
        text
        for text in collected
        if entries[text].get("type") or not (entries[text].text or "").strip()
    ]
    assert not unfinished, UPDATE


def test_translations_hold_the_same_values_as_their_texts(entries):
    for text, translation in entries.items():
        places = sorted(re.findall(r"%\d", text))
        assert sorted(re.findall(r"%\d", translation.text)) == places, text


def test_translations_keep_file_patterns_and_ellipses(entries):
    for text, translation in entries.items():
        assert re.findall(r"\*\.\w+", translation.text) == re.findall(r"\*\.\w+", text), text
        assert translation.text.endswith("…") == text.endswith("…"), text


def test_the_compiled_files_are_those_of_the_sources(entries, catalogue):
    for text, translation in entries.items():
        assert catalogue._exact(text) == translation.text, UPDATE


def test_the_templates_are_those_of_the_program(collected):
    source = files("medvlp_resources") / "translations" / "templates.json"
    listed = json.loads(source.read_text(encoding="utf-8"))
    assert {text for text in collected if re.search(r"%\d", text)} <= set(listed), UPDATE


def test_every_template_is_found_again_once_its_values_are_in(entries, catalogue):
    """A value that names no other template comes through, and in its place."""
    values = {f"%{n}": f"<{n}>" for n in range(1, 10)}

    def fill(text: str) -> str:
        return re.sub(r"%\d", lambda place: values[place[0]], text)

    wrong = []
    for text, translation in entries.items():
        if "%" in text and catalogue.translate(fill(text)) != fill(translation.text):
            wrong.append(text)
    assert not wrong


def test_the_collector_sees_what_a_reader_sees():
    module = load(ROOT / "scripts" / "collect_strings.py")
    code = '''
"""A docstring."""
NAME = "identifier_only"
label.setText(f"{len(paths)} scans were found in {folder}.")
label.setObjectName("Not for the user")
button = QPushButton("Open anyway")
Command("open-file", "Open file…", "File", run, ("Ctrl+O",), "an icon")
if text == "Compared words only":
    logger.warning("For the log alone")
titles = ("First column", "Second  ·  Third")
'''
    import ast

    collector = module._Collector(None)
    collector.visit(ast.parse(code))
    assert collector.found == [
        "%1 scans were found in %2.",
        "Open anyway",
        "Open file…",
        "First column",
        "Second",
        "Third",
    ]


def test_values_are_put_into_the_translated_template(german):
    assert translate("Slice 3 of 12: damaged") == "Schicht 3 von 12: damaged"
    assert translate("Decisions about 4 scans saved: /data/a.csv") == (
        "Entscheidungen über 4 Scans gespeichert: /data/a.csv"
    )


def test_a_value_that_is_a_text_of_the_program_is_translated_too(german):
    assert translate("Cannot be opened: it is a localiser (scout) of a CT") == (
        "Lässt sich nicht öffnen: Es ist ein Übersichtsbild (Scout) eines CT"
    )


def test_parts_lines_and_sentences_are_translated_one_by_one(german):
    assert translate("Open file  (Ctrl+O)") == "Open file  (Ctrl+O)"
    assert translate("Open file…  (Ctrl+O)") == "Datei öffnen…  (Ctrl+O)"
    assert (
        translate("Encoding the scan · about 12 s left") == "Der Scan wird kodiert · noch etwa 12 s"
    )
    assert translate("Undo\nRedo") == "Rückgängig\nWiederholen"
    both = "Select a scan of the worklist first. No image was found."
    assert translate(both) == (
        "Wählen Sie zuerst einen Scan der Arbeitsliste. Es wurde kein Bild gefunden."
    )


@pytest.mark.parametrize("text", ["", "pleural effusion", "scan-01.nii.gz", "W 400  L 40", "%1"])
def test_what_is_no_text_of_the_program_stays(german, text):
    assert translate(text) == text


def test_without_a_language_everything_is_english():
    use_language("en")
    assert translate("Undo") == "Undo"
    assert language_in_use() == "en"
    use_language("xx")
    assert language_in_use() == "en"


def test_templates_take_line_breaks_and_repeated_values():
    pattern = template_pattern("%1 and %2, then %1 (100 %)")
    assert pattern.fullmatch("a\nb and c, then a\nb (100 %)")
    assert not pattern.fullmatch("a and c, then b (100 %)")


def test_an_unknown_language_has_no_catalogue():
    with pytest.raises(ValueError, match="de"):
        Catalogue("xx")


def refused(call, *arguments) -> str:
    with pytest.raises(MedVLPError) as caught:
        call(*arguments)
    return str(caught.value)


def http_error(error: Exception) -> None:
    with translated("http://pacs.example", 30.0):
        raise error


def status(code: int) -> requests.HTTPError:
    return requests.HTTPError(response=SimpleNamespace(status_code=code))


class TestRefusals:
    """What the library refuses is read in the user's language, and names no option of commands."""

    def test_files_that_cannot_be_opened(self, german, tmp_path):
        (tmp_path / "empty.dcm").write_bytes(b"")
        (tmp_path / "notes").mkdir()
        (tmp_path / "notes" / "read.me").write_text("no scan")
        kinds = "DICOM (Datei, Ordner oder ZIP), NIfTI, NRRD, MHA, PNG, JPEG oder TIFF"
        for name, words in (
            ("missing.dcm", "Es gibt keine Datei und keinen Ordner"),
            ("empty.dcm", "empty.dcm: Die Datei ist leer"),
            ("notes", "gefunden nur Dateien anderer Art."),
        ):
            shown = translate(refused(open_scan, tmp_path / name))
            assert words in shown
            assert kinds in shown

    def test_images_that_are_no_ct_and_no_x_ray(self, german):
        reason = "a colour secondary capture (RGB, 3 samples per pixel)"
        text = f"DOE: 12.dcm: This is {reason}. Expected a CT or a radiograph."
        shown = translate(text)
        assert shown.startswith("DOE: 12.dcm: Dies ist ")
        assert shown.endswith(". Erwartet ein CT oder ein Röntgenbild.")
        assert reason not in shown

    def test_a_model_that_is_not_there(self, german):
        shown = translate(refused(find_model, "nosuch"))
        assert shown.startswith("Kein Modell 'nosuch': erwartet ein Name")
        assert "medvlp models" not in shown

    def test_addresses_and_answers_of_servers(self, german):
        assert translate(refused(parse_address, "nowhere")) == (
            "'nowhere' ist keine Adresse eines Servers: "
            "erwartet AET@host:port (DIMSE) oder https://host/path (DICOMweb)."
        )
        assert translate(refused(http_error, requests.Timeout())) == (
            "http://pacs.example hat in 30 s nicht geantwortet. Versuchen Sie es noch einmal."
        )
        for code in (400, 401, 403, 404, 407, 429, 500, 503):
            english = refused(http_error, status(code))
            shown = translate(english)
            assert f"(HTTP {code})." in shown
            assert not set(shown.split()) & set(english.split()) & {"the", "asks", "has", "failed"}
        down = requests.ConnectionError("[Errno 111] Connection refused")
        shown = translate(refused(http_error, down))
        assert "ist nicht zu erreichen: Er hat die Verbindung abgelehnt." in shown

    def test_options_are_said_by_the_command_line_alone(self):
        with pytest.raises(MedVLPError) as caught:
            http_error(requests.Timeout())
        assert "--" not in str(caught.value)
        assert caught.value.at_the_prompt.endswith("Try again. --timeout waits longer.")

    def test_a_question_that_sounds_like_a_reason_stays_as_typed(self, german):
        typed = "a colour secondary capture"
        assert f"„{typed}“" in translate(f'"{typed}" was read as "heart".')
