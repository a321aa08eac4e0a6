"""The panel of a server in the real window: a DICOM node and a DICOMweb server on localhost."""

from __future__ import annotations

from socket import socket
from threading import Event
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton

from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.turns import Threads
from medvlp_viewer.views.qt.window import QtWindow


@pytest.fixture(params=["dimse", "dicomweb"])
def archive(request, archives):
    server = archives.DicomNode() if request.param == "dimse" else archives.WebServer()
    server.add(archives.ct_images(archives.volume()))
    other = f"{archives.ROOT_UID}.2"
    images = archives.ct_images(archives.volume(2), study=other, series=f"{other}.1")
    for image in images:
        image.StudyDate, image.StudyDescription = "20250101", "CT Head"
    server.add(images)
    yield server
    server.close()


@pytest.fixture
def desk(qt_application, fake_worker, tmp_path, wait_until):
    state, threads = ViewerState(), Threads()
    window = QtWindow(state)
    system = System(background=threads.run, server_folder=tmp_path / "studies")
    controller = ViewerController(state, window, fake_worker, system=system)
    window.install_commands(controller.commands)
    window.show()
    window.action("open-server").trigger()
    panel = window.server_view().panel
    desk = SimpleNamespace(state=state, window=window, controller=controller, panel=panel)
    desk.worker, desk.folder, desk.model = fake_worker, tmp_path / "studies", state.server
    desk.wait = wait_until
    yield desk
    window.close()
    window.widget.deleteLater()
    QApplication.processEvents()


def find(desk, address, **fields):
    for name, text in {"address": address, **fields}.items():
        desk.panel.form.fields[name].setText(text)
    QTest.keyClick(desk.panel.form.fields["description"], Qt.Key.Key_Return)
    assert desk.model.busy
    desk.wait(lambda: not desk.model.busy)


def cells(desk):
    table = desk.panel.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_a_study_is_found_and_opened_by_the_keyboard_alone(desk, archive, archives):
    find(desk, archive.address, patient_id=archives.PATIENT_ID, earliest="2026-01-01")
    assert cells(desk) == [["2026-02-14", "CT", "CT Chest", "1", "5", ""]]
    assert desk.panel.table.hasFocus() or not desk.panel.isActiveWindow()
    QTest.keyClick(desk.panel.table, Qt.Key.Key_Return)
    desk.wait(lambda: desk.worker.submitted, lambda: desk.model.text)
    kind, arguments = desk.worker.submitted[0]
    assert kind == "open"
    source = arguments["source"]
    source = source if isinstance(source, str) else source[0]
    assert source.startswith(str(desk.folder))
    files = sorted(desk.folder.rglob("*.dcm"))
    assert len(files) == 5
    assert not any(archives.PATIENT_ID in str(path) for path in files)
    assert not desk.panel.isVisible()
    desk.window.action("clear-downloads").trigger()
    desk.wait(lambda: not desk.folder.exists())


def test_a_series_is_listed_and_opened_alone(desk, archive, archives):
    more = archives.ct_images(archives.volume(3), series=f"{archives.ROOT_UID}.77")
    for image in more:
        image.SeriesNumber, image.SeriesDescription = 7, "Lung 3 mm"
    archive.add(more)
    find(desk, archive.address, earliest="2026-01-01")
    assert not desk.panel.series.isVisible()
    assert desk.panel.open_button.text() == "Open study"
    desk.panel.series_button.click()
    desk.wait(lambda: not desk.model.busy)
    table = desk.panel.series
    rows = [[table.item(r, c).text() for c in range(4)] for r in range(table.rowCount())]
    assert rows[0] == ["", "", "All series of the study", ""]
    wanted = rows.index(["7", "CT", "Lung 3 mm", str(len(more))])
    assert len(rows) == 3
    table.setCurrentCell(wanted, 0)
    assert desk.panel.open_button.text() == "Open series"
    QTest.keyClick(table, Qt.Key.Key_Return)
    desk.wait(lambda: desk.worker.submitted, lambda: desk.model.text)
    files = list(desk.folder.rglob("*.dcm"))
    assert {path.parent.name for path in files} == {f"{archives.ROOT_UID}.77"}
    assert len(files) == len(more)


def test_an_accession_number_is_looked_for(desk, archive, archives):
    image = archives.ct_images(archives.volume(2), study=f"{archives.ROOT_UID}.5")[0]
    image.AccessionNumber, image.StudyDescription = "A-17", "CT Foot"
    archive.add([image])
    find(desk, archive.address, accession="A-17")
    assert [row[2] for row in cells(desk)] == ["CT Foot"]


def test_names_are_hidden_until_they_are_asked_for(desk, archive, archives):
    find(desk, archive.address)
    assert len(cells(desk)) == 2
    assert "Invented" not in str(cells(desk))
    assert desk.panel.table.isColumnHidden(5)
    desk.panel.names.click()
    assert cells(desk)[0][5] == f"Invented Otto  ·  {archives.PATIENT_ID}"
    assert not desk.panel.table.isColumnHidden(5)
    desk.panel.names.click()
    assert "Invented" not in str(cells(desk))
    assert not ViewerState().server.names_shown


def test_a_server_that_is_not_there_is_one_sentence_in_the_panel(desk):
    with socket() as bound:  # and not listening: nobody else can take the port meanwhile
        bound.bind(("127.0.0.1", 0))
        find(desk, f"ARCHIVE@127.0.0.1:{bound.getsockname()[1]}")
    assert "cannot be reached" in desk.panel.state.text()
    assert desk.panel.state.isVisible()
    assert cells(desk) == []


def test_a_download_is_cancelled_while_the_server_keeps_it_waiting(desk, archives):
    go_on, node = Event(), archives.DicomNode()
    node.add(archives.ct_images(archives.volume()))
    node.before_sending = lambda: go_on.wait(20)
    try:
        find(desk, node.address)
        assert not desk.panel.cancel_button.isEnabled()
        desk.panel.open_button.click()
        assert desk.panel.progress.isVisible()
        desk.panel.cancel_button.click()
        assert not desk.model.busy
        assert desk.panel.state.text().startswith("Stopped.")
        assert desk.panel.open_button.isEnabled()
    finally:
        go_on.set()
        node.close()
    QTest.qWait(200)
    assert desk.worker.submitted == []
    assert not list(desk.folder.rglob("*.dcm"))


def test_every_control_has_a_name_and_the_research_notice_is_there(desk):
    for kind in (QPushButton, QCheckBox):
        for control in desk.panel.findChildren(kind):
            assert control.accessibleName() or control.text()
    for field in desk.panel.findChildren(QLineEdit):
        assert field.accessibleName()
    assert desk.panel.table.accessibleName()
    labels = [label.text() for label in desk.panel.findChildren(QLabel)]
    assert "Research use only. Not for clinical decisions." in labels


def test_escape_closes_the_panel_and_the_key_opens_it_with_what_was_typed(desk):
    desk.panel.form.fields["address"].setText("A@b:1")
    QTest.keyClick(desk.panel, Qt.Key.Key_Escape)
    assert not desk.panel.isVisible()
    desk.window.action("open-server").trigger()
    assert desk.panel.isVisible()
    assert desk.panel.form.fields["address"].text() == "A@b:1"
    assert desk.panel.form.fields["aet"].text() == "MEDVLP"
