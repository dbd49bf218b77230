"""How questions perform and how they were calibrated: derived every night, looked at here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quizzes.admin.pages import ReadOnly, question_link
from quizzes.admin.performance import FEWEST_FOR_SHARES, discrimination_words, facility_words, performance, raised
from quizzes.item_analysis import Flag
from quizzes.models import Calibration, FormStatistics, ItemStatistics
from quizzes.queries.statistics import flagged, most_serious_first

# Moodle's documentation calls more than .75 satisfactory and less than .64 unsatisfactory.
RELIABLE_FROM, UNRELIABLE_BELOW = 0.75, 0.64


class FlagFilter(admin.SimpleListFilter):
    title = "flag"
    parameter_name = "flag"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        named = [(flag.code, flag.title) for flag in Flag]
        return [("any", "Any flag"), *named, ("none", "No flag"), ("few", f"Fewer than {FEWEST_FOR_SHARES} answers")]

    def queryset(self, request: HttpRequest, statistics: QuerySet[ItemStatistics]) -> QuerySet[ItemStatistics]:
        match self.value():
            case "any":
                return statistics.exclude(flags=[])
            case "none":
                return statistics.filter(flags=[], n__gte=FEWEST_FOR_SHARES)
            case "few":
                return statistics.filter(n__lt=FEWEST_FOR_SHARES)
            case str(code) if flag := Flag.of(code):
                return flagged(statistics, flag)
        return statistics


@admin.register(ItemStatistics)
class ItemStatisticsAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("shown_question", "shown_flags", "n", "shown_facility", "shown_discrimination", "options")
    list_display_links = None
    list_filter = (
        FlagFilter,
        "question__pool",
        "question__status",
        "question__objective__statement__competency",
    )
    list_select_related = ("question",)
    search_fields = ("question__code", "question__stem")
    search_help_text = "Code or stem of the question"
    list_per_page = 50
    show_full_result_count = False
    fields = ("shown_question", "performance")
    readonly_fields = fields

    class Media:
        css = {"all": ("css/pages/admin-statistics.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemStatistics]:
        return most_serious_first(super().get_queryset(request))

    @admin.display(description="question", ordering="question__code")
    def shown_question(self, statistics: ItemStatistics) -> SafeString:
        return question_link(statistics.question)

    @admin.display(description="flags", ordering="seriousness")
    def shown_flags(self, statistics: ItemStatistics) -> SafeString | str:
        items = format_html_join("", "<li>{}</li>", ((flag.title,) for flag in raised(statistics)))
        return format_html('<ul class="item-flags">{}</ul>', items) if items else "-"

    @admin.display(description="right", ordering="facility")
    def shown_facility(self, statistics: ItemStatistics) -> str:
        return facility_words(statistics)

    @admin.display(description="discrimination", ordering="discrimination")
    def shown_discrimination(self, statistics: ItemStatistics) -> str:
        return discrimination_words(statistics)

    @admin.display(description="chosen")
    def options(self, statistics: ItemStatistics) -> SafeString:
        """The key in bold, so that a distractor nobody takes or everybody takes is seen at a glance."""
        key = statistics.question.key
        parts = [
            format_html("<strong>{}&nbsp;{}</strong>" if label == key else "{}&nbsp;{}", label, option["count"])
            for label, option in sorted(statistics.option_statistics.items())
        ]
        return format_html(", ".join(["{}"] * len(parts)), *parts)

    @admin.display(description="statistics")
    def performance(self, statistics: ItemStatistics) -> SafeString:
        return performance(statistics.question, statistics)


@admin.register(Calibration)
class CalibrationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("computed_at", "is_accepted", "reason", "answers", "candidates", "questions")
    list_filter = ("is_accepted", "computed_at")
    date_hierarchy = "computed_at"
    show_full_result_count = False
    fields = (
        "computed_at",
        "is_accepted",
        "reason",
        "answers",
        "candidates",
        "questions",
        "log_losses",
        "population",
        "model_version",
        "as_of_response_id",
    )
    readonly_fields = ("log_losses", "population")

    class Media:
        css = {"all": ("css/pages/admin-statistics.css",)}

    @admin.display(description="log loss, before and after")
    def log_losses(self, calibration: Calibration) -> str:
        if calibration.log_loss_before is None or calibration.log_loss_after is None:
            return "not judged"
        return f"{calibration.log_loss_before:.4f} → {calibration.log_loss_after:.4f}"

    @admin.display(description="candidates' ability")
    def population(self, calibration: Calibration) -> str:
        return (
            f"mean {calibration.prior_mean:+.2f} logits; spread {calibration.general_spread:.2f} between candidates,"
            f" {calibration.specific_spread:.2f} between competencies of one candidate"
        )


@admin.register(FormStatistics)
class FormStatisticsAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("shown_quiz", "n", "items", "shown_mean", "shown_reliability", "shown_sem", "computed_at")
    list_display_links = None
    list_select_related = ("quiz",)
    search_fields = ("quiz__title",)
    search_help_text = "Title of the quiz"
    ordering = ("quiz__title", "quiz_id")
    show_full_result_count = False
    fields = ("shown_quiz", "n", "items", "shown_mean", "shown_reliability", "shown_sem", "computed_at")
    readonly_fields = fields

    @admin.display(description="quiz", ordering="quiz__title")
    def shown_quiz(self, form: FormStatistics) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:quizzes_quiz_change", args=[form.quiz_id]), form.quiz)

    @admin.display(description="mean (SD)", ordering="mean")
    def shown_mean(self, form: FormStatistics) -> str:
        return _if_enough(form, f"{form.mean:.0f} % ({form.sd:.0f})")

    @admin.display(description="reliability", ordering="alpha")
    def shown_reliability(self, form: FormStatistics) -> str:
        if form.alpha is None:
            return _if_enough(form, "none: everybody scores alike")
        is_good, is_bad = form.alpha > RELIABLE_FROM, form.alpha < UNRELIABLE_BELOW
        words = "satisfactory" if is_good else "unsatisfactory" if is_bad else "fair"
        return _if_enough(form, f"{form.alpha:.2f}: {words}")

    @admin.display(description="standard error of a score", ordering="sem")
    def shown_sem(self, form: FormStatistics) -> str:
        return _if_enough(form, "-" if form.sem is None else f"{form.sem:.1f} points of 100")


def _if_enough(form: FormStatistics, words: str) -> str:
    return words if form.n >= FEWEST_FOR_SHARES else f"too few candidates ({form.n} of {FEWEST_FOR_SHARES})"
