from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse


class CompetencyManager(models.Manager["Competency"]):
    def get_by_natural_key(self, code: str) -> Competency:
        return self.get(code=code)


class Competency(models.Model):
    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(unique=True, help_text="Order in the handbook.")

    objects: ClassVar[CompetencyManager] = CompetencyManager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "competencies"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("study:competency-detail", args=[self.code])

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class StatementManager(models.Manager["Statement"]):
    def get_by_natural_key(self, code: str) -> Statement:
        return self.get(code=code)


class Statement(models.Model):
    """A job task, a piece of knowledge or a skill; the text is the handbook's, to the letter."""

    class Kind(models.TextChoices):
        JOB_TASK = "job_task", "Job task"
        KNOWLEDGE = "knowledge", "Knowledge"
        SKILL = "skill", "Skill or ability"

    code = models.CharField(max_length=8, unique=True)
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=9, choices=Kind)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    objects: ClassVar[StatementManager] = StatementManager()

    class Meta:
        ordering = ["competency__position", "kind", "position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["job_task", "knowledge", "skill"]), name="statement_kind_known"
            ),
            models.UniqueConstraint(
                fields=["competency", "kind", "position"], name="statement_position_unique_in_competency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("study:statement-detail", args=[self.code])

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    natural_key.dependencies = ["competencies.competency"]  # type: ignore[attr-defined]


class ReferenceManager(models.Manager["Reference"]):
    def get_by_natural_key(self, code: str) -> Reference:
        return self.get(code=code)


class Reference(models.Model):
    """A public work that a rationale or a study text may cite."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        BOOK = "book", "Book"
        STANDARD = "standard", "Standard"
        GUIDE = "guide", "Guide"

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    authors = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=250)
    publication = models.CharField(max_length=200, help_text="Journal with volume and pages, or publisher.")

    objects: ClassVar[ReferenceManager] = ReferenceManager()

    class Meta:
        ordering = ["authors", "year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["article", "book", "standard", "guide"]), name="reference_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authors} ({self.year or 'n.d.'}). {self.title_sentence} {self.publication}."

    def get_absolute_url(self) -> str:
        return reverse("study:reference-detail", args=[self.code])

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    @property
    def title_sentence(self) -> str:
        """With a full stop, unless the title ends in a mark of its own."""
        return self.title if self.title.endswith(("?", "!", ".")) else f"{self.title}."


class ObjectiveManager(models.Manager["Objective"]):
    def get_by_natural_key(self, code: str) -> Objective:
        return self.get(code=code)


class Objective(models.Model):
    """The unit of learning and of memory: small enough to be known or not known."""

    code = models.CharField(max_length=12, unique=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="objectives")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    study_text = models.TextField(blank=True, help_text="Markdown.")
    references = models.ManyToManyField(Reference, related_name="objectives", blank=True)

    objects: ClassVar[ObjectiveManager] = ObjectiveManager()

    class Meta:
        ordering = ["statement__competency__position", "statement__kind", "statement__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="objective_position_unique_in_statement"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def get_absolute_url(self) -> str:
        return reverse("study:objective-detail", args=[self.code])

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "competencies.statement",
        "competencies.reference",
    ]


class TermManager(models.Manager["Term"]):
    def get_by_natural_key(self, code: str) -> Term:
        return self.get(code=code)


class Term(models.Model):
    """An entry of the glossary."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    also = models.CharField("also known as", max_length=160, blank=True, help_text="Other names, divided by commas.")
    definition = models.TextField(help_text="Markdown, one to three sentences.")
    objectives = models.ManyToManyField(Objective, related_name="terms")
    references = models.ManyToManyField(Reference, related_name="terms", blank=True)

    objects: ClassVar[TermManager] = TermManager()

    class Meta:
        ordering = [Lower("name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("study:term-detail", args=[self.code])

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    natural_key.dependencies = ["competencies.objective", "competencies.reference"]  # type: ignore[attr-defined]


class SheetManager(models.Manager["Sheet"]):
    def get_by_natural_key(self, code: str) -> Sheet:
        return self.get(code=code)


class Sheet(models.Model):
    """A formula or a framework on one page."""

    class Kind(models.TextChoices):
        FORMULA = "formula", "Formula"
        FRAMEWORK = "framework", "Framework"

    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    position = models.PositiveSmallIntegerField(help_text="Order among its kind.")
    title = models.CharField(max_length=80, unique=True)
    summary = models.CharField(max_length=200, help_text="One sentence: what it answers.")
    body = models.TextField(help_text="Markdown.")
    objectives = models.ManyToManyField(Objective, related_name="sheets")
    references = models.ManyToManyField(Reference, related_name="sheets", blank=True)

    objects: ClassVar[SheetManager] = SheetManager()

    class Meta:
        ordering = ["kind", "position"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["formula", "framework"]), name="sheet_kind_known"),
            models.UniqueConstraint(fields=["kind", "position"], name="sheet_position_unique_in_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("study:sheet-detail", args=[self.code])

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    natural_key.dependencies = ["competencies.objective", "competencies.reference"]  # type: ignore[attr-defined]


class BlueprintManager(models.Manager["Blueprint"]):
    def get_by_natural_key(self, code: str) -> Blueprint:
        return self.get(code=code)


class Blueprint(models.Model):
    """An edition of the exam: how many items, how many minutes, and the weight of each area."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(unique=True)
    item_count = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)

    objects: ClassVar[BlueprintManager] = BlueprintManager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class BlueprintAreaManager(models.Manager["BlueprintArea"]):
    def get_by_natural_key(self, blueprint: str, code: str) -> BlueprintArea:
        return self.get(blueprint__code=blueprint, code=code)


class BlueprintArea(models.Model):
    """One area of an edition; an area may merge several competencies of the handbook."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=3)
    name = models.CharField(max_length=80)
    weight = models.PositiveSmallIntegerField(help_text="Percent of the items.")
    position = models.PositiveSmallIntegerField()
    competencies = models.ManyToManyField(Competency, related_name="blueprint_areas")

    objects: ClassVar[BlueprintAreaManager] = BlueprintAreaManager()

    class Meta:
        ordering = ["blueprint", "position"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "code"], name="blueprint_area_code_unique_in_blueprint"),
            models.CheckConstraint(condition=models.Q(weight__lte=100), name="blueprint_area_weight_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.weight} %)"

    def natural_key(self) -> tuple[str, str]:
        return (self.blueprint.code, self.code)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "competencies.blueprint",
        "competencies.competency",
    ]
