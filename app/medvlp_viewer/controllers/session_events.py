"""What a session tells the other controllers."""

from __future__ import annotations

from psygnal import Signal


class SessionEvents:
    """Signals of :class:`medvlp_viewer.controllers.session.SessionController`.

    Events
    ------
    opened(Scan)
        A scan was read; the models already show it, ``origin`` says where it was read from.
    not_opened(object)
        :class:`Origin` of a scan whose reading failed, was cancelled or became void.
    encoded(object)
        :class:`medvlp.worker.EncodingFacts` of the scan on screen.
    answered(object)
        Tuple of query keys that were answered together.
    scored(object)
        :class:`medvlp.OrganTable`, or None when it became void.
    failed(str, str, int)
        Kind of the request, a sentence for people, exit status of the command line for it.
    too_large(object, str, object)
        :class:`Origin` of a scan that free memory would not hold, a sentence with the figures, and
        the ``scan_id`` that was expected, or None.
    insisted(object)
        :class:`Origin` of a scan that is now read whatever its size.
    crashed(str, str)
        After ``failed``, for an unexpected error in the process: the sentence, and what is known
        of the error, without identifiers.
    idle()
        Nothing is under way and nothing waits.
    model_loaded(object)
        :class:`medvlp.worker.ModelFacts` of another model that answers from now on.
    model_kept()
        The model that was to be loaded did not come: the one before it stays.
    unclaimed(object)
        An event of a request that another controller handed to the same process.
    """

    opened = Signal(object)
    not_opened = Signal(object)
    encoded = Signal(object)
    answered = Signal(object)
    scored = Signal(object)
    failed = Signal(str, str, int)
    too_large = Signal(object, str, object)
    insisted = Signal(object)
    crashed = Signal(str, str)
    idle = Signal()
    model_loaded = Signal(object)
    model_kept = Signal()
    unclaimed = Signal(object)
