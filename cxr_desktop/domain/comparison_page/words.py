"""A comparison's verdict in plain words."""

from __future__ import annotations

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.comparison import ModelComparison, Verdict
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr

_HEADLINES = {
    Verdict.BETTER: tr("The new model is better"),
    Verdict.NO_EVIDENCE: tr("No evidence of a difference"),
    Verdict.WORSE: tr("The new model is worse: do not switch"),
}
_ADVICE = {
    Verdict.BETTER: tr(
        "On these films the new model tells suspicious from other films better, and nothing that "
        "was looked at speaks against it. You may switch; the way back stays open."
    ),
    Verdict.NO_EVIDENCE: tr(
        "These films cannot tell which of the two is better. Keep the present model, unless you "
        "have another reason to switch. More films of your own would tell more."
    ),
    Verdict.WORSE: tr("Keep the present model. The new one can be kept to look into it, or be discarded."),
}


def headline(verdict: Verdict) -> str:
    """The verdict as one would say it."""
    return _HEADLINES[verdict]


def advice(verdict: Verdict) -> str:
    """What to do about it."""
    return _ADVICE[verdict]


def short_names(result: ModelComparison) -> tuple[str, str]:
    """What is enough to tell the two apart: their ids, else their versions."""
    now, new = result.now, result.new
    return (now.id, new.id) if now.id != new.id else (now.version, new.version)


def point_in_words(result: ModelComparison) -> str:
    """The operating points at which verdicts are told: "at the operating point “balanced”"."""
    now, new = (card_phrase(model.points[0].name) for model in (result.now, result.new))
    if now.lower() == new.lower():
        return tr("at the operating point “{now}”", now=now)
    first, second = short_names(result)
    return tr(
        "at the operating points “{now}” of {first} and “{new}” of {second}",
        now=now,
        first=first,
        new=new,
        second=second,
    )


def flips_in_words(result: ModelComparison) -> str:
    """How many verdicts change, and for better or worse: "5 verdicts change, 4 to right and 1 to wrong"."""
    if not result.flips:
        return tr("No verdict changes")
    right = sum(film.right[1] for film in result.flips)
    changes = counted(len(result.flips), "verdict changes", "verdicts change")
    return tr(
        "{changes}, {right:,} to right and {wrong:,} to wrong",
        changes=changes,
        right=right,
        wrong=len(result.flips) - right,
    )
