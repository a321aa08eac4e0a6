"""A tiny model folder to start from, and tables of a few real X-rays."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from medvlp.grounding.calibration import Calibration, Platt
from medvlp.models.config import UnifiedConfig
from medvlp.models.folder import write_manifest
from medvlp.models.preprocessing import Preprocessing, XRPreprocessing
from medvlp.models.unified import UnifiedModel

WORDS = "left right kidney liver lung pleural effusion no there is a of the in heart pneumothorax ."
OLD = {"pleural_effusion/XR": Platt(scale=7.0, offset=-3.0), "liver/CT": Platt(scale=2.0)}
COLUMNS = ("image", "modality", "patient", "report")


def _tokenizer() -> Tokenizer:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS.split()]
    made = Tokenizer(models.WordLevel({w: n for n, w in enumerate(words)}, "[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    return made


@pytest.fixture(scope="session")
def tiny_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of the tiny size with random weights and made-up calibration entries."""
    folder = tmp_path_factory.mktemp("start")
    torch.manual_seed(0)
    config = UnifiedConfig.of_size("tiny")
    UnifiedModel(config).to(torch.float16).save_pretrained(folder)
    _tokenizer().save(str(folder / "tokenizer.json"))
    preprocessing = Preprocessing(xr=XRPreprocessing(image_size=config.image_size))
    (folder / "preprocessing.json").write_text(preprocessing.model_dump_json(by_alias=True))
    organs = {"CT": {"liver": "liver"}, "XR": {"heart": "heart"}}
    (folder / "prompts.json").write_text(json.dumps({"organs": organs}))
    trained = {"XR": ("heart", "pleural_effusion"), "CT": ("liver",)}
    Calibration(concepts=OLD, trained=trained, in_domain=0.0).save(folder / "calibration.json")
    (folder / "MODEL_CARD.md").write_text("# Tiny\n")
    write_manifest(folder, name="tiny", title="Tiny", modalities=["CT", "XR"], licence="none")
    return folder


@pytest.fixture(scope="session")
def write_csv() -> Callable[..., Path]:
    """``write_csv(path, rows, columns=...)``: a table as a user writes it."""

    def write(path: Path, rows: list[tuple], columns: tuple[str, ...] = COLUMNS) -> Path:
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def write_table(tmp_path: Path, write_csv) -> Callable[..., Path]:
    """``write_table(rows, columns=...)``: ``scans.csv``."""
    return lambda rows, columns=COLUMNS: write_csv(tmp_path / "scans.csv", rows, columns)


@pytest.fixture(scope="session")
def real_rows(real_data: Path) -> list[tuple]:
    """Twenty real X-rays of twenty patients, three of them DICOM, with one-line reports."""
    with (real_data / "cxr_nih" / "labels.csv").open() as file:
        table = list(csv.DictReader(file))
    ill = {r["patient"]: r for r in table if "Effusion" in r["labels"]}
    well = {r["patient"]: r for r in table if r["labels"] == "No Finding"}
    chosen = [*list(ill.values())[:10], *[r for p, r in well.items() if p not in ill][:7]]
    rows: list[tuple] = []
    for r in chosen:
        effusion = "There is a pleural effusion." if "Effusion" in r["labels"] else ""
        path = real_data / "cxr_nih" / "images" / r["file"]
        rows.append((path, "XR", r["patient"], effusion or "No pleural effusion."))
    for number, path in enumerate(sorted((real_data / "dicom_cxr").glob("*.dcm"))):
        rows.append((path, "XR", f"dicom-{number}", "No pleural effusion. No pneumothorax."))
    return rows
