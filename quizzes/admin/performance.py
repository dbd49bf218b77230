"""What answers tell about a question, in words. A figure that rests on too few answers is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from questions.models import Question
from quizzes.ability import authored_difficulty
from quizzes.item_analysis import FEWEST_ANSWERS_OF_CANDIDATE, IDLE_BELOW, Flag, standard_error
from quizzes.models import ItemParameters, ItemStatistics, OptionStatistics

FEWEST_FOR_SHARES = 30
FEWEST_FOR_CORRELATIONS = 50
FEWEST_FOR_IDLE = Flag.IDLE.fewest
# From which discrimination on, and what item writers say of it (Ebel and Frisbie 1991, chapter 13).
BANDS = ((0.30, "good"), (0.20, "acceptable"), (0.10, "low, worth a revision"), (0.0, "hardly any"), (-1.0, "negative"))
NEVER_CHOSEN = OptionStatistics(count=0, share=0.0, discrimination=None, top_share=None)
LIKE_AUTHORED = 0.4  # logits, half a level


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class OptionRow:
    label: str
    text: str
    is_key: bool
    count: int
    share: str
    top_share: str
    discrimination: str
    verdict: str


def performance(question: Question, statistics: ItemStatistics | None) -> SafeString:
    """Parameters are those of the statistics' own question, so that one query may bring both."""
    parameters = getattr(statistics.question, "parameters", None) if statistics else None
    context = {
        "flags": raised(statistics) if statistics else [],
        "figures": [*figures(statistics), difficulty(question, parameters)] if statistics else [],
        "options": option_rows(question, statistics) if statistics else [],
        "computed_at": statistics.computed_at if statistics else None,
    }
    return render_to_string("admin/quizzes/performance.html", context)


def raised(statistics: ItemStatistics) -> list[Flag]:
    """Without those that a later version of the program no longer knows."""
    return [flag for code in statistics.flags if (flag := Flag.of(code))]


def figures(statistics: ItemStatistics) -> list[Figure]:
    return [
        Figure("First answers", str(statistics.n), "of candidates who had never met the question"),
        Figure("Right", facility_words(statistics), "facility, the share of right answers"),
        Figure("Discrimination", discrimination_words(statistics), "correlation with the other answers of a candidate"),
        Figure(
            "Efficiency",
            _correlational(statistics, statistics.efficiency, "{:.0f} %"),
            "of the discrimination that is possible at this facility",
        ),
        Figure(
            "Upper less lower group",
            _correlational(statistics, statistics.upper_lower, "{:+.2f}"),
            "share right of the strongest 27 % less that of the weakest 27 %",
        ),
        Figure("Median time", _seconds(statistics), "on screen until answered"),
    ]


def facility_words(statistics: ItemStatistics) -> str:
    if statistics.n < FEWEST_FOR_SHARES:
        return too_few(statistics.n, FEWEST_FOR_SHARES)
    return f"{statistics.facility:.0%}".replace("%", " %")


def discrimination_words(statistics: ItemStatistics) -> str:
    r = statistics.discrimination
    if statistics.discrimination_n < FEWEST_FOR_CORRELATIONS or r is None:
        return _correlational(statistics, r, "")
    words = next(words for least, words in BANDS if r >= least)
    return f"{r:.2f} (SE {standard_error(r, statistics.discrimination_n):.2f}): {words}"


def difficulty(question: Question, parameters: ItemParameters | None) -> Figure:
    authored = authored_difficulty(question.difficulty)
    by_author = f"authored as level {question.difficulty} of 5, which is {authored:+.1f} logits"
    if parameters is None:
        return Figure("Difficulty in force", f"{authored:+.1f} logits", f"{by_author}; not calibrated yet")
    off = parameters.difficulty - authored
    verdict = "as authored" if abs(off) < LIKE_AUTHORED else f"{'harder' if off > 0 else 'easier'} than authored"
    slope = "" if parameters.discrimination == 1 else f"; slope {parameters.discrimination:.2f}"
    value = f"{parameters.difficulty:+.2f} logits (SE {parameters.difficulty_se:.2f}): {verdict}"
    return Figure("Difficulty in force", value, f"{by_author}; calibrated on {parameters.n} answers{slope}")


def option_rows(question: Question, statistics: ItemStatistics) -> list[OptionRow]:
    return [_option_row(question, statistics, option["label"], option["text"]) for option in question.options]


def too_few(count: int, needed: int) -> str:
    return f"too few answers ({count} of {needed})"


def _option_row(question: Question, statistics: ItemStatistics, label: str, text: str) -> OptionRow:
    option = statistics.option_statistics.get(label, NEVER_CHOSEN)
    has_shares = statistics.n >= FEWEST_FOR_SHARES
    has_correlations = statistics.discrimination_n >= FEWEST_FOR_CORRELATIONS
    r, top_share = option["discrimination"], option["top_share"]
    return OptionRow(
        label=label,
        text=text,
        is_key=label == question.key,
        count=option["count"],
        share=f"{option['share']:.0%}".replace("%", " %") if has_shares else "",
        top_share=f"{top_share:.0%}".replace("%", " %") if has_correlations and top_share is not None else "",
        discrimination=f"{r:+.2f}" if has_correlations and r is not None else "",
        verdict=_verdict(label == question.key, statistics.n, option["share"], r if has_correlations else None),
    )


def _verdict(is_key: bool, n: int, share: float, r: float | None) -> str:
    if is_key:
        return "the key"
    if n >= FEWEST_FOR_IDLE and share < IDLE_BELOW:
        return "hardly chosen"
    if r is None:
        return ""
    return "draws the stronger" if r > 0 else "draws the weaker, as it should"


def _correlational(statistics: ItemStatistics, value: float | None, form: str) -> str:
    if statistics.discrimination_n < FEWEST_FOR_CORRELATIONS:
        needed = f"of {FEWEST_FOR_CORRELATIONS} by candidates with {FEWEST_ANSWERS_OF_CANDIDATE} answers or more"
        return f"too few answers ({statistics.discrimination_n} {needed})"
    return "none: everybody answers alike" if value is None else form.format(value)


def _seconds(statistics: ItemStatistics) -> str:
    if statistics.n < FEWEST_FOR_SHARES:
        return too_few(statistics.n, FEWEST_FOR_SHARES)
    return "not measured" if statistics.median_seconds is None else f"{statistics.median_seconds:.0f} s"
