from __future__ import annotations

from collections import Counter

import pytest
import torch

from medvlp.errors import MedVLPError, UnreadableScanError
from medvlp.models.config import UnifiedConfig
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.draw import TrainingBatches, schedule_kinds, shuffled, stream
from medvlp_training.pretraining.images import Augmentation
from medvlp_training.pretraining.model import tokenizer_of
from medvlp_training.pretraining.source import JoinedSources, MemorySource, catalogue
from medvlp_training.pretraining.vocabulary import build_vocabulary


class Damaged(MemorySource):
    """A source in which some numbers cannot be read."""

    broken: frozenset[int] = frozenset({12, 13})

    def read(self, index):
        if index in self.broken:
            raise UnreadableScanError("the shard ends early")
        return super().read(index)


@pytest.fixture
def make_batches(samples, make_config):
    def make(source=None, process: int = 0, processes: int = 1, batch_size: int = 4):
        source = source or MemorySource(samples)
        config = make_config()
        found = catalogue(MemorySource(samples), 0.0, ["CT", "XR"])
        collator = Collator(
            config.data, UnifiedConfig().windows, tokenizer_of(config), build_vocabulary(samples),
            Augmentation(degrees=5),
        )  # fmt: skip
        kinds = schedule_kinds({"CT": 0.25, "XR": 0.75}, 12)
        return TrainingBatches(
            source, found.train, collator, kinds, batch_size, 5, process, processes
        )

    return make


def test_kinds_keep_to_their_shares_at_any_step():
    scheduled = schedule_kinds({"CT": 1, "XR": 3}, 40)
    for step in range(1, 41):
        share = Counter(kind for kind, _ in scheduled[:step])["CT"]
        assert abs(share - step / 4) <= 1
    assert [n for kind, n in scheduled if kind == "XR"] == list(range(30))
    assert {kind for kind, _ in schedule_kinds({"XR": 1.0}, 5)} == {"XR"}


def test_each_pass_visits_every_sample_once_in_another_order():
    passes = [[shuffled(range(9), 3, "CT", 9 * p + n) for n in range(9)] for p in range(3)]
    assert all(sorted(one) == list(range(9)) for one in passes)
    assert passes[0] != passes[1]
    assert [shuffled(range(9), 3, "CT", n) for n in range(9)] == passes[0]


def test_a_step_is_the_same_whenever_it_is_asked_for(make_batches):
    batches = make_batches()
    late = [drawn.batch for drawn in stream(batches, 7, workers=0)]
    assert len(late) == 5
    again = make_batches()[7].batch
    assert late[0].patients == again.patients
    assert torch.equal(late[0].images, again.images)


def test_processes_share_the_rows_of_one_process(make_batches):
    whole = make_batches()[3].batch
    halves = [make_batches(process=rank, processes=2)[3].batch for rank in range(2)]
    assert halves[0].patients + halves[1].patients == whole.patients
    assert torch.equal(torch.cat([half.images for half in halves]), whole.images)


def test_a_batch_that_processes_cannot_share_is_refused(make_batches):
    with pytest.raises(MedVLPError, match="batch_size is 4, which 3 processes cannot share"):
        make_batches(processes=3)


def test_a_sample_that_cannot_be_read_is_replaced_and_reported(samples, make_batches):
    batches = make_batches(Damaged(samples))
    drawn = [batches[step] for step in range(len(batches))]
    reasons = [reason for one in drawn for reason in one.skipped]
    assert reasons
    assert all("the shard ends early" in reason for reason in reasons)
    assert all(len(one.batch) == 4 for one in drawn)
    broken = {samples[12].patient, samples[13].patient}
    films = [p for one in drawn if not one.batch.volumetric for p in one.batch.patients]
    assert not broken & set(films)


def test_a_source_of_which_nothing_can_be_read_is_an_error(samples, make_batches):
    class Empty(Damaged):
        broken = frozenset(range(24))

    with pytest.raises(MedVLPError, match=r"None of 12 (CT|XR) samples can be used"):
        make_batches(Empty(samples))[0]


def test_an_empty_source_is_an_error():
    with pytest.raises(MedVLPError, match="no CT sample to train on: 0 samples"):
        catalogue(MemorySource([]), 0.1, ["CT"])


def test_a_patient_is_on_one_side_whatever_else_is_there(samples):
    source = MemorySource(samples)
    found = catalogue(source, 0.4, ["CT", "XR"])
    sides = [
        {samples[n].patient for numbers in side.values() for n in numbers}
        for side in (found.train, found.validation)
    ]
    assert all(sides)
    assert not sides[0] & sides[1]
    fewer = catalogue(MemorySource(samples[:7]), 0.4, ["CT"])
    assert fewer.validation.get("CT", ()) == tuple(n for n in found.validation["CT"] if n < 7)


def test_a_patient_in_two_splits_is_refused(samples):
    class Prescribed(MemorySource):
        def split(self, index):
            return "train" if index < 12 else "validation"

    with pytest.raises(MedVLPError, match="both in the training and in the validation split"):
        catalogue(Prescribed(samples), 0.1, ["CT", "XR"])


def test_a_sample_that_cannot_be_described_is_counted(samples, caplog):
    class Nameless(MemorySource):
        def describe(self, index):
            if index == 4:
                raise UnreadableScanError("bad header")
            return super().describe(index)

    found = catalogue(Nameless(samples), 0.0, ["CT"])
    assert found.unreadable == 1
    assert 4 not in found.train["CT"]
    assert "Sample 4 is left out" in caplog.text


def test_joined_sources_are_numbered_one_after_the_other(samples):
    joined = JoinedSources((MemorySource(samples[:3]), MemorySource(samples[3:])))
    assert len(joined) == len(samples)
    assert [joined.read(n).identity for n in range(len(joined))] == [s.identity for s in samples]
    with pytest.raises(IndexError):
        joined.read(len(samples))
