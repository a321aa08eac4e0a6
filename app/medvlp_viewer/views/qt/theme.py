"""Two palettes. The dark one is the default: the picture is the brightest thing on the screen.

Text on every surface reaches a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3, level AA); focus
rings and borders of controls reach 3 : 1 (1.4.11). The tests compute both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from medvlp_viewer.models.settings import ThemeChoice


@dataclass(frozen=True)
class Theme:
    """Colours as ``"#rrggbb"``, lengths in pixels, and the names of pictures in the style sheet.

    ``canvas`` lies behind the pictures. ``accent_dark`` is the background of what is selected.
    """

    canvas: str = "#000000"
    window: str = "#14171c"
    panel: str = "#1a1e25"
    raised: str = "#262c36"
    hover: str = "#313948"
    line: str = "#2c333f"
    control_line: str = "#707c8e"
    text: str = "#e6eaf0"
    muted: str = "#a6b0be"
    disabled: str = "#7d8795"
    accent: str = "#59c2e8"
    accent_dark: str = "#1d4f66"
    on_accent: str = "#071318"
    letters: str = "#ffd27a"
    crosshair: str = "#59c2e8"
    measure: str = "#9be37a"
    information: str = "#59c2e8"
    warning: str = "#f3bd52"
    error: str = "#ff8f87"
    check: str = "check-dark"
    chevron: str = "chevron-down"
    space: int = 8
    radius: int = 5
    large_radius: int = 8
    font_pixels: int = 13
    subtitle_pixels: int = 15
    title_pixels: int = 20


DARK = Theme()
LIGHT = Theme(
    window="#eef1f5",
    panel="#f7f9fb",
    raised="#ffffff",
    hover="#dce4ed",
    line="#ccd4de",
    control_line="#737f8f",
    text="#171c24",
    muted="#4a5564",
    disabled="#697484",
    accent="#0b6488",
    accent_dark="#c5e1ef",
    on_accent="#ffffff",
    information="#0b6488",
    warning="#7a4d00",
    error="#a8201a",
    check="check-light",
    chevron="chevron-down-light",
)
ON_PICTURE = DARK
"""Colours of what is drawn over a picture, whose surround is black in both themes."""


class ActiveTheme(QObject):
    """The theme in use: every attribute of :class:`Theme`, read when something is drawn.

    Signals
    -------
    changed()
        After another theme was put in use: what holds coloured pixmaps makes them anew. Connect
        methods of QObjects, which are forgotten with their object; for the widgets of anything
        else there is :func:`follow_theme`.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    @property
    def theme(self) -> Theme:
        """The theme itself."""
        return self._theme

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._theme, name)

    def use(self, theme: Theme) -> None:
        """Put a theme in use."""
        if theme != self._theme:
            self._theme = theme
            self.changed.emit()


THEME = ActiveTheme(DARK)


class _Follower(QObject):
    """Goes with the widget that it belongs to, and with it the connection to the theme."""

    def __init__(self, widget: QWidget, style: Callable[[], None]) -> None:
        super().__init__(widget)
        self._style = style
        THEME.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self._style()


def follow_theme(widget: QWidget, style: Callable[[], None]) -> None:
    """Style a widget now, and at every change of the theme for as long as the widget lives."""
    _Follower(widget, style)
    style()


def chosen_theme(choice: ThemeChoice) -> Theme:
    """The theme of a setting; ``"system"`` asks the desktop, and is dark where it does not say."""
    if choice == "system":
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK
    return LIGHT if choice == "light" else DARK


_STYLE = """
* {{ outline: none; }}
QDialog {{ background: {window}; }}
QWidget#side, QWidget#side QWidget {{ background: {panel}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {control_line}; padding: 4px; }}
QMenuBar {{ background: {window}; color: {text}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: {radius}px; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 28px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent_dark}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QMenu::indicator {{ width: 14px; height: 14px; left: 6px; }}
QToolBar {{ background: {window}; border: none; border-bottom: 1px solid {line};
    padding: 3px 6px; spacing: 2px; }}
QToolBar::separator {{ width: 1px; background: {line}; margin: 4px 6px; }}
QToolBar QToolButton {{ padding: 5px; border-radius: {radius}px; border: 1px solid transparent;
    color: {text}; }}
QToolButton:hover {{ background: {hover}; border-radius: {radius}px; }}
QToolButton:checked {{ background: {accent_dark}; border-radius: {radius}px; }}
QToolButton:focus {{ border: 1px solid {accent}; }}
QStatusBar {{ background: {window}; border-top: 1px solid {line}; color: {muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {muted}; padding: 1px 7px; }}
QStatusBar QLabel#research-notice {{ color: {warning}; font-weight: 600; }}
QLineEdit, QComboBox, QDoubleSpinBox, QSpinBox {{ background: {window}; color: {text};
    border: 1px solid {control_line}; border-radius: {radius}px; padding: 6px 8px;
    selection-background-color: {accent_dark}; selection-color: {text};
    placeholder-text-color: {muted}; }}
SliderLabel {{ padding: 2px 0; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 8px; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; height: 0; border: none; }}
QLineEdit:focus, QComboBox:focus, QDoubleSpinBox:focus, QSpinBox:focus {{ border: 1px solid {accent}; }}
QWidget#side QLineEdit, QWidget#side QComboBox {{ background: {window}; }}
QComboBox QAbstractItemView {{ background: {raised}; color: {text};
    selection-background-color: {accent_dark}; selection-color: {text}; }}
QComboBox::drop-down {{ border: none; width: 20px; }}
QComboBox::down-arrow {{ image: url({icons}/{chevron}.svg); width: 14px; height: 14px; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {control_line};
    border-radius: {radius}px; padding: 5px 12px; }}
QWidget#side QPushButton {{ background: {raised}; }}
QPushButton:hover, QWidget#side QPushButton:hover {{ background: {hover}; }}
QPushButton#primary {{ background: {accent}; color: {on_accent}; border-color: {accent};
    font-weight: 600; }}
QPushButton#primary:disabled {{ background: {raised}; color: {disabled}; border-color: {line}; }}
QPushButton:checked {{ background: {accent_dark}; border-color: {accent}; }}
QPushButton:pressed {{ background: {accent_dark}; }}
QPushButton:focus {{ border: 1px solid {accent}; }}
QPushButton:disabled {{ color: {disabled}; border-color: {line}; }}
QWidget#side QPushButton#primary {{ background: {accent}; color: {on_accent};
    border-color: {accent}; font-weight: 600; }}
QWidget#side QPushButton#primary:disabled {{ background: {raised}; color: {disabled};
    border-color: {line}; }}
QCheckBox {{ color: {text}; spacing: 6px; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border: 1px solid {control_line};
    border-radius: 4px; background: {window}; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent};
    image: url({icons}/{check}.svg); }}
QCheckBox::indicator:focus {{ border: 1px solid {text}; }}
QListWidget, QTableView {{ background: {window}; color: {text}; border: 1px solid {line};
    border-radius: {radius}px; gridline-color: {line}; alternate-background-color: {panel};
    selection-background-color: {accent_dark}; selection-color: {text}; }}
QWidget#side QListWidget, QWidget#side QTableView {{ background: {window}; }}
QListWidget::item {{ border-bottom: 1px solid {line}; }}
QListWidget::item:selected {{ background: {accent_dark}; }}
QWidget#side QListWidget QWidget {{ background: transparent; }}
QListWidget:focus, QTableView:focus {{ border: 1px solid {accent}; }}
QHeaderView {{ background: {panel}; border: none; }}
QHeaderView::section {{ background: {panel}; color: {muted}; border: none;
    border-bottom: 1px solid {line}; padding: 3px 6px; min-height: 22px; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ subcontrol-position: top center;
    width: 9px; height: 5px; }}
QTableView::item {{ padding: 3px 4px; }}
QProgressBar {{ background: {window}; color: {text}; border: 1px solid {control_line};
    border-radius: 4px; text-align: center; min-height: 16px; max-height: 16px; }}
QProgressBar::chunk {{ background: {accent_dark}; border-radius: 3px; }}
QWidget#side QListWidget QProgressBar {{ background: {panel}; }}
QSlider::groove:horizontal {{ height: 4px; background: {raised}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 14px; margin: -5px 0; border-radius: 7px;
    background: {text}; }}
QSlider::handle:horizontal:focus {{ background: {accent}; }}
QScrollBar:vertical {{ background: transparent; width: 10px; }}
QScrollBar::handle:vertical {{ background: {hover}; border-radius: 5px; min-height: 24px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; }}
QScrollBar::handle:horizontal {{ background: {hover}; border-radius: 5px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{ background: transparent; color: {muted}; padding: 7px 14px;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QLabel#heading {{ color: {muted}; font-weight: 600; letter-spacing: 1px; }}
QLabel#muted {{ color: {muted}; }}
QFrame#pane {{ background: {canvas}; border: 1px solid {line}; }}
QFrame#pane[active="true"] {{ border: 1px solid {accent}; }}
QFrame#message {{ background: {raised}; border-bottom: 1px solid {line};
    border-left: 4px solid {information}; }}
QFrame#message[severity="warning"] {{ border-left-color: {warning}; }}
QFrame#message[severity="error"] {{ border-left-color: {error}; }}
QFrame#message QLabel {{ color: {text}; }}
QFrame#message QLabel#severity {{ color: {information}; font-weight: 600; }}
QFrame#message[severity="warning"] QLabel#severity {{ color: {warning}; }}
QFrame#message[severity="error"] QLabel#severity {{ color: {error}; }}
QLabel#section {{ color: {text}; font-size: {subtitle_pixels}px; font-weight: 600; }}
QLabel#keys {{ color: {accent}; }}
QLabel#title {{ color: {text}; font-size: {title_pixels}px; font-weight: 600; }}
QLabel#subtitle {{ color: {muted}; font-size: {subtitle_pixels}px; }}
QFrame#palette {{ background: {panel}; border: 1px solid {control_line};
    border-radius: {large_radius}px; }}
QFrame#palette QLineEdit {{ font-size: {subtitle_pixels}px; padding: 8px 10px; }}
QFrame#palette QListView {{ background: {panel}; border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget#page {{ background: {window}; border: none; }}
"""


def style_sheet(theme: Theme, icons: str) -> str:
    """The style sheet of every part of a window; ``icons`` is the folder of the SVG files."""
    return _STYLE.format(icons=icons.replace("\\", "/"), **asdict(theme))


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give the whole application the palette and the font size, and put the theme in use.

    The style sheet is given to the parts of windows
    (:class:`medvlp_viewer.views.qt.styled_parts.StyledParts`): one of the application is applied
    to all widgets in a single call, which takes two to three times as long in all.
    """
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    font = QFont(application.font())
    if font.pixelSize() != theme.font_pixels:
        font.setPixelSize(theme.font_pixels)
        application.setFont(font)
    THEME.use(theme)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: theme.window,
        roles.Base: theme.window,
        roles.AlternateBase: theme.panel,
        roles.Button: theme.raised,
        roles.ToolTipBase: theme.raised,
        roles.Highlight: theme.accent,
        roles.Mid: theme.line,
        roles.Dark: theme.window,
        roles.Light: theme.hover,
        roles.PlaceholderText: theme.muted,
        roles.Link: theme.accent,
        roles.HighlightedText: theme.on_accent,
    }.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText):
        palette.setColor(role, QColor(theme.text))
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return palette
