"""One part after the other; what breaks in one is a finding, and the next one is looked at all the same."""

from __future__ import annotations

import getpass
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from cxr_desktop.app.check_up.computer import of_memory, of_program, of_scoring
from cxr_desktop.app.check_up.data import of_catalogue, of_folders
from cxr_desktop.app.check_up.models import of_models, of_speed
from cxr_desktop.domain.check_up import CheckUp, Finding, Outcome, Part
from cxr_desktop.domain.errors import Cancelled, CxrError, mistake
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary

log = logging.getLogger(__name__)

OnStep = Callable[[str], None]


def examine(library: ModelLibrary, folders: UserFolders, catalogue: Path, on_step: OnStep) -> CheckUp:
    """Looks at everything. It changes nothing, and an open window may go on beside it.

    Args:
        catalogue: its file.
        on_step: told what comes next; what it raises ends the work.
    """
    parts: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        (tr("Program"), of_program),
        (tr("Memory"), of_memory),
        (tr("Scoring"), of_scoring),
        (tr("Folders"), lambda: of_folders(folders)),
        (tr("Catalogue"), lambda: of_catalogue(catalogue)),
        (tr("Models"), lambda: of_models(library, on_step)),
        (tr("Speed"), lambda: of_speed(library, on_step)),
    )
    found: list[Part] = []
    for title, look in parts:
        on_step(tr("Looking at: {title}", title=title))
        found.append(Part(title, _findings(title, look)))
    return CheckUp(datetime.now().astimezone(), tuple(found))


def report(library: ModelLibrary, folders: UserFolders, catalogue: Path, on_step: OnStep) -> tuple[str, bool]:
    """The same as a text without the user's name, and whether all is well."""
    found = examine(library, folders, catalogue, on_step)
    return found.text(str(Path.home()), _user()), not found.amiss


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in a container; Python 3.13 raises OSError
        return ""


def _findings(title: str, look: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    try:
        findings.extend(look())  # what was found before it broke stays
    except Cancelled:
        raise
    except CxrError as problem:
        findings.append(Finding(title, str(problem), Outcome.AMISS))
    except Exception as error:
        log.error("check-up, %s: %s", title, mistake(error))
        findings.append(
            Finding(title, tr("could not be looked at: {mistake}", mistake=mistake(error)), Outcome.AMISS)
        )
    return tuple(findings)
