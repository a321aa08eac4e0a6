"""Time COLIPRI's image encoder on one volume, with random weights: speed does not depend on them.

Runs in an environment of its own (see measure.sh), so nothing of medvlp is imported here. Writes
result.json beside this file; ``python -m benchmarks.encode_ct`` reads it.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import colipri
import torch

SIDE = 192
RESULT = Path(__file__).with_name("result.json")


def processor_name() -> str:
    """Model name of the CPU, as the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((s.split(":")[1].strip() for s in lines if s.startswith("model name")), "unknown")


def seconds_of_one_volume(model: Any, volume: torch.Tensor, bf16: bool) -> dict[str, object]:
    """One forward pass, no warm-up: it takes longer than any warm-up would save.

    ``busy`` is the share of the threads' time that they really had: well under 1 means that other
    programs ran too, and that the seconds are not to be trusted.
    """
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        start, started = time.perf_counter(), time.process_time()
        tokens = model.encode_image(volume)
        seconds, used = time.perf_counter() - start, time.process_time() - started
    return {
        "seconds": round(seconds, 2),
        "busy": round(used / (seconds * torch.get_num_threads()), 2),
        "output_shape": list(tokens.shape),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    model = colipri.get_model(pretrained=False, image_only=True).eval()
    volume = torch.rand(1, 1, SIDE, SIDE, SIDE) * 2 - 1
    result = {
        "what": "COLIPRI image encoder, random weights, one volume, one pass",
        "command": "make bench-colipri",
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": processor_name(),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "parameters": sum(p.numel() for p in model.parameters()),
        "input_shape": list(volume.shape),
        "fp32": seconds_of_one_volume(model, volume, bf16=False),
        "bf16": seconds_of_one_volume(model, volume, bf16=True),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
