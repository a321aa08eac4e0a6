import gzip
import math

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp_training.reports.agreement import agreement, f1_score, macro_f1
from medvlp_training.reports.evaluate import compare, evaluate, exact_samples, measure
from medvlp_training.reports.label_sets import CHEXPERT, CT_RATE
from medvlp_training.reports.references import (
    LabelledReport,
    read_chexpert_samples,
    read_ct_rate,
    read_openi,
)
from medvlp_training.text.reports import Report


def flags(text):
    return np.array([c == "1" for c in text])


def test_f1_of_counted_cases():
    assert f1_score(flags("1100"), flags("1010")) == pytest.approx(0.5)
    assert f1_score(flags("1111"), flags("1111")) == 1.0
    assert f1_score(flags("0000"), flags("1000")) == 0.0
    assert math.isnan(f1_score(flags("00"), flags("00")))


def test_agreement_has_its_parts():
    found = agreement(flags("1110"), flags("1001"), list("abcd"))
    assert (found.positives, found.precision, found.recall) == (2, 1 / 3, 1 / 2)
    assert found.f1.value == pytest.approx(0.4)
    assert found.f1.low <= found.f1.value <= found.f1.high


def test_macro_f1_is_the_mean_over_labels():
    truth = {"a": flags("10"), "b": flags("11")}
    predicted = {"a": flags("01"), "b": flags("11")}
    assert macro_f1(predicted, truth, ["x", "y"]).value == pytest.approx(0.5)


def test_doubt_is_no_statement():
    reports = [LabelledReport("1", "Possible consolidation.", {"consolidation": 1})]
    assert measure(reports, "ct_rate").labels["Consolidation"].recall == 0.0


def test_the_text_towers_held_out_reports_are_held_out_here_too():
    for number in range(300):
        name = f"train_{number}"
        if Report(name, (), {}).held_out:
            assert LabelledReport(name, "", {}).held_out


def test_three_in_five_are_for_development():
    share = np.mean([LabelledReport(f"r{n}", "", {}).held_out for n in range(3000)])
    assert 0.37 < share < 0.43


def write_tables(folder, rows):
    (folder / "text" / "lexicons").mkdir(parents=True)
    head = ["AccessionNo", "report_text", *CT_RATE]
    lines = [",".join(head), *(",".join(row) for row in rows)]
    (folder / "text" / "ctclip_ct_reports_train.csv").write_text("\n".join(lines))


def test_a_ct_table_is_read(tmp_path):
    write_tables(tmp_path, [["train_1", "Cardiomegaly.", "0", "0", "1", *["0"] * 15]])
    (report,) = read_ct_rate(tmp_path)
    assert (report.identity, report.text) == ("train_1", "Cardiomegaly.")
    assert [concept for concept, state in report.labels.items() if state] == ["cardiomegaly"]
    assert len(report.labels) == 18


def test_headings_become_labels(tmp_path):
    (tmp_path / "text").mkdir()
    with gzip.open(tmp_path / "text" / "openi_reports.csv.gz", "wt") as file:
        file.write("uid,findings,impression,mesh_major\n")
        file.write("CXR1,Big heart.,Device.,Cardiomegaly/mild;Stents\n")
    (report,) = read_openi(tmp_path)
    present = {concept for concept, state in report.labels.items() if state}
    assert present == {"cardiomegaly", "medical_device"}
    assert "Big heart." in report.text


def test_a_missing_table_and_a_missing_column_are_named(tmp_path):
    with pytest.raises(MedVLPError, match=r"ctclip_ct_reports_train\.csv cannot be read.*--data"):
        evaluate(tmp_path)
    write_tables(tmp_path, [])
    path = tmp_path / "text" / "ctclip_ct_reports_train.csv"
    path.write_text("AccessionNo,report_text\n1,Clear.\n")
    with pytest.raises(MedVLPError, match="no column 'Medical material'"):
        read_ct_rate(tmp_path)


@pytest.mark.realdata
@pytest.mark.parametrize(("held_out", "floor"), [(False, 0.94), (True, 0.92)])
def test_the_labels_agree_with_ct_rates(real_data, held_out, floor):
    reports = [r for r in read_ct_rate(real_data) if r.held_out == held_out]
    predicted, truth = compare(reports, "ct_rate")
    scores = [f1_score(predicted[name], truth[name]) for name in truth]
    assert len(scores) == 18
    assert np.mean(scores) > floor
    assert min(scores) > 0.75


@pytest.mark.realdata
def test_the_chexpert_labelers_examples_are_labelled_alike(real_data):
    assert exact_samples(read_chexpert_samples(real_data)) == (56, 56)


def test_every_chexpert_column_is_a_different_concept():
    assert len(set(CHEXPERT.values())) == 14
    assert len(set(CT_RATE.values())) == 18
