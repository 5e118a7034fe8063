"""What the program itself writes into the cards of models, as the reader says it.

Cards are English, and a model's page shows their sentences as they are. What menus, lists and tooltips say
of a model is said in the reader's language where it is one of these; all else stays as the card has it.
"""

from __future__ import annotations

import re

from cxr_desktop.language import tr

_PHRASES = {
    # Operating points, and how they were chosen.
    "balanced": tr("balanced"),
    "high sensitivity": tr("high sensitivity"),
    "Errs equally often on both kinds of the films held out from training.": tr(
        "Errs equally often on both kinds of the films held out from training."
    ),
    "Errs equally often on both kinds of the films held out from training, varied in geometry and grey "
    "levels.": tr(
        "Errs equally often on both kinds of the films held out from training, varied in geometry and grey "
        "levels."
    ),
    "The highest threshold, none above the balanced one, that finds at least 99 % of the suspicious films "
    "held out from training, taken halfway to the next film that it may miss.": tr(
        "The highest threshold, none above the balanced one, that finds at least {share} of the suspicious "
        "films held out from training, taken halfway to the next film that it may miss.",
        share="99 %",
    ),
    # What a model learned from, and was measured on.
    "A labelled folder of one's own": tr("A labelled folder of one's own"),
    "the films of a labelled folder of one's own": tr("the films of a labelled folder of one's own"),
    "the test films of the labelled folder": tr("the test films of the labelled folder"),
    "the hospital’s own films of the locked test set": tr("the hospital’s own films of the locked test set"),
}
_HELD_OUT = re.compile(
    r"(?P<films>\d+) films held out from training; calibration and operating points were chosen on them"
)


def card_phrase(text: str) -> str:
    """A text of a card: the name of an operating point or its rule, or which films."""
    if found := _HELD_OUT.fullmatch(text):
        return tr(
            "{films} films held out from training; calibration and operating points were chosen on them",
            films=found["films"],
        )
    return _PHRASES.get(text, text)
