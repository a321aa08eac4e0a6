"""``model_type`` of an imported ``config.json`` to an empty network of that shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from medvlp.models.backends.network import ImageTextNetwork

Config = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A family of networks.

    Parameters
    ----------
    build
        Configuration to a network with random weights.
    width, feed_forward
        Of the image tower, from the configuration: they say how much memory a token takes.
    """

    build: Callable[[dict[str, Any]], ImageTextNetwork]
    width: Callable[[Config], int]
    feed_forward: Callable[[Config], int]


def _clip(config: dict[str, Any]) -> ImageTextNetwork:
    from transformers import CLIPConfig, CLIPModel

    from medvlp.models.backends.dual import ClipNetwork

    return ClipNetwork(CLIPModel(CLIPConfig.from_dict(config)))


def _siglip(config: dict[str, Any]) -> ImageTextNetwork:
    from transformers import SiglipConfig, SiglipModel

    from medvlp.models.backends.dual import SiglipNetwork

    return SiglipNetwork(SiglipModel(SiglipConfig.from_dict(config)))


def _colipri(config: dict[str, Any]) -> ImageTextNetwork:
    from medvlp.models.backends.colipri import ColipriNetwork

    return ColipriNetwork(config)


def _biomedclip(config: dict[str, Any]) -> ImageTextNetwork:
    from medvlp.models.backends.biomedclip import BiomedClipNetwork

    return BiomedClipNetwork(config)


def _biovil(config: dict[str, Any]) -> ImageTextNetwork:
    from medvlp.models.backends.biovil import BiovilNetwork

    return BiovilNetwork(config)


def _ctclip(config: dict[str, Any]) -> ImageTextNetwork:
    from medvlp.models.backends.ctclip import CtClipNetwork

    return CtClipNetwork(config)


def _merlin(config: dict[str, Any]) -> ImageTextNetwork:
    from medvlp.models.backends.merlin import MerlinNetwork

    return MerlinNetwork(config)


def _raddino(config: dict[str, Any]) -> ImageTextNetwork:
    from medvlp.models.backends.raddino import RadDinoNetwork

    return RadDinoNetwork(config)


def _field(key: str) -> Callable[[Config], int]:
    return lambda config: int(config[key])


def _vision(key: str, default: int) -> Callable[[Config], int]:
    return lambda config: int(config.get("vision_config", {}).get(key, default))


KINDS: dict[str, Kind] = {
    "clip": Kind(_clip, _vision("hidden_size", 768), _vision("intermediate_size", 3072)),
    "siglip": Kind(_siglip, _vision("hidden_size", 768), _vision("intermediate_size", 3072)),
    "medvlp-biomedclip": Kind(_biomedclip, _field("width"), _field("feed_forward")),
    # A ResNet is largest at its first level: 64 times as many places as cells, 4 stems wide.
    "medvlp-biovil": Kind(_biovil, lambda c: 64 * int(c["stem"]), lambda c: 0),
    "medvlp-colipri": Kind(_colipri, _field("width"), _field("feed_forward")),
    "medvlp-ctclip": Kind(_ctclip, _field("width"), lambda c: 2 * int(c["feed_forward"])),
    # As for BioViL: after its first convolution there are 16 times as many slices, 16 x 16 as many places.
    "medvlp-merlin": Kind(_merlin, lambda c: 4096 * int(c["stem"]), lambda c: 0),
    "medvlp-raddino": Kind(
        _raddino,
        lambda c: int(c["image"]["hidden_size"]),
        lambda c: int(c["image"]["hidden_size"]) * int(c["image"].get("mlp_ratio", 4)),
    ),
}


def empty_network(config: dict[str, Any], what: str) -> ImageTextNetwork:
    """Network of a configuration whose tensors take no memory yet.

    Raises
    ------
    ModelMismatchError
        If the configuration is of no such network.
    """
    import torch

    try:
        with torch.device("meta"):
            return KINDS[str(config["model_type"])].build(config)
    except Exception as error:  # transformers validates with exceptions of its own
        raise ModelMismatchError(
            f"{what}: config.json describes no network that medvlp can build "
            f"({type(error).__name__}: {error}). Get the checkpoint's own config.json."
        ) from error


def fill(network: ImageTextNetwork, tensors: Mapping[str, Tensor], what: str) -> None:
    """Give an empty network its weights, as float32, without a second copy.

    Raises
    ------
    ModelMismatchError
        If names or shapes differ.
    """
    from medvlp.models.backends.weights import compare

    module = network.holder
    compare(module.state_dict(), tensors, what)
    floats = {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
    module.load_state_dict(floats, strict=True, assign=True)
    _fill_buffers(module)


def _fill_buffers(module: nn.Module) -> None:
    """Buffers that are computed and not stored: positions, and types of tokens."""
    import torch

    for name, buffer in list(module.named_buffers()):
        if not buffer.is_meta:
            continue
        owner, _, leaf = name.rpartition(".")
        if leaf == "position_ids":
            value = torch.arange(buffer.shape[-1]).expand(buffer.shape).clone()
        elif leaf == "token_type_ids":
            value = torch.zeros(buffer.shape, dtype=buffer.dtype)
        else:
            raise AssertionError(f"{name} is neither stored nor known")
        setattr(module.get_submodule(owner), leaf, value)
