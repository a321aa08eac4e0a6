"""What is said about a DICOMweb server that does not answer as it should."""

from __future__ import annotations


def status_in_words(name: str, code: int) -> str:
    """A sentence about an HTTP status that stands for a refusal."""
    sentences = {
        401: f"{name} asks who you are (HTTP 401). Set MEDVLP_DICOMWEB_TOKEN, or "
        "MEDVLP_DICOMWEB_USER and MEDVLP_DICOMWEB_PASSWORD, to what the server accepts.",
        403: f"{name} knows you and does not allow this (HTTP 403). Ask its administrator for the "
        "permission.",
        404: f"{name} has nothing at this address (HTTP 404). Check the path of the URL: it is what "
        "comes before /studies, often ending in /dicom-web.",
        407: f"{name} is behind a proxy that asks who you are (HTTP 407). Check HTTPS_PROXY.",
        429: f"{name} has had too many requests (HTTP 429). Try again later.",
        503: f"{name} is not available at the moment (HTTP 503). Try again later.",
    }
    if code >= 500:
        return sentences.get(code, f"{name} failed inside (HTTP {code}).")
    return sentences.get(code, f"{name} refused the request (HTTP {code}).")


def why_unreachable(name: str, error: Exception) -> str:
    """A sentence about a connection that did not come about."""
    text = str(error)
    if "Name or service not known" in text or "NameResolution" in text or "getaddrinfo" in text:
        return f"{name}: there is no such host that this computer could find. Check the URL."
    reason = "it refused the connection" if "refused" in text else "the connection failed"
    return (
        f"{name} cannot be reached: {reason}. Check host and port, and whether a firewall lets this "
        "computer through."
    )


def no_dicomweb(name: str) -> str:
    """What to say about a server that is something else."""
    return (
        f"{name} answers, but not as a DICOMweb server does. Check the path of the URL: it is what "
        "comes before /studies, often ending in /dicom-web."
    )
