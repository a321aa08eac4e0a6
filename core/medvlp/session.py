"""The whole line for one scan: open, encode (through the cache), ask, score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from medvlp.errors import MedVLPError, ModelMismatchError, RefusedScanError
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    import numpy as np

    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.label_maps import LabelMap
    from medvlp.grounding.organ_sources import OrganSource
    from medvlp.grounding.organs import OrganTable
    from medvlp.grounding.query import Query
    from medvlp.models.encoding import Encoding
    from medvlp.models.protocol import GroundingModel
    from medvlp.scan import Scan


class Session:
    """One model and one scan at a time.

    Parameters
    ----------
    model
        A loaded model, or the name or folder of one; None is the built-in default. It is loaded
        when first needed.
    device
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"mps"``; for a model that is still to be loaded.
    cache
        Keep encodings on disk.

    Attributes
    ----------
    scan
        What :meth:`open` read last, or None.
    encoding
        Of ``scan``, or None until :meth:`encode`.
    timings
        Seconds of the last ``"open"``, ``"load_model"``, ``"encode"``, ``"query"``, ``"score"``.
    """

    def __init__(
        self,
        model: str | Path | GroundingModel | None = "small",
        device: str = "auto",
        cache: bool = True,
    ) -> None:
        self._model_name: str | Path | None = None
        self._model: GroundingModel | None = None
        if model is None or isinstance(model, str | Path):
            self._model_name = model
        else:
            self._model = model
        self.device = device
        self.cache = cache
        self.scan: Scan | None = None
        self.encoding: Encoding | None = None
        self._organs: LabelMap | None = None
        self.timings: dict[str, float] = {}

    @property
    def model(self) -> GroundingModel:
        """The model, loaded now if it was not yet.

        Raises
        ------
        ModelNotFoundError, ModelMismatchError
            If it cannot be loaded.
        """
        if self._model is None:
            from medvlp.models.load import load_model

            start = perf_counter()
            self._model = load_model(self._model_name, device=self.device)
            self.timings["load_model"] = perf_counter() - start
        return self._model

    def use_model(
        self,
        model: str | Path | GroundingModel | None,
        device: str = "auto",
        modality: str | None = None,
    ) -> None:
        """Change the model; the scan stays open and is encoded anew when next asked about.

        A model that cannot be loaded leaves the session as it was.

        Parameters
        ----------
        model, device
            As for the session itself.
        modality
            ``"CT"`` or ``"XR"``: a model that does not know this kind of scan is refused.

        Raises
        ------
        ModelNotFoundError, ModelMismatchError, LicenceError, NotEnoughMemoryError
            As in :func:`medvlp.load_model`; ModelMismatchError also for the kind of scan.
        """
        fresh = Session(model, device, self.cache)
        loaded = fresh.model
        if modality is not None:
            _require_knowledge(loaded, modality)
        self._model, self._model_name, self.device = loaded, fresh._model_name, device
        self.encoding = None

    def open(
        self,
        source: str | Path | Sequence[str | Path] | Scan,
        series: str | int | None = None,
        *,
        strict: bool = False,
        scan_id: str | None = None,
        available_memory: int | None = None,
        progress: Progress | None = None,
    ) -> Scan:
        """Read a scan; if that fails, the one that was open stays open.

        Parameters
        ----------
        source
            File or folder, several as in :func:`medvlp.open_scan`, or a scan that is in memory
            already.
        series
            Id or number of the series, where there are several.
        strict
            Refuse what would have to be regularised.
        scan_id
            What :attr:`medvlp.Scan.scan_id` has to be, where a known scan is opened again.
        available_memory
            In bytes: a volume that would need more is refused with
            :class:`medvlp.errors.ScanTooLargeError` before it is read. None reads all.
        progress
            Called with a fraction and a message; may raise :class:`medvlp.Cancelled`.

        Raises
        ------
        RefusedScanError
            If the scan is another one than ``scan_id`` says; others as in :func:`medvlp.open_scan`.
        """
        from medvlp.scan import Scan

        start = perf_counter()
        if isinstance(source, Scan):
            scan = source
        else:
            from medvlp.io.memory_limit import memory_limit
            from medvlp.io.open import open_scan

            with memory_limit(available_memory):
                scan = open_scan(source, series=series, strict=strict, progress=progress)
        if scan_id is not None and scan.scan_id != scan_id:
            raise _changed(source, scan_id, scan.scan_id)
        self.scan, self.encoding, self._organs = scan, None, None
        self.timings["open"] = perf_counter() - start
        return scan

    def encode(self, progress: Progress | None = None) -> Encoding:
        """Encode the open scan, once; later calls return the same encoding.

        Raises
        ------
        MedVLPError
            If no scan is open.
        ModelMismatchError
            If the model does not know this kind of scan.
        """
        if self.encoding is None:
            if self.scan is None:
                raise MedVLPError("No scan is open. Open one first: Session.open(path).")
            model = self.model
            _require_knowledge(model, self.scan.modality)
            start = perf_counter()
            self.encoding = model.encode(
                self.scan, progress=progress or ignore_progress, cache=self.cache
            )
            if self._organs is not None:
                self.encoding = self._with(self._organs)
            self.timings["encode"] = perf_counter() - start
        return self.encoding

    def use_organs(self, organs: str | Path | np.ndarray, progress: Progress | None = None) -> None:
        """Let questions about places use these organ masks, until another scan is opened.

        Parameters
        ----------
        organs
            ``"totalsegmentator"``, a file, or a label array on the scan's grid.

        Raises
        ------
        LabelMapError
            If they cannot be had, or are of another scan.
        """
        from medvlp.grounding.organ_sources import organ_labels

        if self.scan is None:
            raise MedVLPError("No scan is open. Open one first: Session.open(path).")
        labels, _, _ = organ_labels(organs, self.scan.geometry, self.scan, progress)
        self.encode(progress)
        self.encoding, self._organs = self._with(labels), labels

    def _with(self, labels: LabelMap) -> Encoding:
        from medvlp.grounding.organ_sources import with_organs

        assert self.encoding is not None
        return with_organs(self.encoding, labels)

    def ask(
        self, texts: str | Sequence[str | Query], progress: Progress | None = None
    ) -> list[Heatmap]:
        """One heatmap per text, in order; encodes first if need be."""
        from medvlp.grounding.ground import ground

        encoding = self.encode(progress)
        start = perf_counter()
        maps = ground(self.model, encoding, [texts] if isinstance(texts, str) else list(texts))
        self.timings["query"] = perf_counter() - start
        return maps

    def score(
        self,
        organs: OrganSource | None = "builtin",
        findings: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> OrganTable:
        """Organ table; encodes first if need be. See :func:`medvlp.score_organs`."""
        from medvlp.grounding.scores import score_organs

        encoding = self.encode(progress)
        start = perf_counter()
        table = score_organs(
            self.model, encoding, organs, findings, scan=self.scan, progress=progress
        )
        self.timings["score"] = perf_counter() - start
        return table


def _require_knowledge(model: GroundingModel, modality: str) -> None:
    if modality not in model.modalities:
        raise ModelMismatchError(
            f"Model {model.name} knows {' and '.join(model.modalities)}; this scan is {modality}. "
            "Choose another model.",
            command_line="'medvlp models list' names them.",
        )


def _changed(source: object, expected: str, found: str) -> RefusedScanError:
    name = Path(source).name if isinstance(source, str | Path) else "The selection"
    return RefusedScanError(
        f"{name}: the scan has changed: its contents were expected to have the hash "
        f"{expected[:12]}, found {found[:12]}. Open the scan by itself, or put the former one back."
    )
