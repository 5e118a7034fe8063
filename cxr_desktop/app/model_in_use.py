"""Which model judges, and from which standpoint: the library and the settings brought together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.domain.errors import BundleError, CatalogueError
from cxr_desktop.domain.library_entry import ModelInLibrary, ModelUse
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.model_page import ModelPage, model_page
from cxr_desktop.domain.settings import Settings
from cxr_desktop.domain.standpoint import Standpoint, standpoint_of
from cxr_desktop.inference.devices import Device, find_devices, threads_beside_a_window
from cxr_desktop.language import tr
from cxr_desktop.storage.model_history import note_use, uses
from cxr_desktop.storage.model_library import DEFAULT_MODELS, ModelLibrary, name_of
from cxr_desktop.ui.model_choice import ModelChoice
from cxr_desktop.workers.scoring_service import FilmScorer

if TYPE_CHECKING:
    from cxr_desktop.inference.explain.explainer import Explainer

log = logging.getLogger(__name__)


class ModelInUse:
    """The model that judges from now on, and what the reader set for it.

    Attributes:
        card: of the model in use; None where there is none.
        wanted: what it was asked for by: a name of the library, a folder, or "" for the default.
        loaded: what the last model that could be loaded was asked for by; None before the first.
        devices: gives what its networks, and those beside it, run on; the processor with so many threads.
    """

    def __init__(
        self,
        library: ModelLibrary,
        history: Path | None = None,
        devices: Callable[[int], Sequence[Device]] = find_devices,
    ) -> None:
        """
        Args:
            history: the file that keeps which model judged from when on; None: nothing is kept.
        """
        self.devices = devices
        self.card: ModelCard | None = None
        self.wanted = ""
        self.loaded: str | None = None
        self._library = library
        self._history = history
        self._bundle: Path | None = None
        self._failed: set[Path | None] = set()  # bundles that could not be loaded since the reader's choice

    def choose(self, wanted: str) -> None:
        """Takes another model into use.

        Raises:
            BundleError: there is no such model, or it cannot be used; the one before stays.
        """
        entry = self._library.find(wanted)
        self.card, self._bundle, self.wanted = entry.card, entry.folder, wanted
        self._failed.clear()

    def choose_stand_in(self) -> bool:
        """Takes the model before, else a bundled one, in place of the present one, which cannot be loaded.

        Returns:
            Whether there is one; each is taken once until the reader chooses again.
        """
        self._failed.add(self._bundle)
        for wanted in (self.loaded or "", "", *DEFAULT_MODELS):
            try:
                entry = self._library.find(wanted)
            except BundleError:
                continue
            if entry.folder not in self._failed:
                self.card, self._bundle, self.wanted = entry.card, entry.folder, wanted
                return True
        return False

    def name_of(self, folder: Path) -> str:
        """What `choose` takes a bundle's folder by: its name in the library, else the folder itself."""
        entries = self._library.models()
        for entry in entries:
            if entry.folder.resolve() == folder.resolve():
                return name_of(entry, entries)
        return str(folder)

    @property
    def default_problem(self) -> str:
        """Why the default in use is not the program's first choice; "" where it is, or was not asked for."""
        return "" if self.wanted or self.card is None else self._library.default_problem()

    def choose_or_default(self, wanted: str) -> str:
        """Takes a model into use, or the default where that cannot be.

        Returns:
            What to tell the reader; "" where all is well.
        """
        problem = ""
        for each in (wanted, ""):
            try:
                self.choose(each)
            except BundleError as reason:
                problem = problem or str(reason)
            else:
                break
        if problem and wanted and self.card is not None:
            problem = tr("{problem} Until then {model} is in use.", problem=problem, model=self.card.name)
        return problem

    @property
    def name(self) -> str:
        """What the library knows it by, also where it is the default; "" without a model."""
        if self.wanted or self._bundle is None:
            return self.wanted
        return self.name_of(self._bundle)

    @property
    def title(self) -> str:
        """Name and version; "" without a model."""
        return f"{self.card.name} {self.card.version}" if self.card else ""

    def standpoint(self, settings: Settings) -> tuple[Standpoint | None, str]:
        """From where its judgements are seen, as `standpoint_for` has it; None where there is no model."""
        return (None, "") if self.card is None else standpoint_for(self.card, settings)

    def load_scorer(self) -> FilmScorer:
        """Opens the model in use; on the scoring thread."""
        from cxr_desktop.inference.loading import load_scorer  # noqa: PLC0415 - on the scoring thread

        wanted, bundle, name = self.wanted, self._bundle, self.name  # the reader may choose another meanwhile
        if bundle is None:
            raise BundleError(tr("No bundled model can be used. Install the program again."))
        scorer = load_scorer(bundle, self._library.lung_finder(), self.devices(threads_beside_a_window()))
        self.loaded = wanted
        self._note_use(name, scorer.card)
        return scorer

    def _note_use(self, name: str, card: ModelCard) -> None:
        if self._history is None:
            return
        try:
            note_use(self._history, ModelUse(name, *card.key, datetime.now(UTC)))
        except CatalogueError as problem:  # no reason not to judge
            log.warning("the use of a model could not be noted: %s", problem)

    def folder_of(self, wanted: str) -> Path:
        """The bundle of a model, by what the library knows it by; "" for the one in use.

        Raises:
            BundleError: there is no such model.
        """
        bundle = self._library.find(wanted).folder if wanted else self._bundle
        if bundle is None:
            raise BundleError(tr("No bundled model can be used. Install the program again."))
        return bundle

    def load_scorer_of(self, wanted: str) -> FilmScorer:
        """Opens another model to score films beside the one in use; on the thread that does.

        Raises:
            CxrError: there is no such model, or it cannot be loaded.
        """
        from cxr_desktop.inference.loading import load_scorer  # noqa: PLC0415 - on that thread

        devices = self.devices(threads_beside_a_window())
        return load_scorer(self.folder_of(wanted), self._library.lung_finder(), devices)

    def load_explainer(self, bundle: Path) -> Explainer:
        """Opens a model to question its scores; on the questioning thread.

        Raises:
            CxrError: it cannot be loaded.
        """
        from cxr_desktop.inference.loading import load_explainer  # noqa: PLC0415 - on that thread

        return load_explainer(bundle, self._library.lung_finder(), self.devices(threads_beside_a_window()))

    def page(self) -> ModelPage:
        """All that is told of the model in use, with the lung finder before it.

        Raises:
            BundleError: there is no model.
        """
        if self.card is None:
            raise BundleError(
                tr("No model is in use, so there is nothing to tell. Install the program again.")
            )
        return model_page(self.card, self._library.lung_finder_card())

    @property
    def folder(self) -> Path | None:
        """The bundle of the model in use; None where there is none."""
        return self._bundle

    def all_models(self) -> list[ModelInLibrary]:
        """All models that there are, by the names that `choose` takes; those that cannot be used, too.

        One from elsewhere that is in use stands last.
        """
        entries = self._library.models()
        models = [
            ModelInLibrary(
                name_of(entry, entries),
                entry.folder,
                f"{entry.card.name} {entry.card.version}" if entry.card else entry.folder.name,
                entry.card,
                entry.problem,
                entry.bundled,
            )
            for entry in entries
        ]
        if self._bundle is not None and self._bundle not in [each.folder for each in models]:
            models.append(ModelInLibrary(self.wanted, self._bundle, self.title, self.card))
        return models

    def uses(self) -> tuple[ModelUse, ...]:
        """Which model judged from when on, the latest last.

        Raises:
            CatalogueError: the disk cannot be read.
        """
        return () if self._history is None else uses(self._history)

    def choices(self) -> list[ModelChoice]:
        """All models to choose from, the default first; also one from elsewhere that is in use."""
        choices = [ModelChoice(each.name, each.title, each.card, each.problem) for each in self.all_models()]
        try:
            default = self._library.find("").card
        except BundleError as reason:
            default, problem = None, str(reason)
        else:
            problem = ""
        title = tr("Default")
        if default is not None:
            title = tr("Default: {model}", model=f"{default.name} {default.version}")
        choices.insert(0, ModelChoice("", title, default, problem))
        if self.wanted not in [choice.name for choice in choices]:
            choices.append(ModelChoice(self.wanted, self.title, self.card))
        return choices


def standpoint_for(card: ModelCard, settings: Settings) -> tuple[Standpoint, str]:
    """From where a model's judgements are seen, as far as its card allows, and what to tell of the rest.

    A point that this card lacks is not worth a word while it stands in the settings for another model; the
    card's default is used. A share that cannot be used is.
    """
    known = card.point_named(settings.operating_point)
    point = known.name if known else ""
    share = None if settings.pneumonia_share is None else settings.pneumonia_share / 100
    try:
        return standpoint_of(card, point, share), ""
    except BundleError as reason:
        return standpoint_of(card, point), str(reason)
