"""Nothing is replaced under a name that the dialog did not ask about."""

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from medvlp_viewer.views.keep import FileKind
from medvlp_viewer.views.qt.save_dialog import choose_name

SESSION = FileKind("Session", ".medvlp.json")


@pytest.fixture
def typed(qt_application, monkeypatch):
    """What the user types each time the dialog is shown; None accepts the name in it."""
    names, shown = [], []

    def exec_(dialog):
        shown.append(dialog.selectedFiles()[0] if dialog.selectedFiles() else "")
        if not names:
            return 0
        name = names.pop(0)
        if name is not None:
            dialog.selectFile(name)
        return 1

    monkeypatch.setattr(QFileDialog, "exec", exec_)
    monkeypatch.setattr(
        QFileDialog, "__init__", _without_native_dialog(QFileDialog.__init__), raising=True
    )
    return names, shown


def _without_native_dialog(made):
    def make(dialog, *arguments):
        made(dialog, *arguments)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)

    return make


def test_the_dialog_adds_the_suffix_itself(typed, tmp_path):
    names, shown = typed
    names.append(str(tmp_path / "mine"))
    found = choose_name(QWidget(), "Save", str(tmp_path / "x.medvlp.json"), (SESSION,))
    assert found == str(tmp_path / "mine.medvlp.json")
    assert len(shown) == 1


def test_a_name_that_gets_its_suffix_later_is_asked_about_again(typed, tmp_path):
    (tmp_path / "ct.1.medvlp.json").write_text("of yesterday")
    names, shown = typed
    names += [str(tmp_path / "ct.1"), None]
    found = choose_name(QWidget(), "Save", "x.medvlp.json", (SESSION,))
    assert found == str(tmp_path / "ct.1.medvlp.json")
    assert shown[1] == found  # the second dialog asks before it replaces
    names.append(str(tmp_path / "ct.1"))
    assert choose_name(QWidget(), "Save", "x.medvlp.json", (SESSION,)) is None


def test_either_kind_of_an_export_is_taken_as_it_is(typed, tmp_path):
    names, _ = typed
    kinds = (FileKind("CSV", ".csv"), FileKind("JSON", ".json"))
    names += [str(tmp_path / "a.json"), str(tmp_path / "b")]
    assert choose_name(QWidget(), "Export", "x.csv", kinds) == str(tmp_path / "a.json")
    assert choose_name(QWidget(), "Export", "x.csv", kinds) == str(tmp_path / "b.csv")
