"""Surfaces of equal heat, or of an organ, by VTK's flying edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D, vtkPolyDataNormals
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from medvlp_viewer.models.volume_scene import Surface

# Token cells are several millimetres wide: between their centres the heat is interpolated as on
# the slices, finely enough that the edges of the cells are not seen.
_SAMPLES_PER_CELL = 3


def surface_mesh(surface: Surface) -> vtkPolyData:
    """The surface in LPS millimetres, closed where it meets the end of the scan."""
    fine, low = _refined(surface.values)
    padded = np.pad(fine, 1)
    image = vtkImageData()
    image.SetDimensions(*padded.shape[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(padded.ravel(), deep=True))
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, surface.level)
    edges.ComputeNormalsOff()
    edges.ComputeScalarsOff()
    edges.Update()
    mesh = edges.GetOutput()
    if mesh.GetNumberOfPoints() == 0:
        return mesh
    points = vtk_to_numpy(mesh.GetPoints().GetData())[:, ::-1].astype(np.float64)
    index = np.clip((points - 1.0) / _SAMPLES_PER_CELL + low, *surface.box)
    world = index @ surface.affine[:3, :3].T + surface.affine[:3, 3]
    mesh.GetPoints().SetData(numpy_to_vtk(world, deep=True))
    normals = vtkPolyDataNormals()
    normals.SetInputData(mesh)
    normals.SplittingOff()
    normals.Update()
    return normals.GetOutput()


def surface_actor(surface: Surface) -> vtkActor | None:
    """The surface in its colour, opaque: the scene mixes it in. None where the level is nowhere."""
    mesh = surface_mesh(surface)
    if mesh.GetNumberOfPoints() == 0:
        return None
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(mesh)
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetColor(*(c / 255.0 for c in surface.rgb))
    look.SetAmbient(0.35)
    look.SetDiffuse(0.7)
    look.SetSpecular(0.15)
    return actor


def _refined(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """Linear interpolation between cell centres, and the cell index of the first sample.

    The samples reach the outer faces of the outer cells, in whose outer halves the heat is
    constant.
    """
    low = -0.5 + 0.5 / _SAMPLES_PER_CELL
    fine = np.asarray(values, dtype=np.float32)
    for axis, n in enumerate(values.shape):
        at = np.clip(low + np.arange(n * _SAMPLES_PER_CELL) / _SAMPLES_PER_CELL, 0.0, n - 1.0)
        below = np.minimum(at.astype(int), max(n - 2, 0))
        weight = (at - below).astype(np.float32).reshape([-1 if a == axis else 1 for a in range(3)])
        first, second = fine.take(below, axis), fine.take(np.minimum(below + 1, n - 1), axis)
        fine = first + weight * (second - first)
    return np.ascontiguousarray(fine), low
