"""The scan on screen, answered by a second model beside the first."""

from __future__ import annotations

from medvlp.scan import Scan
from medvlp_viewer.controllers.compare import CompareController
from medvlp_viewer.controllers.models import ModelsController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState


class CompareModelsController:
    """Opens a second model on the right, and takes it along to the next scan.

    Parameters
    ----------
    session
        Of the left side: says where its scan was read from.
    compare
        The two sides.
    models
        Knows which model answers on the left.
    """

    def __init__(
        self,
        state: ViewerState,
        session: SessionController,
        compare: CompareController,
        models: ModelsController,
    ) -> None:
        self._picker, self._settings = state.picker, state.settings
        self._session, self._compare, self._models = session, compare, models
        session.opened.connect(self._follow)

    @property
    def available(self) -> bool:
        """Whether the selected model can answer beside the one in use."""
        return self._models.can_use and self._compare.available and self._session.origin is not None

    def begin(self) -> None:
        """Open the selected model on the right."""
        offer = self._picker.offer
        if offer is not None and self._models.takes_scan(offer):
            self._open(offer.key)

    def _open(self, name: str) -> None:
        origin = self._session.origin
        if origin is not None:
            self._compare.open_model(name, self._settings.value.device, origin)

    def _follow(self, scan: Scan) -> None:
        """Another scan is on screen: both models are asked about it."""
        if self._compare.model.other_model:
            self._compare.right.heats.clear()
            self._open(self._compare.model.other_model)
