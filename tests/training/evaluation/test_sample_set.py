from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp_training.datasets.case import CTCase, write_case
from medvlp_training.datasets.xray import XRCase, write_xr
from medvlp_training.evaluation.sample_set import clinical_notes, main
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.samples.shard_writer import write_shards

NOTE = "Large left pleural effusion. No pneumothorax."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "cxr_covid"
    folder.mkdir(parents=True)
    table = f'file,patientid,clinical_notes\nA-1.jpg,7,"{NOTE}"\nB.jpg,8,\n'
    (folder / "metadata.csv").write_text(table, encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    mask = np.zeros((48, 48), bool)
    mask[10:20, 30:38] = True
    film = np.arange(48 * 48, dtype=np.uint16).reshape(48, 48) // 12
    folder = tmp_path / "prepared"
    for stem, patient in (("covid-A-1", "7"), ("covid-B", "8"), ("jsrt-X", "X")):
        masks = {"lung_nodule": mask} if stem.startswith("jsrt") else {}
        present = frozenset(masks) or frozenset({"pneumonia"})
        write_xr(folder / "xr" / f"{stem}.safetensors",
                 XRCase(patient, film.astype(np.uint8), masks, present=present))  # fmt: skip
    organs = np.zeros((12, 14, 16), np.uint8)
    organs[2:6, 3:9, 8:14] = 1
    write_case(
        folder / "ct" / "real.safetensors",
        CTCase("LUNG1-001", np.zeros(organs.shape, np.int16), organs, {1: "liver"},
               frozenset({"liver"}), {"lung_mass": organs == 1}, {}),
    )  # fmt: skip
    return folder


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    shapes = {"CT": ((8, 9, 10), np.int16, np.eye(4)), "XR": ((20, 20), np.uint8, None)}
    samples = [
        ImageTextSample(
            f"pair/{kind}", "phantom", kind, np.zeros(shape, dtype), affine,  # type: ignore[arg-type]
            sentences=("No pneumothorax.",), source="simulated",
        )
        for kind, (shape, dtype, affine) in shapes.items()
    ]  # fmt: skip
    write_shards(samples, tmp_path / "pairs")
    return tmp_path / "pairs"


def test_real_and_simulated_samples_come_together(data, prepared, pairs, tmp_path) -> None:
    out = tmp_path / "out"
    given = ["--data", str(data), "--prepared", str(prepared), "--pairs", str(pairs)]
    assert main([*given, "--out", str(out)]) == 0
    shards = open_shards(out)
    found = {s.identity: s for s in map(shards.read, shards.entries)}
    assert sorted(s.modality for s in found.values()) == ["CT", "CT", "XR", "XR", "XR"]
    told = found["xr/covid-A-1"]
    assert told.sentences == ("Large left pleural effusion.", "No pneumothorax.")
    states = {e.concept: e.state for e in told.entities}
    assert states["pleural_effusion"] == 1
    assert states["pneumothorax"] == 0
    assert found["xr/covid-B"].sentences == ()
    assert found["xr/jsrt-X"].lesions["lung_nodule"].sum() == 80
    assert found["ct/real"].source == "real/CT"
    assert "pair/CT" in found
    assert {e.split for e in shards.entries if e.identity == "ct/real"} == {"test"}


def test_notes_are_asked_for_where_they_should_be(tmp_path, caplog, prepared) -> None:
    with pytest.raises(MedVLPError, match="it is not there"):
        clinical_notes(tmp_path / "metadata.csv")
    (tmp_path / "metadata.csv").write_text("file,finding\na.jpg,none\n")
    with pytest.raises(MedVLPError, match="'clinical_notes'; found file, finding"):
        clinical_notes(tmp_path / "metadata.csv")
    given = ["--data", str(tmp_path), "--prepared", str(prepared), "--out", str(tmp_path / "o")]
    assert main(given) == 3
    assert "it is not there" in caplog.text
