"""What the model picker says about a model, and about what two models found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medvlp.grounding.agreement import Agreement
    from medvlp.models.offers import Offer

_STATUS = {
    "built-in": "built in",
    "on-disk": "on disk",
    "needs-licence": "needs licence",
    "can-be-pulled": "needs download",
    "files-missing": "files missing",
}
_KINDS = {"CT": "CT", "XR": "X-ray"}


def label(offer: Offer) -> str:
    """Name, status and what it knows, as one line."""
    status = _STATUS[offer.status]
    if offer.status == "can-be-pulled":
        status += f" ({gigabytes(offer)})"
    known = " and ".join(_KINDS[kind] for kind in offer.modalities)
    return " · ".join(part for part in (offer.key, status, known) if part)


def gigabytes(offer: Offer) -> str:
    """Size of what is to be downloaded."""
    return f"{offer.size / 1e9:.1f} GB"


def notice(offer: Offer) -> str:
    """Why a model cannot be used yet: its licence and citation, or the files that are not there."""
    from medvlp.models.licences import licence_notice

    if offer.status == "files-missing":
        return f"{offer.title} is not whole: {', '.join(offer.missing)} missing. Import it again."
    return licence_notice(offer.title, offer.licence, offer.licence_url, offer.citation)


def agreement_words(text: str, first: str, second: str, found: Agreement) -> str:
    """How far two models agree on a question, in a sentence."""
    if found.probability_difference is None:
        return f"{text}: {first} or {second} gives no answer."
    parts = [f"{100 * found.probability_difference:+.0f} points with {second}"]
    if found.peak_distance_mm is not None:
        parts.append(f"peaks {found.peak_distance_mm:.0f} mm apart")
    if found.overlap is not None:
        parts.append(f"overlap {100 * found.overlap:.0f} %")
    return f"{text}, {first} against {second}: {', '.join(parts)}."
