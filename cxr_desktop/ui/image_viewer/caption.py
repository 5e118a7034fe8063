"""What the film's corners say, apart from what the canvas knows itself (window, zoom, orientation)."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.wording import age_sex_text, date_time_text
from cxr_desktop.domain.worklist import Film, Study


@dataclass(frozen=True)
class Caption:
    """Lines for the corners.

    Attributes:
        film: top left: who, when, which view.
        judgement: top right: which model.
        position: bottom right, in lines: "study: film 2 of 3", "1 of 5 to read".
    """

    film: tuple[str, ...] = ()
    judgement: tuple[str, ...] = ()
    position: str = ""


def caption_of(study: Study, film: Film, model_name: str, position: str = "") -> Caption:
    """The corners of a film of the worklist.

    Args:
        model_name: of the model that judged it, e.g. "Xception 1.0"; not shown before it has.
    """
    header = film.header
    who = "   ".join(part for part in (study.name, age_sex_text(header)) if part)
    when = date_time_text(header.study_datetime) if header.study_datetime else ""
    subject = header.study_description or header.body_part.capitalize()
    view = " ".join(part for part in (subject, header.view_position, header.laterality) if part)
    judgement = (model_name,) if film.prediction is not None else ()
    return Caption(tuple(line for line in (who, when, view) if line), judgement, position)
