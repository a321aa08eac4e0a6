"""The model picker in the real window, with a fake process behind it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from medvlp.models.offers import Offer
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.model_picker import Download
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.window import QtWindow

URL = "https://example.org/terms?a=1&b=2"
OFFERS = [
    Offer("small", "Small", "built-in", ("CT", "XR"), 12_000_000, 25_000_000),
    Offer("clip", "A CLIP", "on-disk", ("CT", "XR"), 1_000_000, 4_000_000),
    Offer("theirs", "Theirs", "needs-licence", ("CT",), licence="Terms <1>", licence_url=URL),
    Offer("owner/remote", "Remote", "can-be-pulled", ("XR",), size=3_500_000_000, citation="A & B"),
]


class Viewer:
    def __init__(self, worker):
        self.worker, self.state = worker, ViewerState()
        self.window = QtWindow(self.state)
        make = type(worker)
        self.controller = ViewerController(
            self.state, self.window, worker, make_scorer=make, second=make
        )
        self.window.install_commands(self.controller.commands)
        self.window.show()
        self.window.show_models()
        self.state.picker.set_offers(OFFERS)
        self.panel = self.window._models
        QApplication.processEvents()

    def shown(self):
        """Words on the buttons that can be pressed."""
        QApplication.processEvents()
        return {n for n, button in self.panel.buttons.items() if not button.isHidden()}


@pytest.fixture
def viewer(qt_application, fake_worker):
    viewer = Viewer(fake_worker)
    yield viewer
    viewer.window.close()
    viewer.window.widget.deleteLater()
    QApplication.processEvents()


def test_every_model_has_a_row_with_its_status_in_words(viewer):
    table = viewer.panel.table
    cells = [[table.item(i, j).text() for j in range(4)] for i in range(table.rowCount())]
    assert cells == [
        ["small", "CT, X-ray", "12.0 M, 25.0 MB", "In use"],
        ["clip", "CT, X-ray", "1.0 M, 4.0 MB", "On disk"],
        ["theirs", "CT", "", "Needs its licence accepted"],
        ["owner/remote", "X-ray", "3.5 GB", "Can be downloaded"],
    ]
    assert table.item(0, 0).font().bold()
    assert not table.item(1, 0).font().bold()


def test_only_what_can_be_done_with_a_model_is_offered(viewer):
    found = {}
    for row, offer in enumerate(OFFERS):
        viewer.panel.table.selectRow(row)
        found[offer.key] = viewer.shown()
    assert found == {
        "small": {"models-import"},
        "clip": {"models-use", "models-import"},  # nothing to compare on without a scan
        "theirs": {"models-licence", "models-import"},
        "owner/remote": {"models-download", "models-import"},
    }


def test_licence_and_citation_are_shown_as_they_are_written(viewer):
    viewer.panel.table.selectRow(2)
    about = viewer.panel.detail.text()
    assert "Terms &lt;1&gt;" in about
    assert 'href="https://example.org/terms?a=1&amp;b=2"' in about
    viewer.panel.table.selectRow(3)
    assert "A &amp; B" in viewer.panel.detail.text()


def test_a_model_is_chosen_by_the_keyboard_alone(viewer):
    table = viewer.panel.table
    viewer.panel.activateWindow()
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    button = viewer.panel.buttons["models-use"]
    assert viewer.state.picker.selected == "clip"
    assert viewer.shown() == {"models-use", "models-import"}
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert viewer.worker.submitted == [("load_model", {"model": "clip", "device": "auto"})]
    assert table.item(1, 3).text() == "Loading…"


def test_a_download_shows_its_progress_and_can_be_stopped(viewer):
    viewer.panel.table.selectRow(3)
    viewer.panel.buttons["models-download"].click()
    viewer.state.picker.set_download(Download("owner/remote", "model.safetensors", 0.42))
    assert viewer.panel.progress.value() == 42
    assert not viewer.panel.progress.isHidden()
    assert viewer.panel.table.item(3, 3).text() == "Downloading 42 %"
    assert viewer.shown() == {"models-stop"}
    viewer.state.picker.set_download(None)
    assert viewer.panel.progress.isHidden()


def test_every_control_has_a_name_and_the_research_notice_is_there(viewer):
    for button in viewer.panel.findChildren(QPushButton):
        assert button.accessibleName() or button.text()
    assert viewer.panel.table.accessibleName()
    labels = [label.text() for label in viewer.panel.findChildren(QLabel)]
    assert "Research use only. Not for clinical decisions." in labels


def test_escape_closes_the_picker_and_the_key_opens_it_again(viewer):
    QTest.keyClick(viewer.panel, Qt.Key.Key_Escape)
    assert not viewer.panel.isVisible()
    viewer.window.action("models-choose").trigger()
    assert viewer.panel.isVisible()
