"""Nothing that identifies a patient leaves the reader."""

from __future__ import annotations

import json
import re
import warnings

import pytest

from medvlp import MedVLPError, open_scan
from medvlp.io.open import list_series

IDENTIFYING = {
    "PatientName": "Zaphod^Beeblebrox",
    "PatientID": "HHG-4242",
    "PatientBirthDate": "19430101",
    "AccessionNumber": "ACC778899",
    "ReferringPhysicianName": "Prefect^Ford",
}
SECRETS = ("zaphod", "beeblebrox", "hhg-4242", "19430101", "acc778899", "prefect", "1.2.826")


def exposed(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.lower()] + re.findall(
        r"\d+(?:\.\d+){5,}", text
    )


def told(scan) -> str:
    return json.dumps(scan.provenance) + " ".join(str(w) for w in scan.warnings)


def test_provenance_and_warnings_hold_no_identifier(ct_writer, body, tmp_path, save_datasets):
    folder = tmp_path / "Zaphod_Beeblebrox"
    datasets = ct_writer(tags=IDENTIFYING).datasets(body)
    scan_files = [*datasets[:3], *datasets[4:], datasets[0]]
    save_datasets(folder / "HHG-4242", scan_files)
    other = ct_writer(tags={**IDENTIFYING, "SeriesDescription": "ap zaphod thorax"})
    save_datasets(folder / "b", other.datasets(body[:2]))
    scan = open_scan(folder)
    assert scan.warnings
    assert exposed(told(scan)) == []
    assert exposed(json.dumps([i.to_dict() for i in list_series(folder)])) == []


def test_a_harmless_description_is_kept(ct_writer, body, tmp_path):
    ct_writer(tags=IDENTIFYING).write(tmp_path, body)
    assert open_scan(tmp_path).provenance["series_description"] == "THORAX 2.5"


@pytest.mark.parametrize(
    "description", ["Beeblebrox chest", "id HHG-4242", "1.2.826.0.1.3680043.8.498.55", "acc778899"]
)
def test_an_identifying_description_is_dropped(ct_writer, body, tmp_path, description):
    ct_writer(tags={**IDENTIFYING, "SeriesDescription": description}).write(tmp_path, body)
    assert open_scan(tmp_path).provenance["series_description"] == ""


def test_errors_hold_no_identifier(ct_writer, body, tmp_path):
    broken = ct_writer(tags={**IDENTIFYING, "RescaleSlope": None})
    broken.write(tmp_path / "a", body)
    with pytest.raises(MedVLPError) as caught:
        open_scan(tmp_path / "a")
    assert exposed(str(caught.value)) == []


def test_the_parsers_print_nothing(ct_writer, body, tmp_path, capfd):
    """pydicom's warnings about invalid values quote the values."""
    datasets = ct_writer(tags=IDENTIFYING).datasets(body)
    tmp_path.joinpath("a").mkdir()
    for number, ds in enumerate(datasets):
        path = tmp_path / "a" / f"{number}.dcm"
        ds.save_as(path, enforce_file_format=True)
        data = path.read_bytes().replace(b"19430101", b"Zaphod B")
        path.write_bytes(data)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        open_scan(tmp_path / "a")
    assert [w for w in caught if exposed(str(w.message))] == []
    output = capfd.readouterr()
    assert exposed(output.out + output.err) == []


def test_the_same_series_has_the_same_id_from_anywhere(ct_writer, body, tmp_path, save_datasets):
    datasets = ct_writer().datasets(body)
    save_datasets(tmp_path / "a", datasets)
    save_datasets(tmp_path / "b" / "c", datasets[::-1])
    assert list_series(tmp_path / "a")[0].id == list_series(tmp_path / "b")[0].id


def test_warnings_of_the_caller_survive(ct_writer, body, tmp_path):
    ct_writer().write(tmp_path, body)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        before = list(warnings.filters)
        open_scan(tmp_path)
        assert warnings.filters == before
