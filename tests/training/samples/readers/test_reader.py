from __future__ import annotations

import logging

import pytest

from medvlp_training.samples.errors import LayoutError, MissingImageError, SampleError
from medvlp_training.samples.readers.reader import READERS, load_reader, samples_of
from medvlp_training.samples.skips import Skips


@pytest.mark.parametrize("name", READERS)
def test_an_empty_folder_is_refused_with_the_layout_that_was_expected(name, tmp_path):
    with pytest.raises(
        LayoutError, match=r"(?s)not laid out as .*Expected:.*documented at https://"
    ):
        load_reader(name)(tmp_path, Skips())


def test_an_unknown_reader_is_refused_with_the_names_of_all():
    with pytest.raises(
        SampleError, match=r"No reader 'nih'; expected one of chexpert, .*vindr_cxr"
    ):
        load_reader("nih")


def test_messages_name_rows_and_no_files(make_sample, caplog):
    def make(number):
        raise MissingImageError("There is no image /data/DOE^JANE/1.dcm.")

    skips = Skips()
    with caplog.at_level(logging.DEBUG):
        assert list(samples_of([("t.csv, row 2", 2), ("t.csv, row 3", 3)], make, skips)) == []
        skips.log_summary("Reading")
    assert "t.csv, row 3: skipped, image not there" in caplog.text
    assert "Reading: 2 skipped (image not there: 2)" in caplog.text
    assert "DOE" not in caplog.text


def test_strict_raises_the_whole_message():
    def make(number):
        raise MissingImageError("There is no image a.png.")

    with pytest.raises(MissingImageError, match=r"a\.png"):
        list(samples_of([("row 2", 2)], make, Skips(strict=True)))


def test_samples_are_made_one_at_a_time(make_sample):
    made = []

    def make(number):
        made.append(number)
        return make_sample("XR", number)

    samples = samples_of([(f"row {n}", n) for n in range(5)], make, Skips())
    next(samples)
    assert made == [0]
