"""Asking for a name to save under."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFileDialog, QWidget

from medvlp_viewer.views.keep import FileKind


def choose_name(
    parent: QWidget, title: str, suggestion: str, kinds: Sequence[FileKind]
) -> str | None:
    """Ask for a name; one of the kinds' suffixes is added where it was left out.

    The dialog itself adds it, so that it asks before another file is replaced. It does not where
    the name has a dot already: then it is shown again with the whole name.
    """
    words = {f"{kind.words} (*{kind.suffix})": kind.suffix for kind in kinds}
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(words))
    dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(words[name][1:]))
    dialog.setDefaultSuffix(kinds[0].suffix[1:])
    dialog.selectFile(suggestion)
    try:
        while dialog.exec():
            name = dialog.selectedFiles()[0]
            if name.lower().endswith(tuple(words.values())):
                return name
            dialog.selectFile(name + words[dialog.selectedNameFilter()])
        return None
    finally:
        dialog.deleteLater()
