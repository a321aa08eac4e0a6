"""Where a picture lies in its pane: zoom and centre, screen pixels to picture pixels and back."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from medvlp_viewer.models.tiles import Viewport

_ZOOM_LIMITS = (0.25, 40.0)


@dataclass
class Placement:
    """A picture fitted into a pane, then magnified and moved.

    Parameters
    ----------
    area
        Of the pane, in screen pixels.
    extent
        Of the picture, in scene units (millimetres, or pixels without a known spacing).
    pixel_size
        ``(height, width)`` of a picture pixel in scene units; pixel centres lie at half pixels.
    zoom
        1 shows the whole picture.
    centre
        Scene point in the middle of the pane.
    """

    area: QRectF = field(default_factory=QRectF)
    extent: QRectF = field(default_factory=lambda: QRectF(0, 0, 1, 1))
    pixel_size: tuple[float, float] = (1.0, 1.0)
    zoom: float = 1.0
    centre: QPointF = field(default_factory=QPointF)

    @property
    def scale(self) -> float:
        """Screen pixels per scene unit."""
        across = self.area.width() / self.extent.width()
        down = self.area.height() / self.extent.height()
        return max(min(across, down), 1e-6) * self.zoom

    @property
    def visible(self) -> QRectF:
        """The part of the scene that the pane shows."""
        corner = self.centre - self.area.center() / self.scale
        return QRectF(corner, self.area.size() / self.scale)

    def fit(self) -> None:
        """Show the whole picture."""
        self.zoom, self.centre = 1.0, self.extent.center()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Magnify, keeping the screen point ``about`` (the middle by default) in place."""
        low, high = _ZOOM_LIMITS
        zoom = min(high, max(low, self.zoom * factor))
        if about is not None:
            anchor = self.to_scene(about)
            self.centre = anchor + (self.centre - anchor) * (self.zoom / zoom)
        self.zoom = zoom

    def pan(self, step: QPointF) -> None:
        """Move the picture by so many screen pixels."""
        self.centre -= step / self.scale

    def viewpoint(self) -> tuple[float, float, float]:
        """Zoom, and the (row, column) in the middle of the pane."""
        return self.zoom, *self.to_picture(self.area.center())

    def set_viewpoint(self, zoom: float, row: float, column: float) -> None:
        """Put the picture there."""
        low, high = _ZOOM_LIMITS
        self.zoom = min(high, max(low, zoom))
        height, width = self.pixel_size
        self.centre = QPointF((column + 0.5) * width, (row + 0.5) * height)

    def to_scene(self, point: QPointF) -> QPointF:
        """Scene point at a screen point."""
        return self.centre + (point - self.area.center()) / self.scale

    def to_screen(self, row: float, column: float) -> QPointF:
        """Where the centre of a pixel lies on the screen."""
        height, width = self.pixel_size
        scene = QPointF((column + 0.5) * width, (row + 0.5) * height)
        return self.area.center() + (scene - self.centre) * self.scale

    def to_picture(self, point: QPointF) -> tuple[float, float]:
        """Fractional (row, column) at a screen point."""
        height, width = self.pixel_size
        scene = self.to_scene(point)
        return scene.y() / height - 0.5, scene.x() / width - 0.5

    def viewport(self, device_pixels: float) -> Viewport:
        """What is seen, in picture pixels; ``device_pixels`` per screen pixel."""
        top, left = self.to_picture(self.area.topLeft())
        bottom, right = self.to_picture(self.area.bottomRight())
        scale = max(self.pixel_size) * self.scale * device_pixels
        return Viewport(scale, top, left, bottom, right)
