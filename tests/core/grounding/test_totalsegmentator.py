"""TotalSegmentator as a child process: a stand-in that writes what it writes, and its failures."""

from __future__ import annotations

import os
import sys
import time

import numpy as np
import pytest

from medvlp.errors import Cancelled, LabelMapError
from medvlp.grounding.totalsegmentator import segment

LAYOUT = """#!{python}
import sys
import nibabel as nib, numpy as np
arguments = sys.argv[1:]
source, target = arguments[arguments.index("-i") + 1], arguments[arguments.index("-o") + 1]
assert "--ml" in arguments and "--fast" in arguments
image = nib.load(source)
data = np.asanyarray(image.dataobj)
labels = np.where(data == 60, 5, np.where(data == 120, 2, 0)).astype(np.uint8)
written = nib.Nifti1Image(labels, image.affine)
names = {{2: "kidney_right", 5: "liver"}}
table = "".join(
    f'<Label Key="{{k}}" Red="0" Green="1" Blue="0" Alpha="1"><![CDATA[{{n}}]]></Label>\\n'
    for k, n in names.items()
)
xml = '<?xml version="1.0" encoding="UTF-8"?> <CaretExtension><VolumeInformation Index="0"><LabelTable>'
xml += table + "</LabelTable></VolumeInformation></CaretExtension>"
written.header.extensions.append(nib.nifti1.Nifti1Extension(0, xml.encode()))
nib.save(written, target)
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """``program(text)``: what runs as TotalSegmentator."""

    def write(text):
        path = tmp_path / "TotalSegmentator"
        path.write_text(text.format(python=sys.executable))
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return write


def test_its_label_map_is_read_where_it_lies_with_its_names(phantom, program):
    program(LAYOUT)
    told = []
    labels = segment(phantom.scan(), lambda fraction, text: told.append((fraction, text)))
    expected = np.where(phantom.labels() == 5, 5, 0)
    expected[np.isin(phantom.labels(), (2, 3))] = 2
    assert np.array_equal(labels.array, expected)
    assert labels.names == {2: "kidney_right", 5: "liver"}
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction < 1 for fraction in fractions)


@pytest.mark.parametrize(
    ("said", "status", "means"),
    [
        ("It requires a license. For non-commercial usage", 1, "totalseg_set_license -l NUMBER"),
        ("It requires a license. For non-commercial usage", 0, "totalseg_set_license -l NUMBER"),
        ("urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>", 1,
         "totalseg_download_weights -t total_fast"),
        ("requests.exceptions.ConnectionError: HTTPSConnectionPool(host=github.com, port=443): Max retries "
         "exceeded with url: /wasserth/TotalSegmentator/releases/download/v2.0.0-weights/Dataset297.zip", 1,
         "has no weights yet"),
        ("FileNotFoundError: [Errno 2] No such file or directory: nnunet/results/fold_0/checkpoint_final.pth",
         1, "weights of TotalSegmentator are not whole"),
        ("RuntimeError: operator torchvision::nms does not exist", 1, "cannot start"),
        ("RuntimeError: CUDA out of memory.", 1, "ran out of memory"),
        ("something else broke", 7, r"failed \(status 7\): something else broke"),
        ("bye", 0, "ended without writing a label map: bye"),
    ],
)  # fmt: skip
def test_why_it_failed_is_said_in_a_sentence(phantom, program, said, status, means):
    program(f"#!/bin/sh\necho '{said}'\nexit {status}\n")
    with pytest.raises(LabelMapError, match=means):
        segment(phantom.scan())


SLEEPER = "#!/bin/sh\n/bin/sleep 60 &\necho $! > {pids}\nwait\n"


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ended(pid):
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="asks /proc which processes run")
@pytest.mark.parametrize("why", ["cancelled", "too long"])
def test_it_and_what_it_started_end_when_cancelled_or_too_slow(phantom, program, tmp_path, why):
    pytest.importorskip("psutil", reason="ends its children; an extra of the viewer")
    pids = tmp_path / "pids"
    program(SLEEPER.replace("{pids}", str(pids)))

    def progress(fraction, text):
        if why == "cancelled" and pids.is_file() and pids.read_text().strip():
            raise Cancelled("Cancelled.")

    limit = 3600.0 if why == "cancelled" else 3.0
    error, words = (Cancelled, "Cancelled") if why == "cancelled" else (LabelMapError, "3 seconds")
    with pytest.raises(error, match=words):
        segment(phantom.scan(), progress, limit)
    assert ended(int(pids.read_text()))
