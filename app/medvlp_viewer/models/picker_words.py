"""What the model picker says about a model."""

from __future__ import annotations

from pathlib import Path

from medvlp.models.offers import Offer
from medvlp_viewer.models.model_picker import PickerModel

_STATUS = {
    "built-in": "Built in",
    "on-disk": "On disk",
    "needs-licence": "Needs its licence accepted",
    "can-be-pulled": "Can be downloaded",
    "files-missing": "Files missing",
}
_KNOWS: dict[tuple[str, ...], str] = {("CT",): "CT", ("XR",): "X-ray"}


def status_words(offer: Offer, picker: PickerModel) -> str:
    """One or two words for the table."""
    if picker.download is not None and picker.download.key == offer.key:
        return f"Downloading {100 * picker.download.fraction:.0f} %"
    if picker.loading is not None and offer is picker.find(picker.loading):
        return "Loading…"
    if picker.is_active(offer):
        return "In use"
    return _STATUS[offer.status]


def knows_words(offer: Offer) -> str:
    """Kinds of scan."""
    return _KNOWS.get(offer.modalities, "CT, X-ray")


def other_kind(offer: Offer) -> str:
    """Why a model cannot be asked about the scan on screen."""
    if offer.modalities == ("XR",):
        return f"{offer.title} knows X-rays only; the scan on screen is a CT."
    return f"{offer.title} knows CT only; the scan on screen is an X-ray."


def size_words(offer: Offer) -> str:
    """Number of weights where it is known, and bytes."""
    if not offer.size:
        return ""
    gigabytes = offer.size / 1e9
    size = f"{gigabytes:.1f} GB" if gigabytes >= 0.1 else f"{offer.size / 1e6:.1f} MB"
    return f"{offer.parameters / 1e6:.1f} M, {size}" if offer.parameters else size


def title_words(offer: Offer) -> str:
    """Name by which it is loaded; of a folder its last part."""
    return Path(offer.key).name if Path(offer.key).is_absolute() else offer.key


def advice(offer: Offer, picker: PickerModel) -> str:
    """What can be done with it now, in a sentence or two."""
    if not picker.takes_scan(offer):
        return other_kind(offer)
    if picker.is_active(offer):
        return "This model answers. Choose another one to switch, or to compare both."
    if offer.status == "files-missing":
        return (
            f"It cannot be used: {', '.join(offer.missing)} missing. Add it from its folder again."
        )
    if offer.status == "needs-licence":
        return "Somebody else published it: read its licence and accept it once, then use it."
    if offer.status == "can-be-pulled":
        return (
            "It is not on this computer. Read its licence; it is accepted with the download. "
            "Without a network, add it from a folder."
        )
    return "It is ready. The scan stays open, and what was asked is asked again."
