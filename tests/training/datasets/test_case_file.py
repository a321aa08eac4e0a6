"""What a case file says of itself, without its tensors."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from medvlp.errors import UnreadableScanError
from medvlp_training.datasets.case_file import case_facts
from medvlp_training.datasets.xray import XRCase, write_xr


def test_the_patient_of_a_prepared_case_and_of_a_simulated_one(tmp_path):
    image = np.zeros((8, 8), np.uint8)
    write_xr(tmp_path / "real.safetensors", XRCase("JPCLN001", image))
    facts = {"medvlp": json.dumps({"patient": "imlab id001", "findings": []})}
    save_file({"image": image}, tmp_path / "simulated.safetensors", facts)
    assert case_facts(tmp_path / "real.safetensors")["patient"] == "JPCLN001"
    assert case_facts(tmp_path / "simulated.safetensors")["patient"] == "imlab id001"


@pytest.mark.parametrize("content", [b"no tensors here", None])
def test_a_file_that_is_no_case_is_named(tmp_path, content):
    path = tmp_path / "other.safetensors"
    if content is None:
        save_file({"image": np.zeros(3, np.float32)}, path)
    else:
        path.write_bytes(content)
    with pytest.raises(UnreadableScanError, match=r"other\.safetensors is not a training case"):
        case_facts(path)


def test_a_case_of_another_kind_is_told_by_its_facts(tmp_path):
    path = tmp_path / "film.safetensors"
    write_xr(path, XRCase("JPCLN001", np.zeros((8, 8), np.uint8)))
    with pytest.raises(UnreadableScanError, match=r"film\.safetensors: expected medvlp/ct-case/1"):
        case_facts(path, "medvlp/ct-case/1")


def test_a_case_that_ends_early_is_refused_without_reading_its_tensors(tmp_path):
    path = tmp_path / "half.safetensors"
    write_xr(path, XRCase("JPCLN001", np.zeros((8, 8), np.uint8)))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableScanError, match=r"half\.safetensors is not a training case"):
        case_facts(path)
