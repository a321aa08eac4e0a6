"""The process that :mod:`medvlp.io.dicom.apart` starts: frames come in, pixels go out."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.io.dicom.apart import receive, send


def decode(facts: dict[str, Any], data: bytes) -> NDArray[np.integer[Any]]:
    """Decode one compressed frame with the decoder that ``facts`` names."""
    from pydicom.encaps import encapsulate
    from pydicom.pixels import get_decoder

    decoder = get_decoder(facts.pop("syntax"))
    options = {"number_of_frames": 1, "pixel_keyword": "PixelData", **facts}
    plugin = options.pop("plugin")
    return decoder.as_array(
        encapsulate([data]), index=0, raw=True, decoding_plugin=plugin, **options
    )[0]


def main() -> None:
    """Answer until the input is closed."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # what a codec prints is no answer
    while True:
        try:
            facts, data = receive(sys.stdin.buffer)
        except EOFError:
            return
        try:
            pixels = np.ascontiguousarray(decode(facts, data))
        except Exception as error:  # each codec fails in its own way
            send(answers, {"error": str(error) or type(error).__name__})
        else:
            shown = {"dtype": pixels.dtype.str, "shape": list(pixels.shape)}
            send(answers, shown, pixels.tobytes())


if __name__ == "__main__":
    main()
