"""The dock widget: the shared panels, bound to napari's layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from medvlp_napari.background import Start, in_thread
from medvlp_napari.controller import Controller
from medvlp_napari.jobs import Jobs
from medvlp_napari.layer_scan import METADATA_KEY
from medvlp_napari.model_picker import ModelPicker
from medvlp_napari.model_shelf import ModelShelf
from medvlp_napari.navigation import current_slice
from medvlp_napari.sources import is_source, source_layer
from medvlp_widgets import OrganTablePanel, ProgressPanel, QueryPanel, ResearchNotice
from medvlp_widgets.models.progress import ProgressModel
from medvlp_widgets.query.examples import EXAMPLES_CT, EXAMPLES_XR

if TYPE_CHECKING:
    import napari
    from napari.layers import Image

POLL_MS = 40
NO_SOURCE = "Open or select a CT or an X-ray first."
_ORIENTATIONS = (
    ("SPL", "z to head, y to back, x to patient's left"),
    ("IPL", "z to feet, y to back, x to patient's left"),
    ("SAR", "z to head, y to front, x to patient's right"),
    ("IAR", "z to feet, y to front, x to patient's right"),
    ("SPR", "z to head, y to back, x to patient's right"),
    ("SAL", "z to head, y to front, x to patient's left"),
)


class AskWidget(QWidget):
    """Ask the selected image in words; see the heat, the peaks and the organs as layers.

    Parameters
    ----------
    napari_viewer
        The viewer in which the widget is docked.
    jobs
        Runs the inference; a :class:`medvlp.worker.Worker` by default.
    start
        Runs other work; see :class:`medvlp_napari.background.Background`.
    """

    def __init__(
        self,
        napari_viewer: napari.viewer.Viewer,
        jobs: Jobs | None = None,
        start: Start = in_thread,
    ) -> None:
        super().__init__()
        self.viewer = napari_viewer
        self.layer_box = QComboBox()
        self.orientation_box = QComboBox()
        self.query_panel = QueryPanel()
        self.organ_panel = OrganTablePanel()
        self.progress_panel = ProgressPanel()
        self.status = QLabel()
        self.controller = Controller(
            napari_viewer,
            jobs if jobs is not None else self._start_worker(),
            self.query_panel.model,
            self.query_panel.overlay,
            self.progress_panel.model,
            start=start,
        )
        self.shelf = ModelShelf(ProgressModel(), start)
        self.model_picker = ModelPicker(self.shelf, self.controller.model_name)
        self._lay_out()
        self._connect_panels()
        self._connect_viewer()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.controller.poll)
        self._timer.timeout.connect(self.shelf.poll)
        self._timer.start(POLL_MS)
        self._list_layers()

    def ask(self, text: str) -> None:
        """Ask as if it had been typed."""
        self.query_panel.ask(text)

    def choose_model(self, name: str) -> None:
        """Choose a model as if it had been picked."""
        self.model_picker.choose(name)

    def _start_worker(self) -> Jobs:
        from medvlp.worker import Worker

        worker = Worker()
        # Whichever comes first; closing twice does no harm.
        self.destroyed.connect(lambda: worker.close())
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(worker.close)
        return worker

    def _lay_out(self) -> None:
        self.layer_box.setAccessibleName("Image to ask about")
        self.orientation_box.setAccessibleName("Directions of the world axes in the patient")
        self.orientation_box.setToolTip(
            "Only for layers that another plugin read. Layers read by medvlp are z to head, y to "
            "back, x to the patient's left."
        )
        for letters, meaning in _ORIENTATIONS:
            self.orientation_box.addItem(f"{letters}: {meaning}", letters)
        for box in (self.layer_box, self.orientation_box):
            policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            box.setSizeAdjustPolicy(policy)
        self.status.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Image", self.layer_box)
        form.addRow("Axes", self.orientation_box)
        form.addRow("Model", self.model_picker)
        tabs = QTabWidget()
        tabs.addTab(self.query_panel, "Ask")
        tabs.addTab(self.organ_panel, "Organs")
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(tabs, 1)
        layout.addWidget(self.progress_panel)
        layout.addWidget(self.status)
        layout.addWidget(ResearchNotice())

    def _connect_panels(self) -> None:
        panel, organs, controller = self.query_panel, self.organ_panel, self.controller
        panel.asked.connect(controller.ask)
        panel.selected.connect(lambda key: controller.step_peak(key, 0))
        panel.next_peak.connect(lambda key: controller.step_peak(key, 1))
        panel.previous_peak.connect(lambda key: controller.step_peak(key, -1))
        organs.score_requested.connect(controller.score)
        organs.organ_selected.connect(lambda entry: controller.select_organ(entry.name))
        organs.organ_activated.connect(lambda entry: controller.jump(entry.jump_index))
        organs.slice_chosen.connect(controller.show_slice)
        self.progress_panel.cancelled.connect(controller.cancel)
        controller.table_ready.connect(organs.set_table)
        controller.table_cleared.connect(organs.clear)
        controller.status_changed.connect(lambda text: self.status.setText(text))
        controller.source_changed.connect(self._on_source)
        controller.model_changed.connect(self.model_picker.show_current)
        self.model_picker.chosen.connect(controller.choose_model)
        self.layer_box.currentIndexChanged.connect(self._on_layer_chosen)
        self.orientation_box.currentIndexChanged.connect(self._on_orientation)

    def _connect_viewer(self) -> None:
        events = self.viewer.layers.events
        for emitter in (events.inserted, events.removed, events.reordered):
            emitter.connect(self._list_layers)
        self.viewer.layers.selection.events.active.connect(self._on_active)
        self.viewer.dims.events.point.connect(self._on_moved)
        self.destroyed.connect(_disconnector(self.viewer, self))

    def _list_layers(self, event: Any = None) -> None:
        """Offer every image that is not medvlp's own, and keep or choose one."""
        sources = [layer for layer in reversed(self.viewer.layers) if is_source(layer)]
        chosen = self.controller.source
        if chosen not in sources:
            chosen = source_layer(self.viewer) if sources else None
        self.layer_box.blockSignals(True)
        self.layer_box.clear()
        for layer in sources:
            self.layer_box.addItem(layer.name, str(layer.unique_id))
        if chosen is not None:
            self.layer_box.setCurrentIndex(sources.index(chosen))
        self.layer_box.blockSignals(False)
        self.controller.set_source(chosen)
        self._on_source(chosen)

    def _on_layer_chosen(self) -> None:
        wanted = self.layer_box.currentData()
        for layer in self.viewer.layers:
            if str(layer.unique_id) == wanted:
                self.controller.set_source(layer)

    def _on_active(self, event: Any) -> None:
        if is_source(event.value):
            self.layer_box.setCurrentIndex(self.layer_box.findData(str(event.value.unique_id)))

    def _on_orientation(self) -> None:
        self.controller.orientation = self.orientation_box.currentData()

    def _on_source(self, layer: Image | None) -> None:
        self.query_panel.set_asking_enabled(layer is not None, NO_SOURCE)
        self.organ_panel.score_button.setEnabled(layer is not None)
        if layer is None:
            return
        self.query_panel.set_examples(EXAMPLES_CT if layer.ndim == 3 else EXAMPLES_XR)
        from_medvlp = METADATA_KEY in layer.metadata
        self.orientation_box.setEnabled(layer.ndim == 3 and not from_medvlp)
        if from_medvlp:
            self.orientation_box.setCurrentIndex(0)

    def _on_moved(self, event: Any = None) -> None:
        source = self.controller.source
        if source is not None and source.ndim == 3:
            self.organ_panel.set_current_slice(current_slice(self.viewer, source))


def _disconnector(viewer: Any, widget: AskWidget) -> Any:
    """Stop listening once the dock is closed; holds no reference to a deleted widget's Qt side."""
    emitters = (
        viewer.layers.events.inserted,
        viewer.layers.events.removed,
        viewer.layers.events.reordered,
        viewer.layers.selection.events.active,
        viewer.dims.events.point,
    )

    def disconnect() -> None:
        for emitter in emitters:
            for name in ("_list_layers", "_on_active", "_on_moved"):
                emitter.disconnect((widget, name))

    return disconnect
