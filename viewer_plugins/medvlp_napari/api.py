"""Everything the dock widget does, as functions for scripts and notebooks.

>>> import napari
>>> from medvlp_napari import api
>>> viewer = napari.Viewer()
>>> layer = api.open_scan(viewer, "study/")
>>> maps = api.ask(viewer, ["pleural effusion", "left kidney"])
>>> api.jump_to(viewer, layer, maps[0].peak_index)
>>> table = api.score_organs(viewer)
>>> api.save_heatmap(viewer.layers["pleural effusion"], "effusion.nii.gz")

The functions run in the calling thread, which must be the main one, and work on a
``napari.components.ViewerModel`` without a window too. A :class:`medvlp.Session` passed to several
calls keeps the model and the encoding in memory between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from medvlp.errors import MedVLPError
from medvlp_napari.layer_scan import METADATA_KEY, scan_from_layer
from medvlp_napari.organ_labels import organ_features, organ_labels
from medvlp_napari.scene import (
    HEAT,
    free_hue,
    is_made_by_medvlp,
    jump_to,
    layers_of,
    show_heatmap,
    show_organs,
    show_peaks,
)
from medvlp_widgets.models.overlay import OverlayModel

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable
    from medvlp.progress import Progress
    from medvlp.session import Session

__all__ = [
    "ask",
    "jump_to",
    "open_scan",
    "save_heatmap",
    "scan_from_layer",
    "score_organs",
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
        Opacity, threshold and colour map; the default ones if None.
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
    overlay = overlay or OverlayModel()
    for heatmap in maps:
        hue = free_hue(viewer, source, heatmap.query.text)
        show_heatmap(viewer, source, heatmap, hue, overlay)
    shown = [layer.metadata[METADATA_KEY] for layer in layers_of(viewer, source, HEAT)]
    show_peaks(viewer, source, [(notes["heatmap"], notes["hue"]) for notes in shown])
    return maps


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
        show_organs(viewer, source, labels, to_scan, organ_features(names, table))
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


def source_layer(viewer: ViewerModel) -> Image:
    """The Image layer a question is about: the active one, else the topmost that is a scan.

    Raises
    ------
    medvlp.MedVLPError
        If there is none.
    """
    active = viewer.layers.selection.active
    for layer in (active, *reversed(viewer.layers)):
        if is_source(layer):
            return layer
    raise MedVLPError("There is no image to ask about. Open a CT or an X-ray first.")


def is_source(layer: object) -> bool:
    """Whether a layer is an Image that medvlp did not make itself."""
    from napari.layers import Image

    return isinstance(layer, Image) and not is_made_by_medvlp(layer)


def _session_on(
    source: Image, session: Session | None, modality: Modality | None, orientation: str
) -> Session:
    from medvlp.session import Session

    session = session or Session()
    scan = scan_from_layer(source, modality, orientation)
    if session.scan is None or session.scan.scan_id != scan.scan_id:
        session.open(scan)
    return session
