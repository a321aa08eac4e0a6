"""Refuse or fall back before loading, with figures."""

from __future__ import annotations

import logging

import pytest
import torch

from medvlp.errors import ModelMismatchError, NotEnoughMemoryError
from medvlp.models import memory
from medvlp.models.device import Placement
from medvlp.models.memory import SPARE, Need, place, weights_header

GIB = 1024**3


@pytest.fixture
def machine(monkeypatch):
    """``machine(cpu=bytes, cuda=bytes)``: a computer with these devices and free memory."""

    def make(**free):
        order = [d for d in ("cuda", "cpu") if d in free]
        monkeypatch.setattr(memory, "available_devices", lambda: order)
        monkeypatch.setattr(memory, "choose_device", lambda d: Placement(d, torch.float32))
        monkeypatch.setattr(memory, "free_bytes", lambda d: free[d])

    return make


def test_it_takes_the_best_device_that_has_room(machine):
    machine(cuda=8 * GIB, cpu=16 * GIB)
    placement, items = place("big", Need(3 * GIB, GIB // 4, 8))
    assert (placement.device, items) == ("cuda", 8)


def test_a_gpu_that_is_too_small_falls_back_to_the_processor_and_says_so(machine, caplog):
    machine(cuda=2 * GIB, cpu=16 * GIB)
    with caplog.at_level(logging.WARNING):
        placement, _ = place("big", Need(3 * GIB, GIB // 4, 8))
    assert placement.device == "cpu"
    assert "2.00 GiB free" in caplog.text
    assert "3.50 GiB are needed" in caplog.text


def test_fewer_items_at_once_where_all_do_not_fit(machine):
    machine(cpu=4 * GIB)
    _, items = place("big", Need(3 * GIB, GIB // 4, 8))
    assert items == 2


def test_what_fits_nowhere_is_refused_with_figures(machine):
    machine(cuda=1 * GIB, cpu=2 * GIB)
    with pytest.raises(
        NotEnoughMemoryError, match=r"cpu has 2\.00 GiB free, and 3\.50 GiB"
    ) as said:
        place("big", Need(3 * GIB, GIB // 4, 8))
    assert "cuda has 1.00 GiB free" in str(said.value)
    assert "MEDVLP_MEMORY_CHECK=off" in said.value.command_line


def test_a_device_asked_for_by_name_does_not_fall_back(machine):
    machine(cuda=1 * GIB, cpu=64 * GIB)
    with pytest.raises(NotEnoughMemoryError, match="cuda has"):
        place("big", Need(3 * GIB, GIB), "cuda")


def test_the_check_can_be_switched_off(machine, monkeypatch):
    machine(cpu=1)
    monkeypatch.setenv("MEDVLP_MEMORY_CHECK", "off")
    assert place("big", Need(3 * GIB, GIB, 4))[1] == 4


def test_a_system_that_does_not_say_is_trusted(machine):
    machine(cpu=None)
    assert place("big", Need(3 * GIB, GIB, 4))[1] == 4


def test_the_total_is_weights_one_pass_and_some_to_spare():
    assert Need(100, 10, 4).total() == 140 + SPARE
    assert Need(100, 10, 4).total(1) == 110 + SPARE


def test_free_memory_is_less_than_the_machine_has():
    free = memory.free_bytes("cpu")
    assert free is None or 0 < free < 1024 * GIB


def test_shapes_are_read_without_the_tensors(tmp_path):
    from safetensors.torch import save_file

    save_file({"a": torch.zeros(3, 5), "b": torch.zeros(())}, tmp_path / "model.safetensors")
    assert weights_header(tmp_path) == {"a": (3, 5), "b": ()}
    assert memory.weights_bytes(tmp_path) == 64


@pytest.mark.parametrize("data", [b"", b"x" * 30, b"\x05" + b"\0" * 7 + b"hello"])
def test_a_file_that_is_no_safetensors_is_refused(data, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(data)
    with pytest.raises(ModelMismatchError, match="not a safetensors file"):
        weights_header(tmp_path)
