"""What ``medvlp models bridge FOLDER --data SHARDS`` runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch

from medvlp.errors import LicenceError, MedVLPError
from medvlp.models.backends.importing import identify, stated_licence, write_model
from medvlp.models.backends.loading import load_published
from medvlp.models.backends.raddino import text_bridge
from medvlp.models.backends.raddino_import import (
    Bridge,
    ImageTower,
    read_image_tower,
    with_bridge,
)
from medvlp.models.install import Wishes, free_name, install
from medvlp.models.licences import licence_notice
from medvlp.models.load import load_model
from medvlp.models.native import NativeModel
from medvlp_training.bridge.fit import fit_bridge
from medvlp_training.bridge.pairs import Pairs, encode_pairs
from medvlp_training.evaluation.tasks.subject import read_samples
from medvlp_training.samples.shard_set import open_shards


def bridge(
    folder: Path,
    data: Path,
    wishes: Wishes,
    text_model: str | None = None,
    hidden: int = 0,
    epochs: int = 50,
    patients: int | None = None,
) -> tuple[Path, str]:
    """Fit a bridge and install the image encoder with it.

    Parameters
    ----------
    folder
        The image encoder as it was published.
    data
        Sample shards with X-rays that have reports or labels.
    wishes
        Name, and whether the licence was read.
    text_model
        One of our models: its text tower is copied.
    hidden, epochs
        As :func:`~medvlp_training.bridge.fit.fit_bridge` takes them.
    patients
        Use no more of each split.

    Returns
    -------
    tuple
        The installed folder, and a sentence on how the fit went.

    Raises
    ------
    MedVLPError
        If the folder, the data or the text model is of another kind, or the licence was not accepted.
    """
    known = identify(folder, wishes.known_as)
    if known.layout != "raddino":
        raise MedVLPError(
            f"{folder} has a text tower of its own ({known.layout}): it needs no bridge. Import it with "
            f"'medvlp models import {folder}'."
        )
    name = free_name(wishes.name or known.repository.rpartition("/")[2] or folder.resolve().name)
    licence = known.licence or stated_licence(folder)
    if licence and not wishes.accept_licence:
        notice = licence_notice(known.title or name, licence, known.licence_url, known.citation)
        raise LicenceError(
            f"{notice}\nRead the licence; to accept it, give the same command with --accept-licence."
        )
    texts, tower = _texts(text_model), read_image_tower(folder, known)
    with tempfile.TemporaryDirectory(prefix="medvlp-bridge-") as place:
        plain, whole = Path(place) / "plain", Path(place) / "whole"
        plain.mkdir()
        whole.mkdir()
        write_model(
            with_bridge(tower, texts, _blank(tower, texts, hidden)), folder, plain, name, known
        )
        model = load_published(plain, "auto")
        train, validation = (
            encode_pairs(model, read_samples(open_shards(data), "XR", split, most_patients=patients), split)
            for split in ("train", "val")
        )  # fmt: skip
        fitted = fit_bridge(train, validation, _vectors(texts, train, validation), hidden, epochs)
        facts = {
            "images": len(train.texts),
            "patients": train.patients,
            "validation_images": len(validation.texts),
            "epoch": fitted.epoch,
            "validation_loss": round(fitted.best_loss, 4),
            "validation_loss_at_start": round(fitted.first_loss, 4),
            "nearest_text_true": round(fitted.found, 4),
            "chance": round(fitted.chance, 4),
        }
        parts = with_bridge(tower, texts, Bridge(hidden, fitted.tensors, facts))
        write_model(parts, folder, whole, name, known)
        target = install(whole, Wishes(name, accept_licence=True))
    said = (
        f"Bridge of {len(train.texts)} images of {train.patients} patients, epoch {fitted.epoch}: of "
        f"{len(validation.texts)} validation images, the nearest text is true of {fitted.found:.0%} "
        f"(chance {fitted.chance:.0%})."
    )
    return target, said


def _texts(name: str | None) -> NativeModel:
    model = load_model(name, device="cpu")
    if not isinstance(model, NativeModel):
        raise MedVLPError(
            f"--text-model {name}: a bridge starts from one of our own models, whose text tower is copied; "
            f"{model.name} is a published one. Leave it out to use the built-in."
        )
    return model


def _blank(tower: ImageTower, texts: NativeModel, hidden: int) -> Bridge:
    """Nothing is taken away from the cells yet, and texts lead nowhere in particular."""
    width = int(tower.config["hidden_size"])
    made = text_bridge(texts.network.text.config.dim, hidden, width)
    tensors = {f"bridge.{k}": v.detach() for k, v in made.state_dict().items()}
    return Bridge(
        hidden, tensors | {"image_mean": torch.zeros(width), "logit_scale": torch.tensor(0.0)}, {}
    )


def _vectors(texts: NativeModel, *pairs: Pairs) -> dict[str, torch.Tensor]:
    every = sorted({text for part in pairs for own in part.texts for text in own})
    return dict(zip(every, torch.from_numpy(texts.embed_text(every)), strict=True))
