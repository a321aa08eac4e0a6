"""Everything the dock widget does, as functions for scripts and notebooks.

>>> import napari
>>> from medvlp_napari import api
>>> viewer = napari.Viewer()
>>> layer = api.open_scan(viewer, "study/")
>>> maps = api.ask(viewer, ["pleural effusion", "left kidney"])
>>> api.jump_to(viewer, layer, maps[0].peak_index)
>>> table = api.score_organs(viewer)
>>> api.draw(viewer.layers["pleural effusion"], opacity=0.8, threshold=0.3)
>>> api.save_heatmap(viewer.layers["pleural effusion"], "effusion.nii.gz")

With another model, which keeps what the first one found beside it:

>>> [(offer.key, offer.status) for offer in api.list_offers()]
>>> session = medvlp.Session()
>>> api.ask(viewer, "pleural effusion", session=session)
>>> api.choose_model(viewer, session, "medsiglip-448")

The functions run in the calling thread, which must be the main one, and work on a
``napari.components.ViewerModel`` without a window too. A :class:`medvlp.Session` passed to several
calls keeps the model and the encoding in memory between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from medvlp.models.offers import accept_licence, list_offers
from medvlp_napari.drawing import drawing_of
from medvlp_napari.drawing import redraw as draw
from medvlp_napari.layer_scan import METADATA_KEY, scan_from_layer
from medvlp_napari.made_layers import heatmap_of
from medvlp_napari.model_shelf import add_folder, download
from medvlp_napari.navigation import jump_to, show_slice
from medvlp_napari.organ_labels import organ_features, organ_labels
from medvlp_napari.scene import (
    heat_layer,
    heat_layers,
    remove_query,
    select_organ,
    set_aside,
    show_heatmap,
    show_organs,
    show_peaks,
)
from medvlp_napari.sources import source_layer
from medvlp_widgets.models.overlay import OverlayModel

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

    from medvlp.grounding.agreement import Agreement
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable
    from medvlp.progress import Progress
    from medvlp.session import Session

__all__ = [
    "accept_licence",
    "add_folder",
    "agreement",
    "ask",
    "choose_model",
    "download",
    "draw",
    "heat_layer",
    "jump_to",
    "list_offers",
    "open_scan",
    "remove_query",
    "save_heatmap",
    "scan_from_layer",
    "score_organs",
    "select_organ",
    "show_slice",
    "source_layer",
]

Modality = Literal["CT", "XR"]


def open_scan(viewer: ViewerModel, path: str | Path, series: str | int | None = None) -> Image:
    """Read a scan and add it as an axis-aligned layer.

    Parameters
    ----------
    viewer
        Where to add it.
    path
        DICOM file or folder, NIfTI, NRRD, MetaImage, or a picture of an X-ray.
    series
        Id or number of the series where there are several.

    Raises
    ------
    medvlp.MedVLPError
        If it cannot be read, or is not a CT or an X-ray.
    """
    import medvlp
    from medvlp_napari.reading import layer_data

    scan = medvlp.open_scan(path, series=series)
    data, arguments, _ = layer_data(scan, Path(path).name)
    return viewer.add_image(data, **arguments)


def ask(
    viewer: ViewerModel,
    texts: str | Sequence[str],
    layer: Image | None = None,
    *,
    session: Session | None = None,
    modality: Modality | None = None,
    orientation: str = "SPL",
    overlay: OverlayModel | None = None,
    progress: Progress | None = None,
) -> list[Heatmap]:
    """Ask about an Image layer; each question becomes one layer, its peaks are marked.

    Parameters
    ----------
    viewer
        Where the layer is.
    texts
        One question or several.
    layer
        What to ask about; the active or only scan by default (:func:`source_layer`).
    session
        Kept model and encoding; a new one with the default model if None.
    modality, orientation
        As in :func:`scan_from_layer`.
    overlay
        Opacity, threshold and colour map; None: the default ones, and of questions that were asked
        before those that they have.
    progress
        Called with a fraction and a message while the scan is encoded.

    Raises
    ------
    medvlp.MedVLPError
        If there is no layer to ask about, or the scan or a question is refused.
    """
    source = layer or source_layer(viewer)
    session = _session_on(source, session, modality, orientation)
    maps = session.ask([texts] if isinstance(texts, str) else list(texts), progress=progress)
    set_aside(viewer, source, session.model)
    for heatmap in maps:
        show_heatmap(viewer, source, heatmap, session.model, overlay=overlay)
    _mark_peaks(viewer, source, session.model.model_id)
    return maps


def choose_model(
    viewer: ViewerModel,
    session: Session,
    model: str | Path,
    layer: Image | None = None,
    *,
    device: str = "auto",
    modality: Modality | None = None,
    orientation: str = "SPL",
    progress: Progress | None = None,
) -> list[Heatmap]:
    """Use another model from now on, and ask it what was asked about a layer before.

    Heat that other models found stays, hidden, with their names.

    Parameters
    ----------
    viewer, layer, modality, orientation, progress
        As in :func:`ask`.
    session
        Whose model is changed.
    model
        Name from :func:`list_offers`, or a model's folder.
    device
        ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"mps"``.

    Raises
    ------
    medvlp.MedVLPError
        If the model cannot be loaded (its licence is not accepted, it does not fit into memory, ...)
        or does not know this kind of scan.
    """
    source = layer or source_layer(viewer)
    session.use_model(model, device)
    asked = [
        heat.metadata[METADATA_KEY]["heatmap"].query.text for heat in heat_layers(viewer, source)
    ]
    texts = list(dict.fromkeys(asked))
    if not texts:
        return []
    options: dict[str, Any] = {"modality": modality, "orientation": orientation}
    return ask(viewer, texts, source, session=session, progress=progress, **options)


def agreement(first: Image, second: Image, hot: float = 0.5) -> Agreement:
    """How far two models agree on a question: probability, distance of the peaks, overlap.

    Parameters
    ----------
    first, second
        Heat of the same question about the same layer.
    hot
        Heat in [0, 1] from which on a place counts as marked.

    Raises
    ------
    medvlp.MedVLPError
        If a layer is not heat that medvlp made, or they do not lie on the same scan.
    """
    from medvlp.grounding.agreement import agreement as compare

    return compare(heatmap_of(first), heatmap_of(second), hot)


def score_organs(
    viewer: ViewerModel,
    layer: Image | None = None,
    *,
    session: Session | None = None,
    modality: Modality | None = None,
    orientation: str = "SPL",
    progress: Progress | None = None,
) -> OrganTable:
    """Score the organs of an Image layer; those that the model can outline become a Labels layer.

    Parameters and errors as in :func:`ask`.
    """
    source = layer or source_layer(viewer)
    session = _session_on(source, session, modality, orientation)
    table = session.score(progress=progress)
    encoding, scan = session.encoding, session.scan
    if encoding is not None and scan is not None and encoding.organs:
        labels, to_scan, names = organ_labels(encoding.organs, encoding.geometry, scan.geometry)
        features = organ_features(names, table)
        show_organs(viewer, source, session.model, labels, to_scan, features)
    return table


def save_heatmap(layer: Image, path: str | Path) -> Path:
    """Write the heat of a question as NIfTI, in the patient coordinates of the scan.

    Raises
    ------
    medvlp.RefusedScanError
        If the layer is not heat that medvlp made.
    """
    from medvlp_napari.writer import write_heatmap

    attributes = {"name": layer.name, "metadata": layer.metadata}
    return Path(write_heatmap(str(path), layer.data, attributes)[0])


def _mark_peaks(viewer: ViewerModel, source: Image, model_id: str) -> None:
    shown = [
        (heat.metadata[METADATA_KEY]["heatmap"], drawing_of(heat))
        for heat in heat_layers(viewer, source, model_id)
    ]
    show_peaks(viewer, source, [(heatmap, d.hue) for heatmap, d in shown if d.visible])


def _session_on(
    source: Image, session: Session | None, modality: Modality | None, orientation: str
) -> Session:
    from medvlp.session import Session

    session = session or Session()
    scan = scan_from_layer(source, modality, orientation)
    if session.scan is None or session.scan.scan_id != scan.scan_id:
        session.open(scan)
    return session
