from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

AT_EXIT = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 100_000))  # the first registered is called last
"""
ASK_OF_XRAY = (
    AT_EXIT
    + """
import medvlp
model = medvlp.load_model(sys.argv[1], device="cpu")
scan = medvlp.open_scan(sys.argv[2])
encoding = model.encode(scan, cache=False)
for answer in medvlp.ground(model, encoding, ["heart", "nodule in the left lung"]):
    answer.peak
medvlp.score_organs(model, encoding, scan=scan)
heavy = {"scipy", "SimpleITK", "nibabel", "pydicom", "highdicom", "torch._dynamo", "transformers"}
print(sorted(heavy & sys.modules.keys()), gc.isenabled(), gc.get_freeze_count())
"""
)
LIBRARY_FIRST = """
import sys
from medvlp.models.torch_import import load_libraries_beside
load_libraries_beside().join()
print("torch" in sys.modules, "libtorch_cpu.so" in open("/proc/self/maps").read())
import torch
print(float((torch.ones(3, 3) @ torch.ones(3, 3)).sum()), load_libraries_beside())
"""
COLLECTOR_OFF = (
    AT_EXIT
    + """
from medvlp.models.torch_import import import_torch
gc.disable()
import_torch()
import_torch()
print(gc.isenabled(), gc.get_freeze_count())
"""
)

FROZEN_BEFORE = """
import gc
from medvlp.models.torch_import import import_torch
gc.freeze()
frozen = gc.get_freeze_count()
import_torch()
print(frozen / 2 < gc.get_freeze_count() <= frozen)  # some of it went meanwhile
"""
TAKEN_FOR_OLD = """
import gc
from medvlp.models.torch_import import import_torch
import_torch()
print(len(gc.get_objects(generation=2)) > 100_000, gc.get_freeze_count())
"""


def said(code: str, *arguments: object) -> list[str]:
    """Lines that a new Python prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def test_an_x_ray_needs_no_library_but_torch_and_the_collector_goes_on(tiny_folder, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 255, (120, 90), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "film.png")
    assert said(ASK_OF_XRAY, tiny_folder, tmp_path / "film.png") == ["[] True 0", "True"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere torch loads it alone")
def test_torch_works_with_the_library_that_was_loaded_beside_and_it_is_loaded_once():
    assert said(LIBRARY_FIRST) == ["False True", "27.0 None"]


def test_a_collector_that_was_at_rest_stays_so_and_nothing_is_kept_from_it_before_the_exit():
    assert said(COLLECTOR_OFF) == ["False 0", "True"]


def test_what_the_import_made_is_old_to_the_collector_and_what_was_frozen_stays_so():
    assert said(TAKEN_FOR_OLD) == ["True 0"]
    assert said(FROZEN_BEFORE) == ["True"]
