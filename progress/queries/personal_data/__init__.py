"""Everything that is stored about one person, kind by kind, and what of it an export leaves out, and why.

A test walks every model that leads to a person and fails unless it stands here.
"""

from __future__ import annotations

from progress.queries.personal_data.account import ACCOUNT
from progress.queries.personal_data.bank import BANK
from progress.queries.personal_data.declaration import Column, Kind, Record
from progress.queries.personal_data.sittings import SITTINGS
from progress.queries.personal_data.study import STUDY

__all__ = ["GROUPS", "LEFT_OUT", "RECORDS", "UNUSED", "Column", "Kind", "Record"]

GROUPS = (("Your account", ACCOUNT), ("Your study", STUDY), ("Quizzes and exams", SITTINGS), ("The bank", BANK))
RECORDS = tuple(record for _, records in GROUPS for record in records)

# By model: why none of its rows is in the export.
LEFT_OUT = {
    "account.EmailConfirmation": "Links that confirm an address are secrets, and of no use afterwards.",
    "admin.LogEntry": "What admins changed in the admin tells of other people as well.",
    "cohorts.Invitation": "Invitations to cohorts hold the addresses of other people.",
    "quizzes.Assignment": "Assignments belong to their cohort and stay with it.",
    "quizzes.FormStatistics": "Statistics of a quiz are about everybody who sat it.",
}
# Tables that come with the framework and stay empty: rights are a role, and that is in the profile.
UNUSED = ("accounts.User_groups", "accounts.User_user_permissions")
