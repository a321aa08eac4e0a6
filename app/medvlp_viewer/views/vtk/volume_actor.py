"""The CT as a VTK volume."""

from __future__ import annotations

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction, vtkPlane
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction,
    vtkRenderer,
    vtkVolume,
    vtkVolumeProperty,
)
from vtkmodules.vtkRenderingVolume import (
    vtkFixedPointVolumeRayCastMapper,
    vtkGPUVolumeRayCastMapper,
)

from medvlp_viewer.models.volume_presets import VolumePreset
from medvlp_viewer.models.volume_scene import Brick, CutPlane
from medvlp_viewer.views.vtk.cut_faces import CutFaces

# Samples along a ray, in smallest spacings: in drafts, and in final pictures.
_COARSE_STEP, _FINE_STEP = 2.0, 0.8


class VolumeActor:
    """Casts rays through a brick.

    Parameters
    ----------
    renderer
        Gets the volume and the faces at which it is cut; ``prop`` is the volume.
    software
        On a processor VTK's own ray caster is many times faster than its OpenGL shader.
    """

    def __init__(self, renderer: vtkRenderer, software: bool) -> None:
        self._caster = vtkFixedPointVolumeRayCastMapper() if software else None
        if self._caster is not None:
            self._caster.IntermixIntersectingGeometryOn()
        self._mapper = self._caster or vtkGPUVolumeRayCastMapper()
        self._mapper.SetAutoAdjustSampleDistances(0)
        self.spacing = 1.0
        self._filled = False
        self.prop = vtkVolume()
        self.prop.SetMapper(self._mapper)
        self.prop.VisibilityOff()
        renderer.AddVolume(self.prop)
        self._faces = CutFaces(renderer)

    def set_brick(self, brick: Brick) -> None:
        """Show another CT, at its place in the patient."""
        spacing = np.linalg.norm(brick.affine[:3, :3], axis=0)
        image = vtkImageData()
        image.SetDimensions(*brick.array.shape[::-1])
        image.SetSpacing(*spacing[::-1])
        image.GetPointData().SetScalars(numpy_to_vtk(brick.array.ravel(), deep=True))
        self._mapper.SetInputData(image)
        # VTK counts columns first, so the columns of the affine are taken in reverse order.
        matrix = np.eye(4)
        matrix[:3, :3] = (brick.affine[:3, :3] / spacing)[:, ::-1]
        matrix[:3, 3] = brick.affine[:3, 3]
        self.prop.SetUserMatrix(_vtk_matrix(matrix))
        self._faces.set_image(image, _vtk_matrix(matrix))
        self._filled = True
        self.show(True)
        self.spacing = float(spacing.min())

    def set_preset(self, preset: VolumePreset) -> None:
        """Colours, opacities and light."""
        opacity, colour = vtkPiecewiseFunction(), vtkColorTransferFunction()
        for stop in preset.stops:
            opacity.AddPoint(stop.hounsfield, stop.opacity)
            colour.AddRGBPoint(stop.hounsfield, *stop.rgb)
        look = vtkVolumeProperty()
        look.SetColor(colour)
        look.SetScalarOpacity(opacity)
        look.SetScalarOpacityUnitDistance(1.0)
        look.SetInterpolationTypeToLinear()
        look.SetShade(preset.shaded)
        look.SetAmbient(preset.ambient)
        look.SetDiffuse(preset.diffuse)
        look.SetSpecular(preset.specular)
        look.SetSpecularPower(20.0)
        self.prop.SetProperty(look)
        self._faces.set_preset(preset)

    def set_cuts(self, cuts: tuple[CutPlane, ...]) -> None:
        """Draw only what lies on the kept side of every plane."""
        planes = tuple(_vtk_plane(cut) for cut in cuts)
        self._mapper.RemoveAllClippingPlanes()
        for plane in planes:
            self._mapper.AddClippingPlane(plane)
        self._faces.set_planes(planes)

    def show(self, shown: bool) -> None:
        """Draw it in the next picture, or do not."""
        self.prop.SetVisibility(shown and self._filled)
        self._faces.show(shown)

    def set_reduction(self, rays: float, *, draft: bool) -> None:
        """Cast one ray per ``rays`` pixels in each direction; fewer samples in a draft."""
        self._mapper.SetMinimumImageSampleDistance(rays)
        self._mapper.SetMaximumImageSampleDistance(rays)
        self._mapper.SetImageSampleDistance(rays)
        step = self.spacing * (_COARSE_STEP if draft else _FINE_STEP)
        self._mapper.SetSampleDistance(step)
        if self._caster is not None:
            self._caster.SetInteractiveSampleDistance(step)


def _vtk_plane(cut: CutPlane) -> vtkPlane:
    plane = vtkPlane()
    plane.SetOrigin(*cut.origin)
    plane.SetNormal(*cut.normal)
    return plane


def _vtk_matrix(matrix: np.ndarray) -> vtkMatrix4x4:
    result = vtkMatrix4x4()
    for i in range(4):
        for j in range(4):
            result.SetElement(i, j, float(matrix[i, j]))
    return result
