from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accounts.models import User
from competencies.models import Objective, Reference
from questions.loader import FixtureFile, FixtureRow, Problem, open_files, read_files
from questions.models import Option, Question
from questions.queries import CHUNK, REFERENCE_CODES, question_content
from questions.services.turns import taking_turns
from questions.validation import QuestionContent, fingerprint

Status = Question.Status
CONTENT_FIELDS = ["cognitive_level", "difficulty", "stem", "options", "key", "locators"]
SEAL_FIELDS = ["status", "published_at", "fingerprint"]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, or would do: codes of questions, and why rows were refused."""

    new: Sequence[str]
    updated: Sequence[str]
    unchanged: Sequence[str]
    rejected: Sequence[Problem]
    is_written: bool

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in ("new", "updated", "unchanged", "rejected")}


def load_questions(
    *, paths: Iterable[str | Path], dry_run: bool, now: datetime, author: User | None = None
) -> LoadReport:
    """Make the bank say what the files say; nothing at all is written when anything is rejected."""
    files, problems = open_files(paths)
    return load_fixture_files(files=files, dry_run=dry_run, now=now, author=author, unread=problems)


def load_fixture_files(
    *,
    files: Iterable[FixtureFile],
    dry_run: bool,
    now: datetime,
    author: User | None = None,
    unread: Iterable[Problem] = (),
) -> LoadReport:
    reading = read_files(files)
    rejected = [*unread, *reading.problems]
    with taking_turns():
        objectives = dict(Objective.objects.values_list("code", "pk"))
        references = dict(Reference.objects.values_list("code", "pk"))
        plan = _Plan(now=now, author=author, objectives=objectives, references=references)
        sound: list[QuestionContent] = []
        for row in reading.rows:
            problems = list(_unknown_names(row, objectives, references))
            rejected += problems
            if not problems:
                sound.append(row.content)
        for content, standing in _with_standing(sound):
            plan.add(content, standing)
        is_written = not rejected and not dry_run
        if is_written:
            plan.write()
    return LoadReport(
        new=plan.new, updated=plan.updated, unchanged=plan.unchanged, rejected=sorted(rejected), is_written=is_written
    )


def _unknown_names(row: FixtureRow, objectives: Mapping[str, int], references: Mapping[str, int]) -> Iterator[Problem]:
    if row.content.objective not in objectives:
        yield row.problem(f"The objective {row.content.objective} is unknown.", "objective")
    for place, code in enumerate(row.content.references):
        if code not in references:
            yield row.problem(f"The reference {code} is unknown.", "references", place)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the bank has of one code."""

    newest: Question
    published: Question | None


def _with_standing(contents: Sequence[QuestionContent]) -> Iterator[tuple[QuestionContent, _Standing | None]]:
    """Three queries for each chunk."""
    for start in range(0, len(contents), CHUNK):
        chunk = contents[start : start + CHUNK]
        newest: dict[str, int] = {}
        published: dict[str, int] = {}
        versions = Question.objects.filter(code__in=[content.code for content in chunk]).order_by("code", "version")
        for pk, code, status in versions.values_list("pk", "code", "status"):
            newest[code] = pk
            if status == Status.PUBLISHED:
                published[code] = pk
        wanted = Question.objects.select_related("objective").defer("objective__study_text")
        rows = wanted.prefetch_related(REFERENCE_CODES).in_bulk({*newest.values(), *published.values()})
        for content in chunk:
            if content.code not in newest:
                yield content, None
                continue
            yield content, _Standing(rows[newest[content.code]], rows.get(published.get(content.code, 0)))


def _says(question: Question, content: QuestionContent) -> bool:
    standing, _ = question_content(question)
    return standing is not None and fingerprint(standing) == fingerprint(content)


@dataclass(slots=True)
class _Plan:
    """What is to be written so that the bank says what the files say."""

    now: datetime
    author: User | None
    objectives: Mapping[str, int]
    references: Mapping[str, int]
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    to_create: list[tuple[Question, QuestionContent]] = field(default_factory=list)
    to_rewrite: list[tuple[Question, QuestionContent]] = field(default_factory=list)
    to_seal: list[Question] = field(default_factory=list)
    to_retire: list[int] = field(default_factory=list)

    def add(self, content: QuestionContent, standing: _Standing | None) -> None:
        if standing is None:
            self.new.append(content.code)
            self._create(content, version=1)
        elif self._changes(content, standing):
            self.updated.append(content.code)
        else:
            self.unchanged.append(content.code)

    def _changes(self, content: QuestionContent, standing: _Standing) -> bool:
        """Whether anything but a seal has to be written for a question that the bank has.

        A status only moves on: what an admin published or retired is not taken back by a file that did not change.
        """
        if content.status == Status.RETIRED:
            return self._retire(standing.published or standing.newest)
        if standing.published is not None and _says(standing.published, content):
            return self._keep(standing.published, content, standing.newest.version + 1)
        base = standing.newest
        if content.status == Status.PUBLISHED and standing.published is not None:
            self._retire(standing.published)
            if base.is_unpublished and _says(base, content):
                self._rewrite(base, content)
                return True
        elif base.is_unpublished:
            is_ahead = base.status == Status.IN_REVIEW and content.status == Status.DRAFT
            if _says(base, content) and (is_ahead or base.status == content.status):
                return False
            self._rewrite(base, content)
            return True
        elif _says(base, content):
            return False
        self._create(content, version=base.version + 1)
        return True

    def _keep(self, published: Question, content: QuestionContent, next_version: int) -> bool:
        """Whether the published version, which says what the file says, has to be replaced all the same."""
        if published.fingerprint and published.fingerprint != fingerprint(content):
            # It was changed in place after publication, into what the file says now.
            self._retire(published)
            self._create(content, version=next_version)
            return True
        if not published.fingerprint:
            self._seal(published, content)
            self.to_seal.append(published)
        return False

    def _retire(self, question: Question) -> bool:
        if question.status == Status.RETIRED:
            return False
        self.to_retire.append(question.pk)
        return True

    def _create(self, content: QuestionContent, *, version: int) -> None:
        question = Question(
            code=content.code, version=version, objective_id=self.objectives[content.objective], author=self.author
        )
        self._fill(question, content)
        if question.status == Status.RETIRED:
            question.retired_at = self.now
        self.to_create.append((question, content))

    def _rewrite(self, question: Question, content: QuestionContent) -> None:
        self._fill(question, content)
        self.to_rewrite.append((question, content))

    def _fill(self, question: Question, content: QuestionContent) -> None:
        for name in ("pool", "status", "cognitive_level", "difficulty", "stem", "key"):
            setattr(question, name, getattr(content, name))
        options = sorted(content.options, key=lambda option: option.label)
        question.options = [Option(label=part.label, text=part.text, rationale=part.rationale) for part in options]
        question.locators = dict(content.locators)
        if question.status == Status.PUBLISHED:
            self._seal(question, content)

    def _seal(self, question: Question, content: QuestionContent) -> None:
        question.fingerprint = fingerprint(content)
        question.published_at = question.published_at or self.now

    def write(self) -> None:
        # First, because a code has one published version at every moment.
        for start in range(0, len(self.to_retire), CHUNK):
            retiring = Question.objects.filter(pk__in=self.to_retire[start : start + CHUNK])
            retiring.update(status=Status.RETIRED, retired_at=self.now)
        Question.objects.bulk_create((question for question, _ in self.to_create), batch_size=CHUNK)
        rewritten = [question for question, _ in self.to_rewrite]
        Question.objects.bulk_update(rewritten, [*CONTENT_FIELDS, *SEAL_FIELDS], batch_size=CHUNK)
        Question.objects.bulk_update(self.to_seal, SEAL_FIELDS, batch_size=CHUNK)
        citations = Question.references.through
        citations._default_manager.filter(question__in=rewritten).delete()
        citations._default_manager.bulk_create(
            (
                citations(question_id=question.pk, reference_id=self.references[code])
                for question, content in [*self.to_create, *self.to_rewrite]
                for code in content.references
            ),
            batch_size=CHUNK,
        )
