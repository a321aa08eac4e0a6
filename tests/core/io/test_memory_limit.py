"""A volume that memory would not hold is refused from its header."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from medvlp.errors import RefusedScanError, ScanTooLargeError
from medvlp.io.memory_limit import bytes_needed, memory_limit
from medvlp.io.open import open_scan
from medvlp.session import Session

GIB = 2**30


@pytest.fixture
def volume(tmp_path):
    """A NIfTI of 30 x 20 x 10 voxels: 36,000 bytes at three times the int16 volume."""
    path = tmp_path / "volume.nii.gz"
    values = np.full((30, 20, 10), -1000, dtype=np.int16)
    values[10:20, 5:15, 3:7] = 40
    nib.save(nib.Nifti1Image(values, np.diag([-1.0, -1.0, 2.0, 1.0])), path)
    return path


def test_need_is_three_times_the_int16_volume_and_a_gibibyte():
    assert bytes_needed((600, 512, 512)) == 3 * 2 * 600 * 512 * 512 + GIB


def test_a_volume_is_refused_only_when_it_needs_more_than_is_free(volume):
    need = 30 * 20 * 10 * 6 + GIB
    with memory_limit(need):
        assert open_scan(volume).array.shape == (10, 20, 30)
    with memory_limit(need - 1), pytest.raises(ScanTooLargeError, match=r"10 × 20 × 30 voxels"):
        open_scan(volume)
    assert open_scan(volume).array.shape == (10, 20, 30)  # the limit ended with its block


def test_the_message_names_both_figures_and_the_session_keeps_its_scan(volume):
    session = Session()
    before = session.open(volume)
    with pytest.raises(ScanTooLargeError, match=r"about 1\.1 GB .* 0\.5 GB are free"):
        session.open(volume, available_memory=500_000_000)
    assert session.scan is before
    assert issubclass(ScanTooLargeError, RefusedScanError)


def test_a_dicom_series_is_judged_before_its_pixels_are_read(volume, monkeypatch):
    from types import SimpleNamespace

    from medvlp.io.dicom import volume as reader

    planes = [SimpleNamespace(shape=(512, 512))] * 600
    stack = SimpleNamespace(planes=planes, warnings=(), spacing=1.0)
    monkeypatch.setattr(reader, "stacked", lambda *_: stack)
    with memory_limit(GIB), pytest.raises(ScanTooLargeError, match="600 × 512 × 512"):
        reader.read_ct(planes, {}, (), False, lambda *_: None)
