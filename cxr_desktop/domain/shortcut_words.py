"""The names and conditions of shortcut figures, as the reader says them; cards hold them in English.

What a card of another version says in words of its own stays as it is.
"""

from __future__ import annotations

import re

from cxr_desktop.language import tr

_NAMES = {
    "blanking all but the dilated lungs": tr("blanking all but the dilated lungs"),
    "squashing by 15 %": tr("squashing by 15 %"),
    "stretching by 15 %": tr("stretching by 15 %"),
    "covering the upper corners outside the lungs": tr("covering the upper corners outside the lungs"),
    "share of positive heat inside the lungs": tr("share of positive heat inside the lungs"),
    "share of positive heat inside the dilated lungs": tr("share of positive heat inside the dilated lungs"),
}

_BETWEEN = "; "  # the parts of a condition
_MOVES = re.compile(r"probability moves by at most (?P<change>\S+) on average, AUC by at most (?P<auc>\S+)")
_LOST = re.compile(r"(?P<films>\d+) more films were not judged any longer")
_WITHIN = re.compile(r"(?P<films>\d+) of them judged within the lungs found before the change")
_ALL_LOST = "no film was judged any longer"
_AT_LEAST = re.compile(r"at least (?P<share>\S+) %")
_DILATED = re.compile(r"dilated by (?P<share>\S+) % of the width")


def shortcut_in_words(name: str) -> str:
    """The name of a shortcut figure."""
    return _NAMES.get(name, name)


def condition_in_words(condition: str) -> str:
    """The condition of a shortcut figure, which `training.shortcuts` writes."""
    return _BETWEEN.join(_part_in_words(part) for part in condition.split(_BETWEEN))


def _part_in_words(part: str) -> str:  # noqa: PLR0911 - one answer a part
    if found := _MOVES.fullmatch(part):
        return tr(
            "probability moves by at most {change} on average, AUC by at most {auc}", **found.groupdict()
        )
    if found := _LOST.fullmatch(part):
        return tr("{films} more films were not judged any longer", **found.groupdict())
    if found := _WITHIN.fullmatch(part):
        return tr("{films} of them judged within the lungs found before the change", **found.groupdict())
    if part == _ALL_LOST:
        return tr("no film was judged any longer")
    if found := _AT_LEAST.fullmatch(part):
        return tr("at least {share} %", **found.groupdict())
    if found := _DILATED.fullmatch(part):
        return tr("dilated by {share} of the width", share=f"{found['share']} %")
    return part
