"""COLIPRI's image encoder with random weights, timed when asked: speed does not depend on them.

Runs in an environment of its own (see environment.sh), so nothing of medvlp is imported here. Speaks JSON
lines: one when it is ready, then one for every line read, ``bf16`` or ``fp32``. Between two
passes it waits without work, so that others can be timed in turns with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import colipri
import torch

SIDE = 192


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    torch.set_num_threads(parser.parse_args().threads)
    torch.manual_seed(0)
    model = colipri.get_model(pretrained=False, image_only=True).eval()
    volume = torch.rand(1, 1, SIDE, SIDE, SIDE) * 2 - 1
    print(json.dumps({"ready": torch.__version__}), flush=True)
    for line in sys.stdin:
        bf16 = line.strip() == "bf16"
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            start = time.perf_counter()
            model.encode_image(volume)
            seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
