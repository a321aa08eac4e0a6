"""Decisions about a worklist: none is lost, none is overwritten, nothing damaged is touched."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing

import pytest

from medvlp.errors import WorklistError
from medvlp.store.worklist import WorklistStore
from medvlp.store.worklist_file import SCHEMA_VERSION, worklist_file
from medvlp.store.worklist_records import KnownAnswer, KnownScan


@pytest.fixture
def path(tmp_path):
    return tmp_path / "decisions.sqlite"


@pytest.fixture
def store(path):
    with WorklistStore("scans", path) as store:
        yield store


def statuses(store) -> dict[str, str]:
    return {key: verdict.status for key, verdict in store.verdicts().items()}


def test_decisions_and_notes_are_there_when_the_file_is_opened_again(path):
    with WorklistStore("scans", path) as store:
        store.decide("b/chest.dcm", "accepted", "c0ffee")
        store.decide("a.png", "unsure")
        store.decide("b/chest.dcm", "rejected", "c0ffee")
        store.write_note("a.png", "rotated; repeat")
        store.keep_place(query="nodule", selected="a.png")
    with WorklistStore("scans", path) as store:
        verdicts = store.verdicts()
        assert statuses(store) == {"b/chest.dcm": "rejected", "a.png": "unsure"}
        assert verdicts["a.png"].note == "rotated; repeat"
        assert verdicts["b/chest.dcm"].content == "c0ffee"
        assert verdicts["b/chest.dcm"].decided_at.startswith("20")
        assert (store.place("query"), store.place("selected")) == ("nodule", "a.png")


def test_the_file_is_in_wal_mode_and_of_this_version(store, path):
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_a_decision_is_seen_by_another_process_before_the_call_returns(store, path):
    store.decide("a", "accepted")
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT key, value FROM decision").fetchall() == [("a", "accepted")]


def test_no_decision_is_lost_when_the_process_is_killed_right_after_it(tmp_path, path):
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from medvlp.store.worklist import WorklistStore

        store = WorklistStore("scans", Path(sys.argv[1]))
        for number in range(10_000):
            store.decide(f"scan-{number}", ("accepted", "rejected", "unsure")[number % 3])
            sys.stdout.write(f"{number}\\n")
            sys.stdout.flush()
        """
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
    )
    reported = -1
    while reported < 60:
        reported = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    reported = max([reported, *map(int, child.stdout.read().split())])
    child.wait()
    with WorklistStore("scans", path) as store:
        found = statuses(store)
    expected = ("accepted", "rejected", "unsure")
    for number in range(reported + 1):
        assert found[f"scan-{number}"] == expected[number % 3]


def test_two_windows_add_to_each_others_work(store, path):
    with WorklistStore("scans", path) as other:
        version = other.version()
        store.decide("a", "accepted")
        assert other.version() != version
        other.decide("b", "rejected")
        other.decide("a", "unsure")
        assert statuses(store) == statuses(other) == {"a": "unsure", "b": "rejected"}
        journal = store._read("SELECT key, value FROM decision ORDER BY number")
        assert journal == [("a", "accepted"), ("b", "rejected"), ("a", "unsure")]


def test_decisions_are_taken_back_one_after_another(store):
    first = store.decide("a", "accepted")
    second = store.decide("a", "rejected")
    note = store.write_note("a", "motion")
    store.take_back(note)
    store.take_back(second)
    assert store.verdicts()["a"].status == "accepted"
    store.take_back(first)
    assert store.verdicts()["a"].status == "new"
    assert store.verdicts()["a"].note == ""


def test_taking_back_says_again_which_content_was_decided_on(store):
    store.decide("a", "accepted", "c0ffee")
    second = store.decide("a", "rejected", "facade")
    store.take_back(second)
    assert (store.verdicts()["a"].status, store.verdicts()["a"].content) == ("accepted", "c0ffee")


def test_a_decision_can_be_made_again_and_taken_back_again(store):
    first = store.decide("a", "accepted")
    store.take_back(first)
    again = store.decide("a", "accepted")
    store.take_back(again)
    assert store.verdicts()["a"].status == "new"


def test_taking_back_leaves_what_another_window_decided_since(store, path):
    mine = store.decide("a", "accepted")
    with WorklistStore("scans", path) as other:
        other.decide("a", "rejected")
    with pytest.raises(WorklistError, match="Another window"):
        store.take_back(mine)
    assert store.verdicts()["a"].status == "rejected"


def test_another_windows_decision_between_two_of_mine_is_not_jumped_over(store, path):
    first = store.decide("a", "accepted")
    with WorklistStore("scans", path) as other:
        other.decide("a", "unsure")
    second = store.decide("a", "rejected")
    store.take_back(second)
    assert store.verdicts()["a"].status == "unsure"
    with pytest.raises(WorklistError, match="Another window"):
        store.take_back(first)


def test_a_decision_that_cannot_be_written_is_said_and_does_not_count(store, path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        store._connection.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(WorklistError, match="does not count"):
            store.decide("a", "accepted")
        other.execute("ROLLBACK")
    assert store.verdicts() == {}
    store.decide("a", "rejected")
    assert statuses(store) == {"a": "rejected"}


def test_what_was_decided_since_a_line_is_told_apart(store):
    store.decide("a", "accepted")
    store.write_note("b", "rotated")
    line = store.newest()
    assert store.verdicts(since=line) == {}
    store.write_note("a", "ask again")
    (verdict,) = store.verdicts(since=line).values()
    assert (verdict.status, verdict.note) == ("accepted", "ask again")


def test_all_decisions_and_answers_can_be_read_while_a_decision_is_being_written(store):
    store.decide("a", "accepted")
    store.remember_answer("a", "s1", "m@1", "nodule", KnownAnswer(0.25))
    with store._writing():
        store._insert("b", "status", "rejected", "")
        assert statuses(store) == {"a": "accepted"}
        assert set(store.known_answers("nodule", "m@1")) == {("a", "s1")}


def test_scores_are_known_by_files_query_and_model(store):
    store.remember("a", KnownScan("s1", "c0ffee", "XR"))
    store.remember_answer("a", "s1", "m@1", "nodule", KnownAnswer(0.25))
    store.remember_answer("b", "s2", "m@1", "nodule", KnownAnswer(None, "not learnt"))
    assert store.known_scans() == {"a": KnownScan("s1", "c0ffee", "XR")}
    assert store.known_answers("nodule", "m@1") == {
        ("a", "s1"): KnownAnswer(0.25),
        ("b", "s2"): KnownAnswer(None, "not learnt"),
    }
    assert store.known_answers("nodule", "m@2") == {}
    assert store.known_answers("mass", "m@1") == {}


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_the_files_are_readable_for_their_owner_alone(path):
    with WorklistStore("scans", path) as store:
        store.decide("Miller_Anna/chest.dcm", "accepted")
        files = list(path.parent.glob("decisions.sqlite*"))
        assert len(files) == 3  # with the two of the WAL mode
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_newer_version_is_refused_and_left_as_it_is(path):
    WorklistStore("scans", path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        other.execute("PRAGMA journal_mode = DELETE")
    before = path.read_bytes()
    with pytest.raises(WorklistError, match=r"newer version of medvlp.*found 2.*update medvlp"):
        WorklistStore("scans", path)
    assert path.read_bytes() == before


def damage_page(path):
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 512] = b"\xff" * 512
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"no database at all" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        damage_page,
    ],
    ids=["garbage", "cut off", "a page overwritten"],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path, damage):
    with WorklistStore("scans", path) as store:
        for number in range(200):
            store.decide(f"scan-{number}", "accepted")
    damage(path)
    before = path.read_bytes()
    with pytest.raises(WorklistError, match=r"damaged .*left as it is"):
        WorklistStore("scans", path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE letters (text TEXT)")
        other.commit()
    with pytest.raises(WorklistError, match="another program"):
        WorklistStore("scans", path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorklistError, match="MEDVLP_WORKLISTS"):
        WorklistStore("scans", tmp_path / "file" / "decisions.sqlite")


def test_the_files_name_tells_nothing_and_follows_the_source(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDVLP_WORKLISTS", str(tmp_path / "kept"))
    one = worklist_file(tmp_path / "Miller_Anna")
    assert "Miller" not in str(one.relative_to(tmp_path))
    assert one == worklist_file(str(tmp_path / "x" / ".." / "Miller_Anna"))
    assert one != worklist_file(tmp_path / "other")
