"""Weights of a model folder into the network that its configuration describes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from medvlp.models.network import UnifiedNetwork

WEIGHTS = "model.safetensors"
TOWERS = ("vision.", "text.")


@contextmanager
def _no_initial_values() -> Iterator[None]:
    """Modules made inside keep what their memory held: random numbers would be drawn to be replaced.

    (torch's "meta" device spares them too, but imports torch's compiler, which takes over a second.)
    """
    from torch.overrides import TorchFunctionMode

    class Skip(TorchFunctionMode):
        def __torch_function__(
            self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            given = kwargs or {}
            if getattr(func, "__module__", "") == "torch.nn.init":
                return args[0] if args else given["tensor"]
            return func(*args, **given)

    with Skip():
        yield


def load_network(folder: Path, *, towers_as_stored: bool = False) -> UnifiedNetwork:
    """The network of a folder in float32.

    Parameters
    ----------
    folder
        Of the model.
    towers_as_stored
        Leave the weights of both towers in the file's precision, and in the file until they are read:
        for who converts only what is asked for.

    Raises
    ------
    ModelMismatchError
        If the weights are missing or do not fit the configuration.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from medvlp.models.network import UnifiedNetwork
    from medvlp.models.shape import UnifiedShape

    try:
        shape = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        weights = load_file(folder / WEIGHTS)
        with _no_initial_values():
            network = UnifiedNetwork(UnifiedShape.from_dict(shape))
    except (OSError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelMismatchError(f"The weights in {folder} cannot be loaded: {error}") from error
    wanted = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    found = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    wrong = {
        "missing": sorted(wanted.keys() - found.keys()),
        "unexpected": sorted(found.keys() - wanted.keys()),
        "of another size": sorted(n for n in wanted.keys() & found.keys() if wanted[n] != found[n]),
    }
    if any(wrong.values()):
        facts = {what: names for what, names in wrong.items() if names}
        raise ModelMismatchError(f"The weights in {folder} do not fit config.json: {facts}")
    kept = TOWERS if towers_as_stored else ()
    values = {k: v if k.startswith(kept) else v.float() for k, v in weights.items()}
    network.load_state_dict(values, assign=True)
    return network
