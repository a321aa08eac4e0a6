"""Weights of a model folder into the network that its configuration describes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from medvlp.models.unified import UnifiedModel


@contextmanager
def _no_progress_bar() -> Iterator[None]:
    """Loading takes a moment, and stderr belongs to the program that asked for it."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def load_network(folder: Path) -> UnifiedModel:
    """The network of a folder in float32.

    Raises
    ------
    ModelMismatchError
        If the weights are missing or do not fit the configuration.
    """
    from medvlp.models.config import UnifiedConfig
    from medvlp.models.unified import UnifiedModel

    try:
        config = UnifiedConfig.from_pretrained(folder)
        with _no_progress_bar():
            loaded: Any = UnifiedModel.from_pretrained(
                folder,
                config=config,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                dtype="float32",
            )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelMismatchError(f"The weights in {folder} cannot be loaded: {error}") from error
    network, facts = loaded
    wrong = {k: sorted(map(str, v)) for k, v in facts.items() if v}
    if wrong:
        raise ModelMismatchError(f"The weights in {folder} do not fit config.json: {wrong}")
    return cast("UnifiedModel", network)
