"""The 3D pane: prepares the CT, tells the renderer what has changed, shows what it draws."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from medvlp_viewer.controllers.renderer import RendererPort, render_process
from medvlp_viewer.controllers.turns import Later, OncePerTurn, run_now
from medvlp_viewer.controllers.volume_look import VolumeLook, volume_text
from medvlp_viewer.models.background import Background, run_at_once
from medvlp_viewer.models.brick import BrickJob
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.surfaces import heat_surfaces, organ_surface
from medvlp_viewer.models.volume_model import VolumeModel
from medvlp_viewer.models.volume_presets import VolumePreset
from medvlp_viewer.models.volume_scene import (
    Rendered,
    RendererFailed,
    RendererReady,
    SceneUpdate,
    Surface,
)
from medvlp_viewer.views.base import WindowView
from medvlp_viewer.views.volume import VolumeView

# Requests to the inference process count up from 1, files being written down from -1.
_JOB = 0
_PARTS = ("preset", "cuts", "surfaces", "camera", "size")
_STARTING = "Starting the 3D view…"
_NO_VOLUME = "The 3D view shows CT. An X-ray has no third dimension."
_FAILED = "The 3D view could not be prepared."
_CANCELLED = "The preparation of the 3D view was cancelled."


class VolumeController(VolumeLook):
    """Everything behind the 3D pane.

    ``make_renderer`` is called whenever the pane is opened, ``background`` runs slow
    work elsewhere.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        later: Later = run_now,
        make_renderer: Callable[[], RendererPort] = render_process,
        background: Background = run_at_once,
    ) -> None:
        super().__init__(VolumeModel())
        self.active = False
        self.maximised = False
        self._state, self._window, self._background = state, window, background
        self._make_renderer = make_renderer
        self._renderer: RendererPort | None = None
        self._job: BrickJob | None = None
        self._ready = False
        self._numbers = itertools.count(1)
        self._first_number = 1
        self._due: set[str] = set()
        self._surfaces: tuple[Surface, ...] = ()
        self._drawn: Camera | None = None
        self._send_later = OncePerTurn(later, self._send)
        self._connect()

    @property
    def view(self) -> VolumeView | None:
        """The pane, once it was opened."""
        return self._view

    @property
    def available(self) -> bool:
        """Whether the open scan has three dimensions."""
        return self._state.scan.scan is not None and self._state.scan.scan.is_volume

    def toggle(self) -> None:
        """Open or close the pane."""
        self.show(not self.model.shown)

    def show(self, shown: bool) -> None:
        """Open or close the pane."""
        if shown == self.model.shown or (shown and not self.available):
            return
        self.model.show(shown)
        if shown:
            self._attach()
            self._window.show_volume(True)
            self._start()
        else:
            self.maximised = self.active = False
            self._window.show_volume(False)
            self._stop()

    def use_preset(self, preset: VolumePreset) -> None:
        """Show the CT in another way."""
        self.model.use_preset(preset)

    def toggle_cut(self, plane: PlaneName) -> None:
        """Cut the CT open at the crosshair, or close the cut."""
        if plane in self._state.scan.frames:
            self.model.toggle_cut(plane, self._state.scan.frames[plane])

    def toggle_maximised(self) -> None:
        """Show the 3D pane alone, or all panes."""
        self.maximised = not self.maximised
        self._window.show_volume(True, alone=self.maximised)

    def close(self) -> None:
        """End the renderer, as when the window closes."""
        if self._job is not None:
            self._job.cancel()
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def poll(self) -> None:
        """See how far the preparation is and what the renderer has drawn."""
        self._watch_job()
        for event in self._renderer.poll() if self._renderer is not None else ():
            if isinstance(event, Rendered):
                self._on_rendered(event)
            elif isinstance(event, RendererFailed):
                self._fail(event.message)
            elif isinstance(event, RendererReady):
                self._write_text()

    def _start(self) -> None:
        """Draw the open scan from scratch."""
        assert self._view is not None
        self._drop_job()
        self._ready = False
        self._first_number = next(self._numbers)
        self._scan = self._state.scan.scan
        self._drawn = None
        self._view.set_picture(None)
        self._view.set_text(None)
        if self._scan is None or not self.available:
            self._scan = None
            self._view.set_notice(_NO_VOLUME if self._state.scan.scan is not None else "")
            return
        self._view.set_notice(_STARTING)
        if self._renderer is None:
            self._renderer = self._make_renderer()
            self._renderer.start()
        self.model.set_cuts({})
        self.reset()
        self._job = BrickJob(self._scan)
        self._state.jobs.start(_JOB, "volume", "Preparing the 3D view")
        self._background(self._job.run)
        self._watch_job()

    def _watch_job(self) -> None:
        job = self._job
        if job is None:
            return
        self._state.jobs.advance(_JOB, job.fraction, "")
        if job.finished:
            self._drop_job()
            if job.brick is not None:
                self._ready = True
                self._send(SceneUpdate(0, brick=job.brick), everything=True)
            else:
                self._fail(_FAILED)

    def _drop_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._state.jobs.end(_JOB)

    def _send(self, update: SceneUpdate | None = None, *, everything: bool = False) -> None:
        """Tell the renderer what has changed; all of it together with a new CT."""
        due, self._due = self._due, set()
        update = update or SceneUpdate(0)
        if self._renderer is None or self._view is None or not self._ready:
            return  # until the CT is there, the renderer has none, or still the last one
        due = set(_PARTS) if everything else due
        state, model = self._state, self.model
        world = state.crosshair.world
        changed = SceneUpdate(
            next(self._numbers),
            preset=model.preset if "preset" in due else None,
            cuts=model.cut_planes(state.scan.frames, world) if "cuts" in due else None,
            surfaces=self._make_surfaces() if "surfaces" in due else None,
            camera=model.camera if "camera" in due else None,
            size=self._view.size if "size" in due else None,
        )
        self._renderer.show(update.followed_by(changed))
        self._write_text()

    def _make_surfaces(self) -> tuple[Surface, ...]:
        state = self._state
        organ = None
        if self._scan is not None:
            organ = organ_surface(state.outline, self._scan.geometry)
        heat = heat_surfaces(state.queries, state.heats, state.overlay)
        self._surfaces = heat if organ is None else (*heat, organ)
        return self._surfaces

    def _on_rendered(self, event: Rendered) -> None:
        if event.number > self._first_number and self._scan is not None:
            assert self._view is not None
            self._drawn = event.camera
            self._view.set_picture(event.picture)
            self._view.set_notice("")
            self._write_text()

    def _fail(self, message: str) -> None:
        assert self._view is not None
        self._drop_job()
        self._view.set_picture(None)
        self._view.set_notice(message, can_retry=True)
        self._stop()

    def _stop(self) -> None:
        self._drop_job()
        renderer, self._renderer = self._renderer, None
        if renderer is not None:
            self._background(renderer.close)

    def _write_text(self) -> None:
        """Letters, scale and crosshair belong to the picture on screen, not to the next one."""
        if self._view is not None and self._drawn is not None and self._scan is not None:
            text = volume_text(self.model, self._drawn, self._state.crosshair, self._surfaces)
            self._view.set_text(text)

    def _connect(self) -> None:
        state = self._state
        state.scan.changed.connect(self._on_scan)
        self.model.changed.connect(lambda: self._is_due("preset", "cuts"))
        self.model.changed.connect(self._window.refresh_commands)
        self.model.camera_changed.connect(lambda: self._is_due("camera"))
        state.crosshair.changed.connect(self._on_crosshair)
        for changed in (
            state.overlay.changed,
            state.heats.changed,
            state.outline.changed,
            state.queries.row_changed,
            state.queries.row_removed,
        ):
            changed.connect(lambda *_: self._is_due("surfaces"))
        state.display.options_changed.connect(self._on_options)
        self._window.cancel_requested.connect(self._on_cancel)
        self._window.closed.connect(self.close)

    def _attach(self) -> None:
        """The view is made when it is first wanted."""
        if self._view is not None:
            return
        view = self._view = self._window.volume_view()
        view.turned.connect(self.turn)
        view.moved.connect(self.move)
        view.zoomed.connect(self.zoom)
        view.resized.connect(lambda: self._is_due("size"))
        view.ticked.connect(self.poll)
        view.retry_requested.connect(self._start)
        view.maximise_requested.connect(self.toggle_maximised)
        view.activated.connect(lambda: self._set_active(True))
        for plane in ("axial", "coronal", "sagittal"):
            self._window.pane(plane).activated.connect(lambda: self._set_active(False))
        self._on_options()

    def _set_active(self, active: bool) -> None:
        self.active = active and self.model.shown

    def _is_due(self, *parts: str) -> None:
        if self.model.shown and self._scan is not None:
            self._due.update(parts)
            self._send_later()

    def _on_scan(self) -> None:
        if not self.model.shown:
            return
        if self.maximised:
            self.toggle_maximised()  # the new scan is seen in its slices first
        self._start()

    def _on_crosshair(self) -> None:
        if self.model.shown:
            if self.model.cuts:
                self._is_due("cuts")
            else:
                self._write_text()

    def _on_options(self) -> None:
        if self._view is not None:
            self._view.set_annotated(self._state.display.annotations)

    def _on_cancel(self) -> None:
        if self._job is not None and self._state.jobs.shown == _JOB:
            self._drop_job()
            if self._view is not None:
                self._view.set_notice(_CANCELLED, can_retry=True)
