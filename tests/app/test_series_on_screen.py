"""From files to the pane: letters, sides and values of series as scanners write them.

Each series is written as DICOM with the ImageOrientationPatient of its patient position
(PS3.3 C.7.3.1.1.2), read by the library, and looked at through the viewer's own controllers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import medvlp
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.models.state import ViewerState

# Row and column directions of axial slices by patient position.
ORIENTATIONS = {
    "HFS": (1, 0, 0, 0, 1, 0),
    "HFP": (-1, 0, 0, 0, -1, 0),
    "FFS": (-1, 0, 0, 0, 1, 0),
    "FFP": (1, 0, 0, 0, -1, 0),
    "HFDL": (0, 1, 0, -1, 0, 0),
    "HFDR": (0, -1, 0, 1, 0, 0),
    "FFDL": (0, -1, 0, -1, 0, 0),
    "FFDR": (0, 1, 0, 1, 0, 0),
    # Turned by 20 degrees about the body's axis, as a rotated patient or a tilted table gives.
    "oblique": (0.939692, 0.34202, 0.0, -0.34202, 0.939692, 0.0),
}
LETTERS = {"axial": "RLAP", "coronal": "RLSI", "sagittal": "APSI"}
SPOT = np.array([18.0, -12.0, 20.0])  # the patient's left, front, upper part
SHAPE, SPACING = (14, 44, 48), (5.0, 1.25, 1.5)


def write_series(folder, position):
    """Air with a bright ball at SPOT; returns the files' positions in the patient."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    row, column = (np.array(v, float) for v in np.split(np.array(ORIENTATIONS[position]), 2))
    normal = np.cross(row, column)
    study, series, frame = (generate_uid() for _ in range(3))
    slices, rows, columns = SHAPE
    centre = np.array([(slices - 1) / 2, (rows - 1) / 2, (columns - 1) / 2])
    origin = -(
        normal * centre[0] * SPACING[0]
        + column * centre[1] * SPACING[1]
        + row * centre[2] * SPACING[2]
    )
    for k in range(slices):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        path = folder / f"{meta.MediaStorageSOPInstanceUID}.dcm"
        file = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
        file.SOPClassUID, file.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        file.StudyInstanceUID, file.SeriesInstanceUID = study, series
        file.FrameOfReferenceUID = frame
        file.Modality, file.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
        file.PatientPosition = position if len(position) <= 4 else "HFS"
        file.SeriesNumber, file.InstanceNumber = 1, slices - k
        corner = origin + normal * k * SPACING[0]
        file.ImagePositionPatient = [f"{x:.6f}" for x in corner]
        file.ImageOrientationPatient = [f"{x:.6f}" for x in (*row, *column)]
        file.PixelSpacing = [f"{SPACING[1]}", f"{SPACING[2]}"]
        file.SliceThickness = f"{SPACING[0]}"
        file.Rows, file.Columns = rows, columns
        file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
        file.BitsAllocated, file.BitsStored, file.HighBit = 16, 16, 15
        file.PixelRepresentation = 1
        file.RescaleIntercept, file.RescaleSlope, file.RescaleType = "-1024", "1", "HU"
        file.WindowCenter, file.WindowWidth = "55", "350"
        index = np.moveaxis(np.indices((rows, columns)), 0, -1)
        world = corner + index[..., :1] * column * SPACING[1] + index[..., 1:] * row * SPACING[2]
        distance = np.linalg.norm(world - SPOT, axis=-1)
        # Values differ everywhere, so that a shift by one voxel is seen.
        value = np.where(distance <= 7.0, 1000, -1000) + index[..., 0] * 3 + index[..., 1] + 7 * k
        file.PixelData = (value + 1024).astype("<i2").tobytes()
        file.save_as(path, enforce_file_format=True)


@pytest.fixture
def open_series(tmp_path, fake_window):
    def opened(position):
        write_series(tmp_path, position)
        scan = medvlp.open_scan(tmp_path)
        state = ViewerState()
        panes = PanesController(state, fake_window)
        state.scan.set(scan)
        return scan, state, panes

    return opened


@pytest.mark.parametrize("position", list(ORIENTATIONS))
def test_letters_sides_and_the_spot_are_right_in_every_patient_position(
    open_series, fake_window, position
):
    _, state, _ = open_series(position)
    state.crosshair.move_to(SPOT)
    for plane, across, down in (("axial", 0, 1), ("coronal", 0, 2), ("sagittal", 1, 2)):
        view = fake_window.panes[plane]
        letters = view.setup.letters
        assert "".join(letter[0] for letter in letters) == LETTERS[plane]
        bright = view.grey > 200
        rows, columns = np.nonzero(bright)
        row, column, _ = view.crosshair
        assert rows.mean() == pytest.approx(row, abs=0.7)
        assert columns.mean() == pytest.approx(column, abs=0.7)
        if position != "oblique":
            assert (columns.mean() > (bright.shape[1] - 1) / 2) == (SPOT[across] > 0)
            lower = SPOT[1] > 0 if down == 1 else SPOT[2] < 0
            assert (rows.mean() > (bright.shape[0] - 1) / 2) == lower


@pytest.mark.parametrize("position", ["HFS", "FFP", "HFDR", "oblique"])
def test_the_value_under_the_pointer_is_simpleitks_at_the_same_millimetres(
    open_series, fake_window, tmp_path, position
):
    import SimpleITK as sitk

    scan, _, panes = open_series(position)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path)))
    image = reader.Execute()
    rng = np.random.default_rng(8)
    for name, controller in panes.panes.items():
        frame, view = controller.frame, fake_window.panes[name]
        for _ in range(12):
            k, row, column = (int(rng.integers(0, n)) for n in (frame.n_slices, *frame.shape))
            controller.go_to_slice(k)
            view.pointer_moved.emit((row + 0.3, column - 0.4))
            world = frame.to_world(k, row, column)
            index = image.TransformPhysicalPointToIndex([float(x) for x in world])
            expected = str(image[index]).replace("-", "\N{MINUS SIGN}")
            assert view.text.bottom_left[0] == f"{expected} HU"
    assert scan.array.dtype == np.int16


def test_heat_under_the_pointer_is_simpleitks_linear_interpolation(open_series, fake_window, make):
    import SimpleITK as sitk

    scan, state, panes = open_series("HFDL")
    heatmap = make.heatmap(scan, factor=2)
    heatmap = replace(heatmap, values=heatmap.values.clip(0.0))
    row = state.queries.ask("lung mass")
    state.heats.put(row.key, heatmap)
    state.queries.select(row.key)
    grid = heatmap.geometry
    image = sitk.GetImageFromArray(heatmap.values)
    image.SetSpacing(grid.spacing[::-1])
    image.SetOrigin(tuple(grid.index_to_world((0, 0, 0))))
    image.SetDirection(tuple(grid.directions[::-1].T.reshape(-1)))
    state.crosshair.move_to(SPOT)
    view, controller = fake_window.panes["coronal"], panes.panes["coronal"]
    _, r0, c0 = controller.frame.to_pane(SPOT)
    seen = []
    for dr, dc in ((0, 0), (1, 2), (-1, 1), (2, -3)):
        r, c = round(float(r0)) + dr, round(float(c0)) + dc
        view.pointer_moved.emit((float(r), float(c)))
        world = [float(x) for x in controller.frame.to_world(controller.position, r, c)]
        expected = image.EvaluateAtPhysicalPoint(world, sitk.sitkLinear)
        seen.append(float(view.text.bottom_left[0].split("heat ")[1]))
        assert seen[-1] == pytest.approx(expected, abs=0.006)
    assert max(seen) > 0.3
    assert len(set(seen)) > 1


def test_the_window_of_the_file_is_a_preset_beside_the_others(open_series, fake_window):
    _, state, panes = open_series("HFS")
    assert (state.display.window.level, state.display.window.width) == (55.0, 350.0)
    panes.use_preset(0)
    assert state.display.window.level == -600.0
    panes.use_file_window()
    assert (state.display.window.level, state.display.window.width) == (55.0, 350.0)


@pytest.mark.realdata
def test_the_values_of_a_real_ct_agree_with_simpleitk(real_data, fake_window):
    import SimpleITK as sitk

    path = real_data / "ct_lidc" / "ct.nii.gz"
    scan, image = medvlp.open_scan(path), sitk.ReadImage(str(path))
    state = ViewerState()
    panes = PanesController(state, fake_window)
    state.scan.set(scan)
    rng = np.random.default_rng(2)
    controller, view = panes.panes["sagittal"], fake_window.panes["sagittal"]
    frame = controller.frame
    for _ in range(40):
        k, row, column = (int(rng.integers(0, n)) for n in (frame.n_slices, *frame.shape))
        controller.go_to_slice(k)
        view.pointer_moved.emit((float(row), float(column)))
        world = [float(x) for x in frame.to_world(k, row, column)]
        expected = round(image[image.TransformPhysicalPointToIndex(world)])
        shown = view.text.bottom_left[0].removesuffix(" HU").replace("\N{MINUS SIGN}", "-")
        assert int(shown) == expected
