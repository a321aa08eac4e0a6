"""HTTP below DICOMweb: who asks, and what is said when it goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from medvlp.errors import ServerError
from medvlp.network.address import WebAddress
from medvlp.network.dicomweb_words import no_dicomweb, status_in_words, why_unreachable

TOKEN, USER, PASSWORD = (
    *("MEDVLP_DICOMWEB_TOKEN", "MEDVLP_DICOMWEB_USER"),
    "MEDVLP_DICOMWEB_PASSWORD",
)
_LARGEST_REPORT = 4 * 2**20
_ABOUT_THE_USER = {401, 403, 404, 407}


class Reply:
    """The last answer to a request that stored something; the client library keeps none of it.

    Attributes
    ----------
    status
        HTTP status; 0 before an answer.
    report
        Its body as parsed JSON; None where it is something else.
    is_foreign
        Whether it says that all is well in words of another kind, as a page to log in does.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """As before the first answer."""
        self.status = 0
        self.report: Any = None
        self.is_foreign = False

    def note(self, response: Any, *_: Any, **__: Any) -> None:
        """Hook of the session: look at an answer as it comes."""
        if response.request.method != "POST":
            return
        self.status = int(response.status_code)
        self.report = None
        kind = response.headers.get("Content-Type", "").lower()
        self.is_foreign = bool(
            response.ok and response.content and "json" not in kind and "xml" not in kind
        )
        if "json" in kind:
            try:
                if len(response.content) <= _LARGEST_REPORT:
                    self.report = response.json()
            except ValueError:
                self.report = None

    def judges_the_file(self) -> bool:
        """Whether an error is about the file that was sent, and not about who sent it or where."""
        return self.status >= 400 and self.status not in (*_ABOUT_THE_USER, 429, 503)


def new_session(address: WebAddress, reply: Reply) -> Any:
    """A session with the credentials of the environment, and no others.

    Raises
    ------
    ServerError
        If there are credentials and the way to the server is not encrypted.
    """
    import requests

    session = requests.Session()
    session.headers["Accept"] = "application/dicom+json"
    session.hooks["response"].append(reply.note)
    sign = _credentials(address)

    def prepare(request: Any) -> Any:
        """Sign a request, and write wildcards as they are: Orthanc 1.10 does not decode them."""
        request.url = request.url.replace("%2A", "*")
        return sign(request)

    session.auth = prepare

    def rebuild_auth(prepared_request: Any, response: Any) -> None:
        """On a redirection to another host, or away from https, go on without the credentials."""
        if session.should_strip_auth(response.request.url, prepared_request.url):
            prepared_request.headers.pop("Authorization", None)

    session.rebuild_auth = rebuild_auth  # type: ignore[method-assign]
    return session


def _credentials(address: WebAddress) -> Callable[[Any], Any]:
    """What signs each request; without credentials too, since ``~/.netrc`` would be asked else."""
    from requests.auth import HTTPBasicAuth

    token, user = os.environ.get(TOKEN, "").strip(), os.environ.get(USER, "")
    if not token and not user:
        return lambda request: request
    if not address.is_private:
        raise ServerError(
            f"{address} is not encrypted, and {TOKEN if token else USER} is set: the credentials "
            "could be read on the way. Use https, or unset the variable."
        )
    if token:
        return _Bearer(token)
    return HTTPBasicAuth(user.encode(), os.environ.get(PASSWORD, "").encode())


class _Bearer:
    """Signs requests with a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@contextmanager
def translated(
    name: str, timeout: float, but: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Turn what the client library raises into one sentence: its own messages hold URLs with UIDs.

    Parameters
    ----------
    name
        The server's, for the sentence.
    timeout
        Seconds, for the sentence.
    but
        Says, after an HTTP error, that it is to be passed over.

    Raises
    ------
    ServerError
        For anything that went wrong on the way.
    """
    from requests import exceptions as http

    try:
        yield
    except http.HTTPError as error:
        if but():
            return
        code = 0 if error.response is None else int(error.response.status_code)
        raise ServerError(status_in_words(name, code)) from None
    except http.SSLError:
        raise ServerError(
            f"{name}: the server's certificate is not trusted, or it speaks no TLS. Where it is "
            "signed by an institution of your own, name that one's file in REQUESTS_CA_BUNDLE."
        ) from None
    except http.Timeout:
        raise ServerError(
            f"{name} gave no answer within {timeout:g} s. Try again.",
            command_line="--timeout waits longer.",
        ) from None
    except (http.ChunkedEncodingError, http.ContentDecodingError):
        raise ServerError(
            f"{name} closed the connection in the middle of an answer. Try again: what arrived "
            "whole is kept."
        ) from None
    except http.ConnectionError as error:
        raise ServerError(why_unreachable(name, error)) from None
    except http.TooManyRedirects:
        raise ServerError(f"{name} sends requests in circles. Check the URL.") from None
    except (http.RequestException, ValueError, KeyError, TypeError, AttributeError, EOFError):
        raise ServerError(no_dicomweb(name)) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("pydicom", "urllib3"):
            raise
        raise ServerError(no_dicomweb(name)) from None
