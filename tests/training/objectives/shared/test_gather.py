"""What two processes compute is what one computes on the joined batch."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import torch
import torch.distributed as dist
from torch import nn

from medvlp_training.objectives.shared.gather import (
    decode_batch,
    encode_batch,
    gather_batch,
    gather_bytes,
    gather_rows,
    is_distributed,
)

PROCESSES = 2

pytestmark = pytest.mark.skipif(
    torch.cuda.is_available(), reason="autograd refuses forked processes once it serves a GPU"
)


def in_processes(work: Callable[[int], Any], folder: Any) -> list[Any]:
    """What ``work(rank)`` returns in each of two gloo processes; forked, so that nothing is copied."""
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(PROCESSES)]

    def run(rank: int) -> None:
        torch.set_num_threads(1)
        dist.init_process_group(
            "gloo",
            init_method=f"file://{folder}/meeting",
            rank=rank,
            world_size=PROCESSES,
            timeout=timedelta(seconds=30),
        )
        pipes[1 - rank][1].close()
        pipes[rank][1].send(work(rank))
        dist.destroy_process_group()

    workers = [context.Process(target=run, args=(rank,)) for rank in range(PROCESSES)]
    for worker, (_, sender) in zip(workers, pipes, strict=True):
        worker.start()
        sender.close()
    found = [receiver.recv() for receiver, _ in pipes]
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0
    return found


def without_chance(objective: nn.Module) -> nn.Module:
    """Dropout off: its draws cannot be the same in one process and in two."""
    for module in objective.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if isinstance(module, nn.MultiheadAttention):
            module.dropout = 0.0
    return objective.train()


def trimmed(batch):
    """The batch without columns that are padding in all its rows, as a process of its own has it."""
    longest = int(batch.attention_mask.sum(1).max())
    names = ("input_ids", "attention_mask", "sentence_of_token", "concept_of_token")
    return replace(batch, **{name: getattr(batch, name)[:, :longest] for name in names})


def cut(make_batch, kind: str):
    """A batch and its halves, the texts of one half being longer than those of the other."""
    for seed in range(20):
        batch = trimmed(make_batch(kind, size=4, seed=seed, double=True))
        halves = [trimmed(batch.part(slice(0, 2))), trimmed(batch.part(slice(2, 4)))]
        if halves[0].input_ids.shape != halves[1].input_ids.shape:
            return batch, halves
    raise AssertionError("Texts of one length in every batch.")


def gradients(objective: nn.Module) -> dict[str, Any]:
    return {
        name: parameter.grad.numpy()
        for name, parameter in objective.named_parameters()
        if parameter.grad is not None
    }


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_two_processes_give_the_loss_and_the_gradients_of_one(
    kind, make_each_objective, make_batch, without_reports, tmp_path
):
    batch, parts = cut(lambda *a, **k: without_reports(make_batch(*a, **k), slice(1, 2)), kind)
    objective = without_chance(make_each_objective(double=True))

    def work(rank: int) -> tuple[dict[str, float], dict[str, Any]]:
        torch.manual_seed(0)
        encoded = objective.encode(parts[rank])
        joined = {key: gather_rows(value) for key, value in encoded.items()}
        torch.manual_seed(0)
        terms = objective(joined, gather_batch(parts[rank]))
        sum(terms.values()).backward()
        # What data-parallel training does after the backward pass.
        for parameter in objective.parameters():
            if parameter.grad is not None:
                dist.all_reduce(parameter.grad)
                parameter.grad /= PROCESSES
        return {key: value.item() for key, value in terms.items()}, gradients(objective)

    both = in_processes(work, tmp_path)
    torch.manual_seed(0)
    encoded = objective.encode(batch)
    torch.manual_seed(0)
    terms = objective(encoded, batch)
    sum(terms.values()).backward()
    alone = gradients(objective)
    assert alone
    for losses, found in both:
        assert losses == pytest.approx({k: v.item() for k, v in terms.items()}, abs=1e-6)
        assert found.keys() == alone.keys()
        for key, expected in alone.items():
            assert abs(found[key] - expected).max() < 1e-6, key


def test_rows_of_other_number_and_length_keep_their_gradients(tmp_path):
    weights = torch.arange(2 * 3 * 4, dtype=torch.float64).reshape(4, 3, 2)

    def work(rank: int) -> tuple[Any, Any]:
        shape = (3, 2, 2) if rank == 0 else (1, 3, 2)
        rows = torch.full(shape, 1.0 + rank, dtype=torch.float64, requires_grad=True)
        gathered = gather_rows(rows)
        (gathered * weights).sum().backward()
        return gathered.detach().numpy(), rows.grad.numpy()

    (first, of_first), (second, of_second) = in_processes(work, tmp_path)
    expected = torch.zeros(4, 3, 2)
    expected[:3, :2], expected[3] = 1, 2
    assert (first == expected.numpy()).all()
    assert (second == expected.numpy()).all()
    # Times the number of processes: the average over processes is then the gradient itself.
    assert (of_first == 2 * weights[:3, :2].numpy()).all()
    assert (of_second == 2 * weights[3:].numpy()).all()


def test_a_gathered_batch_is_the_joined_one_without_its_images(make_batch, tmp_path):
    batch = make_batch("CT", size=4)

    def work(rank: int) -> dict[str, Any]:
        found = gather_batch(batch.part(slice(2 * rank, 2 * rank + 2)))
        assert found.volumetric
        assert len(found) == 4
        fields = {k: v.numpy() for k, v in vars(found).items() if k not in ("patients", "images")}
        return fields | {"patients": found.patients}

    for found in in_processes(work, tmp_path):
        assert found.pop("patients") == batch.patients
        for name, value in found.items():
            assert (value == getattr(batch, name).numpy()).all(), name


def test_bytes_of_other_length_come_whole_and_in_the_order_of_the_processes(tmp_path):
    texts = ["Schmitz-Müller, läng".encode(), b"a"]
    for found in in_processes(
        lambda rank: gather_bytes(texts[rank], torch.device("cpu")), tmp_path
    ):
        assert found == texts


def test_nothing_is_unpickled_while_batches_are_gathered(make_batch, tmp_path, monkeypatch):
    batch = make_batch("XR", size=4)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("A process unpickled what another sent.")

    for name in ("all_gather_object", "_tensor_to_object", "_object_to_tensor"):
        for module in (dist, dist.distributed_c10d):
            monkeypatch.setattr(module, name, refuse, raising=False)
    work = lambda rank: gather_batch(batch.part(slice(2 * rank, 2 * rank + 2))).patients  # noqa: E731
    assert in_processes(work, tmp_path) == [batch.patients, batch.patients]


def test_an_encoded_batch_keeps_every_value_type_and_name(make_batch):
    batch = replace(make_batch("CT", size=3), patients=("a", "b \u00fc", 'b"c'))
    found = decode_batch(encode_batch(batch))
    assert found.patients == batch.patients
    assert found.images.shape == (*batch.images.shape[:-1], 0)
    for name, value in vars(batch).items():
        if name not in ("images", "patients"):
            assert getattr(found, name).dtype == value.dtype, name
            assert torch.equal(getattr(found, name), value), name


def test_one_process_alone_gathers_nothing(make_batch):
    assert not is_distributed()
    rows, batch = torch.randn(2, 3), make_batch()
    assert gather_rows(rows) is rows
    assert gather_batch(batch) is batch
