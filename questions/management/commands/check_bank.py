from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import pluralize

from questions.queries import bank_findings
from questions.validation import Finding, Severity


class Command(BaseCommand):
    help = "Check every published question and the bank as a whole; exit with 1 if there is an error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print the findings as JSON.")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        findings = bank_findings()
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        if as_json:
            self.stdout.write(json.dumps([as_dict(finding) for finding in findings], ensure_ascii=False, indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.severity} {finding.subject} {finding.code}: {finding.message}")
            self.stdout.write(f"Bank: {counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}")
        if errors:
            raise CommandError(f"The bank has {counted(errors, 'error')}.")


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{pluralize(number)}"


def as_dict(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity,
        "subject": finding.subject,
        "code": finding.code,
        "message": finding.message,
    }
