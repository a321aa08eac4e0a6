"""What the worker tells its user, and what travels between the two processes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry

JobKind = Literal[
    "open",
    "encode",
    "ask",
    "score",
    "use_organs",
    "load_model",
    "pull_model",
    "import_model",
    "survey",
    "worklist",
    "examine",
    "prefetch",
]
EventKind = Literal["progress", "result", "error", "cancelled", "died"]
JOB_KINDS: tuple[str, ...] = get_args(JobKind)


@dataclass(frozen=True)
class Event:
    """Something that happened to a request.

    Parameters
    ----------
    request
        Number that :meth:`Worker.submit` returned; 0 if the process died while idle.
    kind
        ``"progress"`` may come often; exactly one of the others ends a request.
    fraction
        In [0, 1].
    message
        For people.
    value
        Of a result: open: :class:`medvlp.Scan`; encode and use_organs: :class:`EncodingFacts`; ask:
        ``list[Heatmap]``; score: ``OrganTable``; load_model: :class:`ModelFacts`; pull_model and
        import_model: name of the model that was added; survey: list of
        :class:`medvlp.io.survey.Survey`, each of which came with a progress event before. worklist:
        :class:`medvlp.io.worklist.Worklist`; examine: :class:`medvlp.worker.examine.Examination`.
        Of an error: the :class:`medvlp.MedVLPError`. Otherwise None.
    """

    request: int
    kind: EventKind
    fraction: float = 0.0
    message: str = ""
    value: Any = None


@dataclass(frozen=True)
class ModelFacts:
    """What a window shows about the model; the weights stay in the child process."""

    name: str
    sha256: str
    model_id: str
    device: str
    modalities: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class EncodingFacts:
    """What a window shows about an encoding; the embeddings stay in the child process.

    Parameters
    ----------
    model
        That made it.
    in_domain
        Probability that the scan is of a kind the model was trained on.
    geometry
        Of the token grid.
    organs
        Organ probabilities on the token grid, to outline organs with.
    seconds
        The last ``Session.timings``.
    """

    model: ModelFacts
    in_domain: float
    geometry: Geometry
    organs: dict[str, NDArray[np.float16]]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Context:
    """What a fresh child process needs in order to go on where a killed one stopped.

    Parameters
    ----------
    scan_request
        Request that opened the scan; 0 for none. Also its identity.
    scan_arguments
        Arguments of that request.
    model_request
        Request that loaded the model; 0 for the one that the worker was made with.
    model_arguments
        Arguments of that request.
    """

    scan_request: int = 0
    scan_arguments: dict[str, Any] = field(default_factory=dict)
    model_request: int = 0
    model_arguments: dict[str, Any] = field(default_factory=dict)

    def after(self, job: Job) -> Context:
        """The context once ``job`` has succeeded."""
        if job.kind == "open":
            # What fits into memory once is not measured again.
            arguments = {k: v for k, v in job.arguments.items() if k != "available_memory"}
            return replace(self, scan_request=job.request, scan_arguments=arguments)
        if job.kind == "load_model":
            return replace(self, model_request=job.request, model_arguments=job.arguments)
        return self


@dataclass(frozen=True)
class Setup:
    """How a child process makes its session."""

    model: str | None
    device: str
    session_factory: str | None
    in_background: bool = False


@dataclass(frozen=True)
class Job:
    """Parent to child: do this."""

    request: int
    kind: JobKind
    arguments: dict[str, Any]
    context: Context = Context()
    shared_name: str = ""


@dataclass(frozen=True)
class Cancel:
    """Parent to child: stop this."""

    request: int


@dataclass(frozen=True)
class Stop:
    """Parent to child: end."""


@dataclass(frozen=True)
class Ready:
    """Child to parent: the process has started."""
