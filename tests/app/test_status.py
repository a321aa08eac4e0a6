from dataclasses import replace

from medvlp import ScanWarning
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState


def open_scan(viewer, worker, scan):
    viewer.open("/home/Doe^Jane/study")
    worker.reply(worker.last("open"), value=scan)
    viewer.session.poll()


def test_title_and_status_describe_the_scan_without_its_path(make, fake_window, fake_worker):
    viewer = ViewerController(ViewerState(), fake_window, fake_worker)
    open_scan(viewer, fake_worker, make.scan(make.geometry(shape=(12, 20, 24))))
    assert "12 × 20 × 24" in fake_window.title
    texts = " ".join([fake_window.title, *vars(fake_window.status).values()])
    assert "Doe" not in texts
    assert "study" not in texts


def test_warnings_of_the_reader_are_shown_and_a_clean_scan_closes_the_bar(
    make, fake_window, fake_worker
):
    viewer = ViewerController(ViewerState(), fake_window, fake_worker)
    warnings = (ScanWarning("gaps", "Slices 4 and 5 are 10 mm apart."), ScanWarning("b", "Tilted."))
    open_scan(viewer, fake_worker, replace(make.scan(make.geometry()), warnings=warnings))
    message = fake_window.messages[-1]
    assert message.severity == "warning"
    assert message.text.startswith("Slices 4 and 5 are 10 mm apart.")
    assert "Tilted." in message.details
    open_scan(viewer, fake_worker, make.scan(make.oblique()))
    assert fake_window.messages[-1] is None


def test_an_error_is_a_message_and_not_a_dialog(make, fake_window, fake_worker):
    viewer = ViewerController(ViewerState(), fake_window, fake_worker)
    viewer.open("nowhere")
    fake_worker.reply(1, "error", message="nowhere does not exist.")
    viewer.session.poll()
    assert fake_window.messages[-1].text == "nowhere does not exist."


def test_every_command_has_its_own_keys(fake_window, fake_worker):
    viewer = ViewerController(ViewerState(), fake_window, fake_worker)
    keys = [key for command in viewer.commands for key in command.keys]
    for claims in (False, True):  # while a claiming command is enabled, the others lose the key
        for elsewhere in ("in_panes", "in_volume"):  # two places never have the keyboard at once
            bound = [
                key
                for command in viewer.commands
                if command.claims_keys is claims and not getattr(command, elsewhere)
                for key in command.keys
            ]
            assert len(bound) == len(set(bound))
    unreachable = {
        key for command in viewer.commands if command.claims_keys for key in command.keys
    }
    for command in viewer.commands:
        if command.keys and not command.claims_keys:
            assert set(command.keys) - unreachable, command.name
    assert {"G", "R", "N", "P", "Ctrl+L", "/", "?", "1", "5", "B", "F", "PgUp"} <= set(keys)
    names = [command.name for command in viewer.commands]
    assert len(names) == len(set(names))


def test_closing_the_window_ends_the_worker(fake_window, fake_worker):
    ViewerController(ViewerState(), fake_window, fake_worker)
    fake_window.close()
    assert fake_worker.closed
