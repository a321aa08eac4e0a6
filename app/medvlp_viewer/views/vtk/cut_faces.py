"""The faces at which the CT is cut open.

Light on a volume comes from its gradient. Within an organ there is none, and what a cut lays open
would be black. So a face is drawn as a picture of the slice in the colours of the preset, brighter
where the CT is denser, whatever the light.
"""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkLookupTable
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPlane
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkImageProperty, vtkImageSlice, vtkRenderer
from vtkmodules.vtkRenderingImage import vtkImageResliceMapper

from medvlp_viewer.models.volume_presets import VolumePreset

_RANGE = (-1024, 3071)
# What is more transparent than this, per millimetre, is no surface.
_LEAST_OPACITY = 0.05
_DARKEST = 0.45
# So far before the volume that no ray meets the volume first.
_BEFORE_MM = 0.1


class CutFaces:
    """Pictures in the cutting planes; only those of lit presets are needed.

    Parameters
    ----------
    renderer
        Gets the faces.
    """

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._image: vtkImageData | None = None
        self._matrix = vtkMatrix4x4()
        self._look: vtkImageProperty | None = None
        self._planes: tuple[vtkPlane, ...] = ()
        self._faces: list[vtkImageSlice] = []

    def set_image(self, image: vtkImageData, matrix: vtkMatrix4x4) -> None:
        """Cut another CT, which the matrix puts at its place in the patient."""
        self._image, self._matrix = image, matrix
        self._build()

    def set_preset(self, preset: VolumePreset) -> None:
        """Use other colours."""
        self._look = _look(preset) if preset.shaded else None
        self._build()

    def set_planes(self, planes: tuple[vtkPlane, ...]) -> None:
        """Cut along these."""
        self._planes = planes
        self._build()

    def show(self, shown: bool) -> None:
        """Draw them in the next picture, or do not."""
        for face in self._faces:
            face.SetVisibility(shown)

    def _build(self) -> None:
        while self._faces:
            self._renderer.RemoveViewProp(self._faces.pop())
        if self._image is None or self._look is None:
            return
        for plane in self._planes:
            mapper = vtkImageResliceMapper()
            mapper.SetInputData(self._image)
            mapper.SetSlicePlane(_before(plane))
            mapper.ResampleToScreenPixelsOn()  # else the edges of what is seen are blurred
            mapper.BorderOn()
            for other in self._planes:
                if other is not plane:
                    mapper.AddClippingPlane(_before(other))
            face = vtkImageSlice()
            face.SetMapper(mapper)
            face.SetProperty(self._look)
            face.SetUserMatrix(self._matrix)
            self._renderer.AddViewProp(face)
            self._faces.append(face)


def _before(plane: vtkPlane) -> vtkPlane:
    before = vtkPlane()
    before.SetNormal(plane.GetNormal())
    x, y, z = np.subtract(plane.GetOrigin(), np.multiply(plane.GetNormal(), _BEFORE_MM)).tolist()
    before.SetOrigin(x, y, z)
    return before


def _look(preset: VolumePreset) -> vtkImageProperty:
    look = vtkImageProperty()
    look.SetLookupTable(_table(preset))
    look.UseLookupTableScalarRangeOn()
    look.SetInterpolationTypeToLinear()
    return look


def _table(preset: VolumePreset) -> vtkLookupTable:
    """Colour of every value; nothing where the preset shows next to nothing."""
    values = np.arange(_RANGE[0], _RANGE[1] + 1)
    places = [stop.hounsfield for stop in preset.stops]
    opacity = np.interp(values, places, [stop.opacity for stop in preset.stops])
    bright = np.interp(values, (places[0], places[-1]), (_DARKEST, 1.0))
    rgb = [np.interp(values, places, [s.rgb[i] for s in preset.stops]) * bright for i in range(3)]
    rgba = np.stack([*rgb, opacity >= _LEAST_OPACITY], axis=1)
    table = vtkLookupTable()
    table.SetRange(*_RANGE)
    table.SetTable(numpy_to_vtk(np.rint(255 * rgba).astype(np.uint8), deep=True))
    return table
