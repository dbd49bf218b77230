"""The account itself: who somebody is, how they sign in, and the groups they are in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.models import User
from cohorts.models import Cohort, Membership
from progress.queries.personal_data.declaration import Column, Kind, Record

ACCOUNT = (
    Record(
        name="profile",
        title="Profile and settings",
        words="One row: your account.",
        models=(User,),
        columns=(
            Column("code", Kind.CODE, "Stands for you where a name would be too much."),
            Column("email", Kind.TEXT, "The address you sign in with."),
            Column("display_name", Kind.TEXT, "What the coordinators of your cohorts see."),
            Column("role", Kind.TEXT, "candidate or coordinator."),
            Column("is_admin", Kind.YES_NO, "Whether you keep the bank of questions.", "is_staff"),
            Column("time_zone", Kind.TEXT, "Of due dates and study days."),
            Column("extra_time_percent", Kind.WHOLE, "Added to time limits."),
            Column("colour_scheme", Kind.TEXT, "system, light or dark."),
            Column("text_size", Kind.WHOLE, "In percent."),
            Column("joined_at", Kind.MOMENT, "When you signed up."),
            Column("last_login", Kind.MOMENT, "When you last signed in.", may_be_missing=True),
            Column(
                "deletion_asked_at", Kind.MOMENT, "When you asked for the account to be deleted.", may_be_missing=True
            ),
        ),
        rows=lambda person, at: [person],
    ),
    Record(
        name="email_addresses",
        title="Email addresses",
        words="The address in use, and one that waits to be confirmed.",
        models=(EmailAddress,),
        columns=(
            Column("email", Kind.TEXT, "The address."),
            Column("is_confirmed", Kind.YES_NO, "Whether you showed that it is yours.", "verified"),
            Column("is_in_use", Kind.YES_NO, "Whether you sign in with it.", "primary"),
        ),
        rows=lambda person, at: EmailAddress.objects.filter(user=person).order_by("pk"),
    ),
    Record(
        name="sign_in_methods",
        title="Passkeys and two-factor",
        words="The ways to sign in besides the password. Secrets are not in it.",
        models=(Authenticator,),
        columns=(
            Column("type", Kind.TEXT, "webauthn (a passkey or key), totp (an app) or recovery_codes."),
            Column("added_at", Kind.MOMENT, "When it was added.", "created_at"),
            Column("last_used_at", Kind.MOMENT, "When it last let you in.", may_be_missing=True),
        ),
        rows=lambda person, at: Authenticator.objects.filter(user=person).order_by("pk"),
    ),
    Record(
        name="sessions",
        title="Sessions",
        words="The browsers you are signed in with.",
        models=(UserSession,),
        columns=(
            Column("signed_in_at", Kind.MOMENT, "When.", "created_at"),
            Column("address", Kind.TEXT, "The internet address it came from.", "ip"),
            Column("browser", Kind.TEXT, "What the browser calls itself.", "user_agent"),
        ),
        rows=lambda person, at: UserSession.objects.filter(user=person).order_by("pk"),
    ),
    Record(
        name="memberships",
        title="Cohorts you are or were in",
        words="What you share with the coordinator of each.",
        models=(Membership,),
        columns=(
            Column("cohort", Kind.TEXT, "Its name.", "cohort.name"),
            Column("sharing", Kind.TEXT, "progress or scores."),
            Column("joined_at", Kind.MOMENT, "When you joined."),
            Column("left_at", Kind.MOMENT, "When you left.", may_be_missing=True),
        ),
        rows=lambda person, at: person.memberships.select_related("cohort").order_by("pk"),
    ),
    Record(
        name="led_cohorts",
        title="Cohorts you lead",
        words="For coordinators. Who is in them is theirs, and not in it.",
        models=(Cohort,),
        columns=(
            Column("code", Kind.CODE, "Stands for it in addresses."),
            Column("name", Kind.TEXT, "Its name."),
            Column("created_at", Kind.MOMENT, "When you made it."),
        ),
        rows=lambda person, at: person.led_cohorts.order_by("pk"),
    ),
)
