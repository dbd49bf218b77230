"""Who may do what: every route of ours, with an object of Carla's or Cora's, for each role, by GET and by POST.

The key is the name of the route and, after a space, which object of tests/promises/world.py its address names. Each
column is a role: nobody signed in, the owning candidate, another candidate, her coordinator, another coordinator, an
admin. The letters:

    o  opened: 200                          n  known, but without the right: 403
    l  leads on to another page of ours     x  not there: 404
    s  sent to sign in                      m  wrong method: 405
    r  refused with a sentence: 401, 409, 410, 422

PUT and DELETE are in no table: everybody meets 405, or is sent to sign in first.
"""

from __future__ import annotations

# fmt: off
ACCESS: dict[str, tuple[str, str]] = {
    # route, object                                  GET       POST
    "progress:home":                                  ("olllll", "mmmmmm"),
    "progress:today":                                 ("sooooo", "mmmmmm"),
    "progress:overview":                              ("sooooo", "mmmmmm"),
    "progress:readiness":                             ("sooooo", "mmmmmm"),
    "progress:estimates":                             ("oooooo", "mmmmmm"),
    "progress:search":                                ("oooooo", "mmmmmm"),
    "progress:cohort-report cohort":                  ("snnoxn", "mmmmmm"),
    "progress:cohort-report-export cohort":           ("snnoxn", "mmmmmm"),
    "quizzes:practice":                               ("sooooo", "slllll"),
    "quizzes:practice-count":                         ("slllll", "smmmmm"),
    "quizzes:mock":                                   ("sooooo", "smmmmm"),
    "quizzes:mock-start small":                       ("sooooo", "slllll"),
    "quizzes:placement":                              ("sooooo", "slllll"),
    "quizzes:placement-question placed":              ("soxxxx", "slxxxx"),
    "quizzes:placement-question finished":            ("slxxxx", "slxxxx"),
    "quizzes:placement-finish placed":                ("smmmmm", "slxxxx"),
    "quizzes:attempt-list":                           ("sooooo", "smmmmm"),
    "quizzes:attempt-detail finished":                ("soxxxx", "smmmmm"),
    "quizzes:attempt-detail learning":                ("slxxxx", "smmmmm"),
    "quizzes:attempt-detail exam":                    ("slxxxx", "smmmmm"),
    "quizzes:attempt-detail placed":                  ("slxxxx", "smmmmm"),
    "quizzes:attempt-submit placed":                  ("slxxxx", "slxxxx"),
    "quizzes:attempt-submit learning":                ("soxxxx", "slxxxx"),
    "quizzes:attempt-submit exam":                    ("soxxxx", "slxxxx"),
    "quizzes:attempt-submit finished":                ("slxxxx", "slxxxx"),
    "quizzes:attempt-repeat finished":                ("smmmmm", "slxxxx"),
    "quizzes:exam-room exam":                         ("soxxxx", "smmmmm"),
    "quizzes:exam-room learning":                     ("slxxxx", "smmmmm"),
    "quizzes:exam-room placed":                       ("slxxxx", "smmmmm"),
    "quizzes:exam-room sat":                          ("slxxxx", "smmmmm"),
    "quizzes:answer-record exam":                     ("mmmmmm", "roxxxx"),
    "quizzes:answer-record placed":                   ("mmmmmm", "rrxxxx"),
    "quizzes:answer-record finished":                 ("mmmmmm", "rrxxxx"),
    "quizzes:response-list finished":                 ("soxxxx", "smmmmm"),
    "quizzes:response-list sat":                      ("soxxxx", "smmmmm"),
    "quizzes:response-list learning":                 ("slxxxx", "smmmmm"),
    "quizzes:response-detail open question":          ("soxxxx", "slxxxx"),
    "quizzes:response-detail checked question":       ("soxxxx", "slxxxx"),
    "quizzes:response-detail finished question":      ("slxxxx", "slxxxx"),
    "quizzes:response-detail exam question":          ("slxxxx", "slxxxx"),
    "quizzes:response-detail placed question":        ("slxxxx", "slxxxx"),
    "quizzes:assignment-detail waiting":              ("soxxxx", "mmmmmm"),
    "quizzes:answered-list":                          ("sooooo", "smmmmm"),
    "quizzes:assignment-detail due":                  ("soxxxx", "mmmmmm"),
    "quizzes:assignment-start waiting":               ("mmmmmm", "slxxxx"),
    "quizzes:assignment-list of cohort":              ("snnoxn", "mmmmmm"),
    "quizzes:assignment-create of cohort":            ("snnoxn", "snnlxn"),
    "quizzes:question-search of cohort":              ("snnoxn", "mmmmmm"),
    "quizzes:assignment-board due":                   ("snnoxn", "mmmmmm"),
    "quizzes:assignment-board waiting":               ("snnoxn", "mmmmmm"),
    "quizzes:assignment-update due":                  ("snnoxn", "snnlxn"),
    "quizzes:assignment-questions due":               ("snnoxn", "mmmmmm"),
    "quizzes:assignment-export due":                  ("snnoxn", "mmmmmm"),
    "reviews:review-list":                            ("sooooo", "mmmmmm"),
    "reviews:review-next":                            ("sooooo", "mmmmmm"),
    "reviews:review-answer":                          ("mmmmmm", "slllll"),
    "reviews:schedule":                               ("sooooo", "mmmmmm"),
    "reviews:calendar":                               ("sooooo", "mmmmmm"),
    "reviews:calendar-key-renew":                     ("mmmmmm", "slllll"),
    "reviews:calendar-feed calendar":                 ("oooooo", "mmmmmm"),
    "reviews:plan":                                   ("sooooo", "slllll"),
    "reviews:special-days-create":                    ("mmmmmm", "slllll"),
    "reviews:special-days-remove":                    ("mmmmmm", "slllll"),
    "reviews:mock-days-create":                       ("mmmmmm", "slllll"),
    "reviews:review-detail reviewed":                 ("soxxxx", "mmmmmm"),
    "reviews:review-undo reviewed":                   ("mmmmmm", "slxxxx"),
    "study:competency-list":                   ("oooooo", "mmmmmm"),
    "study:term-list":                         ("oooooo", "mmmmmm"),
    "study:term-detail term":                  ("oooooo", "mmmmmm"),
    "study:sheet-list":                        ("oooooo", "mmmmmm"),
    "study:sheet-detail sheet":                ("oooooo", "mmmmmm"),
    "study:reference-list":                    ("oooooo", "mmmmmm"),
    "study:reference-detail reference":        ("oooooo", "mmmmmm"),
    "study:statement-detail statement":        ("oooooo", "mmmmmm"),
    "study:objective-detail objective":        ("oooooo", "mmmmmm"),
    "study:competency-detail competency":      ("oooooo", "mmmmmm"),
    "questions:bank-quality":                         ("oooooo", "mmmmmm"),
    "questions:sample-answer":                        ("oooooo", "oooooo"),
    "cohorts:cohort-list":                            ("snnoon", "mmmmmm"),
    "cohorts:cohort-create":                          ("snnoon", "snnlln"),
    "cohorts:invitation-accept link":                 ("oooroo", "ollrll"),
    "cohorts:membership-list":                        ("sooooo", "mmmmmm"),
    "cohorts:membership-update cohort":               ("soxxxx", "slxxxx"),
    "cohorts:membership-leave cohort":                ("mmmmmm", "slxxxx"),
    "cohorts:cohort-detail cohort":                   ("snnoxn", "mmmmmm"),
    "cohorts:cohort-update cohort":                   ("snnoxn", "snnlxn"),
    "cohorts:link-create cohort":                     ("mmmmmm", "snnlxn"),
    "cohorts:invitation-create cohort":               ("mmmmmm", "snnlxn"),
    "cohorts:invitation-revoke letter":               ("mmmmmm", "snnlxn"),
    "cohorts:membership-remove member":               ("mmmmmm", "snnlxn"),
    "accounts:settings":                              ("sooooo", "slllll"),
    "healthz":                                        ("oooooo", "mmmmmm"),
    "readyz":                                         ("oooooo", "mmmmmm"),
}
# fmt: on


def route_of(entry: str) -> str:
    return entry.partition(" ")[0]


def object_of(entry: str) -> str:
    return entry.partition(" ")[2]
