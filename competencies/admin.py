from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Field, ManyToManyField, QuerySet, Sum
from django.forms import CheckboxSelectMultiple, ModelForm, Textarea, Widget
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from competencies.forms import BlueprintAreaFormSet
from competencies.models import Blueprint, BlueprintArea, Competency, Objective, Reference, Sheet, Statement, Term

StudyPage = Competency | Statement | Objective | Reference | Term | Sheet


class StudyPageAdmin(admin.ModelAdmin):
    """Content that candidates read: every row leads to its study page."""

    def view_on_site(self, obj: StudyPage) -> str:
        return obj.get_absolute_url()

    @admin.display(description="study page")
    def study_page(self, obj: StudyPage) -> SafeString:
        return format_html(
            '<a href="{}">Open<span class="visually-hidden"> {}</span></a>', obj.get_absolute_url(), obj.code
        )


class HandbookAdmin(StudyPageAdmin):
    """The handbook's own words and order: shown here, changed by its next edition's fixtures."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Competency)
class CompetencyAdmin(HandbookAdmin):
    # Said again for the autocompletion: counting takes a model's own order away.
    ordering = ("position",)
    list_display = ("code", "name", "position", "statement_count", "objective_count", "study_page")
    search_fields = ("code", "name")
    fields = readonly_fields = ("code", "name", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Competency]:
        competencies: QuerySet[Competency] = super().get_queryset(request)
        return competencies.annotate(
            statement_count=Count("statements", distinct=True),
            objective_count=Count("statements__objectives", distinct=True),
        )

    @admin.display(description="statements")
    def statement_count(self, competency: Any) -> int:
        count: int = competency.statement_count
        return count

    @admin.display(description="objectives")
    def objective_count(self, competency: Any) -> int:
        count: int = competency.objective_count
        return count


@admin.register(Statement)
class StatementAdmin(HandbookAdmin):
    ordering = ("competency__position", "kind", "position")
    list_display = ("code", "text", "kind", "competency", "objective_count", "study_page")
    list_filter = ("competency", "kind")
    list_select_related = ("competency",)
    search_fields = ("code", "text")
    fields = readonly_fields = ("code", "competency", "kind", "position", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        statements: QuerySet[Statement] = super().get_queryset(request)
        return statements.annotate(objective_count=Count("objectives"))

    @admin.display(description="objectives", ordering="objective_count")
    def objective_count(self, statement: Any) -> int:
        count: int = statement.objective_count
        return count


class ObjectiveForm(ModelForm):
    class Meta:
        widgets: ClassVar[dict[str, Widget]] = {
            "text": Textarea(attrs={"rows": 3, "cols": 80}),
            "study_text": Textarea(attrs={"rows": 20, "cols": 80}),
        }


@admin.register(Objective)
class ObjectiveAdmin(StudyPageAdmin):
    form = ObjectiveForm
    list_display = ("code", "text", "competency", "has_study_text", "study_page")
    list_filter = ("statement__competency", "statement__kind", ("study_text", admin.EmptyFieldListFilter))
    list_select_related = ("statement__competency",)
    search_fields = ("code", "text", "study_text")
    filter_horizontal = ("references",)
    fields = ("code", "statement", "position", "text", "study_text", "references")

    def get_readonly_fields(self, request: HttpRequest, obj: Objective | None = None) -> tuple[str, ...]:
        # Fixtures and questions name an objective by its code.
        return () if obj is None else ("code", "statement")

    @admin.display(description="competency", ordering="statement__competency__position")
    def competency(self, objective: Objective) -> str:
        return objective.statement.competency.code

    @admin.display(description="study text", boolean=True)
    def has_study_text(self, objective: Objective) -> bool:
        return bool(objective.study_text)


@admin.register(Reference)
class ReferenceAdmin(StudyPageAdmin):
    ordering = ("authors", "year")
    list_display = ("code", "authors", "year", "title", "kind", "objective_count", "study_page")
    list_filter = ("kind",)
    search_fields = ("code", "authors", "title", "publication")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reference]:
        references: QuerySet[Reference] = super().get_queryset(request)
        return references.annotate(objective_count=Count("objectives"))

    def get_readonly_fields(self, request: HttpRequest, obj: Reference | None = None) -> tuple[str, ...]:
        # Fixtures and questions cite a work by its code.
        return () if obj is None else ("code",)

    @admin.display(description="study texts", ordering="objective_count")
    def objective_count(self, reference: Any) -> int:
        count: int = reference.objective_count
        return count


class TermForm(ModelForm):
    class Meta:
        widgets: ClassVar[dict[str, Widget]] = {"definition": Textarea(attrs={"rows": 5, "cols": 80})}


@admin.register(Term)
class TermAdmin(StudyPageAdmin):
    form = TermForm
    list_display = ("name", "also", "code", "objective_count", "study_page")
    list_filter = ("objectives__statement__competency",)
    search_fields = ("code", "name", "also", "definition")
    filter_horizontal = ("objectives", "references")
    fields = ("code", "name", "also", "definition", "objectives", "references")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Term]:
        terms: QuerySet[Term] = super().get_queryset(request)
        return terms.annotate(objective_count=Count("objectives", distinct=True))

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> tuple[str, ...]:
        # Fixtures and links name a term by its code.
        return () if obj is None else ("code",)

    @admin.display(description="objectives", ordering="objective_count")
    def objective_count(self, term: Any) -> int:
        count: int = term.objective_count
        return count


class SheetForm(ModelForm):
    class Meta:
        widgets: ClassVar[dict[str, Widget]] = {
            "summary": Textarea(attrs={"rows": 2, "cols": 80}),
            "body": Textarea(attrs={"rows": 24, "cols": 80}),
        }


@admin.register(Sheet)
class SheetAdmin(StudyPageAdmin):
    form = SheetForm
    list_display = ("title", "kind", "position", "code", "objective_count", "study_page")
    list_filter = ("kind", "objectives__statement__competency")
    search_fields = ("code", "title", "summary", "body")
    filter_horizontal = ("objectives", "references")
    fields = ("code", "kind", "position", "title", "summary", "body", "objectives", "references")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sheet]:
        sheets: QuerySet[Sheet] = super().get_queryset(request)
        return sheets.annotate(objective_count=Count("objectives", distinct=True))

    def get_readonly_fields(self, request: HttpRequest, obj: Sheet | None = None) -> tuple[str, ...]:
        # Fixtures and links name a sheet by its code.
        return () if obj is None else ("code",)

    @admin.display(description="objectives", ordering="objective_count")
    def objective_count(self, sheet: Any) -> int:
        count: int = sheet.objective_count
        return count


class BlueprintAreaInline(admin.StackedInline):
    model = BlueprintArea
    formset = BlueprintAreaFormSet
    extra = 0
    fields = (("position", "code", "weight"), "name", "competencies")
    formfield_overrides: ClassVar[dict[type[Field[Any, Any]], dict[str, Any]]] = {
        ManyToManyField: {"widget": CheckboxSelectMultiple}
    }
    ordering = ("position",)


@admin.register(Blueprint)
class BlueprintAdmin(admin.ModelAdmin):
    list_display = ("name", "code", "position", "item_count", "minutes", "total_weight")
    search_fields = ("code", "name", "source")
    inlines = (BlueprintAreaInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Blueprint]:
        blueprints: QuerySet[Blueprint] = super().get_queryset(request)
        return blueprints.annotate(total_weight=Sum("areas__weight"))

    @admin.display(description="weights")
    def total_weight(self, blueprint: Any) -> str:
        return f"{blueprint.total_weight or 0} %"
