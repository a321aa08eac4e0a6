"""What a folder, a manifest and a list of hits hold to go through."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from medvlp import Cancelled, open_scan
from medvlp.errors import WorklistError
from medvlp.io.worklist import list_worklist


def film(path, side=40):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(
        np.arange(side * side, dtype=np.uint16).reshape(side, side).astype(np.uint8)
    ).save(path)
    return path


def by_key(worklist):
    return {item.key: item for item in worklist.items}


def test_every_file_of_a_folder_is_a_scan_and_tables_are_not(tmp_path):
    film(tmp_path / "b.png")
    film(tmp_path / "deep" / "down" / "a.jpg")
    (tmp_path / "labels.csv").write_text("image,label\nb.png,1\n")
    (tmp_path / ".hidden.png").write_bytes(b"")
    worklist = list_worklist(tmp_path)
    assert [item.key for item in worklist.items] == ["b.png", "deep/down/a.jpg"]
    assert worklist.items[1].path == str(tmp_path / "deep" / "down" / "a.jpg")
    assert worklist.ignored == 1


def test_an_unreadable_file_is_listed_with_its_reason(tmp_path):
    film(tmp_path / "a.png")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "torn.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\x02\0\0\0UL")
    items = by_key(list_worklist(tmp_path))
    assert items["a.png"].problem == ""
    assert "0 bytes" in items["empty.png"].problem
    assert "torn.dcm" in items["torn.dcm"].problem


def test_a_changed_file_has_another_signature_and_a_moved_folder_the_same(tmp_path):
    film(tmp_path / "one" / "a.png")
    before = list_worklist(tmp_path / "one").items[0]
    shutil.move(tmp_path / "one", tmp_path / "two")
    moved = list_worklist(tmp_path / "two").items[0]
    assert (moved.key, moved.signature) == (before.key, before.signature)
    film(tmp_path / "two" / "a.png", side=50)
    assert list_worklist(tmp_path / "two").items[0].signature != before.signature


def test_listing_can_be_cancelled(tmp_path):
    film(tmp_path / "a.png")

    def stop(fraction, message):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        list_worklist(tmp_path, progress=stop)


@pytest.mark.realdata
def test_a_series_is_one_scan_wherever_its_slices_lie(real_data, tmp_path):
    """Slices of one series in two folders, a second series beside them, and a film."""
    slices = sorted((real_data / "dicom_ct_series").rglob("*.dcm"))[:12]
    for number, path in enumerate(slices):
        target = tmp_path / "study" / ("near" if number % 2 else "far") / f"{number}.dcm"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    chest = real_data / "dicom_cxr" / "RG1_J2KI.dcm"
    shutil.copy(chest, tmp_path / "study" / "near" / "film.dcm")
    worklist = list_worklist(tmp_path)
    ct = next(item for item in worklist.items if item.modality == "CT")
    radiograph = next(item for item in worklist.items if item.modality == "XR")
    assert len(worklist.items) == 2
    assert radiograph.key == "study/near/film.dcm"
    assert radiograph.series is None
    assert ct.key == f"study#{ct.series}"  # the film below the same folder makes it ambiguous
    assert open_scan(ct.path, series=ct.series).array.shape[0] == 12
    assert open_scan(radiograph.path).modality == "XR"


@pytest.mark.realdata
def test_a_series_alone_in_its_folder_is_named_by_the_folder(real_data, tmp_path):
    folder = tmp_path / "first"
    folder.mkdir()
    for path in sorted((real_data / "dicom_ct_series").rglob("*.dcm"))[:4]:
        shutil.copy(path, folder)
    film(tmp_path / "second.png")
    worklist = list_worklist(tmp_path)
    assert [(item.key, item.series) for item in worklist.items] == [
        ("first", None),
        ("second.png", None),
    ]


@pytest.mark.parametrize("column", ["image", "path"])
def test_a_manifest_names_scans_from_its_own_folder(tmp_path, column):
    film(tmp_path / "films" / "a.png")
    manifest = tmp_path / "list.csv"
    manifest.write_text(
        f"{column},modality,patient,label:nodule\n"
        "films/a.png,XR,secret,1\n"
        "films/missing.png,XR,secret,\n"
        "films/a.png,XR,secret,0\n"
        ",XR,secret,0\n"
    )
    first, missing, twice, nothing = list_worklist(manifest).items
    assert (first.key, first.problem, first.modality) == ("films/a.png", "", "XR")
    assert first.path == str(tmp_path / "films" / "a.png")
    assert "missing.png" in missing.problem
    assert (twice.key, "same scan" in twice.problem) == ("films/a.png (row 4)", True)
    assert "names no file" in nothing.problem
    assert "secret" not in str(list_worklist(manifest))


def test_a_parquet_manifest_is_read_like_a_csv(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="reads Parquet; an extra of the training")
    from pyarrow import parquet

    film(tmp_path / "a.png")
    table = pyarrow.table({"image": ["a.png"], "series": [None]})
    parquet.write_table(table, tmp_path / "list.parquet")
    assert [item.key for item in list_worklist(tmp_path / "list.parquet").items] == ["a.png"]


def test_a_series_column_tells_scans_of_one_path_apart(tmp_path):
    (tmp_path / "study").mkdir()
    film(tmp_path / "study" / "a.png")
    (tmp_path / "list.csv").write_text("path,series\nstudy,abc1\nstudy,def2\n")
    items = list_worklist(tmp_path / "list.csv").items
    assert [(item.key, item.series) for item in items] == [
        ("study#abc1", "abc1"),
        ("study#def2", "def2"),
    ]


def test_a_manifest_without_paths_is_refused_with_what_was_found(tmp_path):
    (tmp_path / "list.csv").write_text("scan_name,label\na,1\n")
    with pytest.raises(WorklistError, match=r"expected one of image.*found scan_name, label"):
        list_worklist(tmp_path / "list.csv")


def hits(tmp_path, content):
    film(tmp_path / "a.png")
    film(tmp_path / "b.png")
    path = tmp_path / "hits.json"
    path.write_text(json.dumps(content))
    return list_worklist(path)


def test_hits_of_a_search_bring_their_query_and_the_best_score_of_each_scan(tmp_path):
    found = hits(
        tmp_path,
        {
            "query": "nodule",
            "hits": [
                {"path": "a.png", "probability": 0.3},
                {"path": "b.png", "score": 0.9},
                {"path": "a.png", "probability": 0.6},
            ],
        },
    )
    assert found.query == "nodule"
    assert {key: item.score for key, item in by_key(found).items()} == {"a.png": 0.6, "b.png": 0.9}


def test_a_plain_list_of_paths_will_do(tmp_path):
    assert [item.key for item in hits(tmp_path, ["a.png", "b.png"]).items] == ["a.png", "b.png"]


def test_a_hit_without_an_image_is_listed_with_its_reason(tmp_path):
    store = {"scan_id": "ab" * 32, "file": "/store/x.safetensors", "probability": 0.8}
    (item,) = hits(tmp_path, {"hits": [store]}).items
    assert "names no image" in item.problem
    assert item.score == 0.8


@pytest.mark.parametrize("score", [1.5, -0.1, "0.5", True, None])
def test_what_is_no_probability_is_no_score(tmp_path, score):
    (item,) = hits(tmp_path, [{"path": "a.png", "score": score}]).items
    assert item.score is None


@pytest.mark.parametrize("content", [{"results": []}, 5, {"hits": "a.png"}])
def test_json_without_hits_is_refused(tmp_path, content):
    with pytest.raises(WorklistError, match="expected a list of paths or hits"):
        hits(tmp_path, content)


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", "{"), ("a.txt", "a.png"), ("b.csv", "image\n")]
)
def test_what_is_no_worklist_is_refused(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(WorklistError):
        list_worklist(tmp_path / name)


def test_a_source_that_is_not_there_or_empty_is_refused(tmp_path):
    with pytest.raises(WorklistError, match="There is no worklist"):
        list_worklist(tmp_path / "nothing")
    with pytest.raises(WorklistError, match="lists no scan"):
        list_worklist(tmp_path)
