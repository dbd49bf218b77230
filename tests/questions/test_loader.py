from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from questions import loader
from questions.loader import MAX_BYTES, FixtureFile, Problem, open_files, read_files
from tests.questions.builders import WRITTEN, make_content, make_row, to_yaml

NAME = "met.yaml"


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def yaml_loader(request, monkeypatch):
    """Both parsers say the same; a machine without libyaml has the slow one."""
    monkeypatch.setattr(loader, "SafeLoader", yaml.CSafeLoader if request.param == "libyaml" else yaml.SafeLoader)
    return request.param


def read(text: str | bytes, name: str = NAME) -> tuple[list[str], list[Problem]]:
    """The codes of the sound rows, and the problems."""
    data = text if isinstance(text, bytes) else text.encode()
    reading = read_files([FixtureFile(name, data)])
    return [row.content.code for row in reading.rows], reading.problems


def written(old: str, new: str, *, count: int = 1) -> str:
    assert old in WRITTEN
    return WRITTEN.replace(old, new, count)


def test_reads_rows_with_their_lines():
    reading = read_files([FixtureFile(NAME, WRITTEN.encode())])

    assert reading.problems == []
    first, second = reading.rows
    assert first.content.stem == "A hotel loses guests.\n\nWhat should it do first?"
    assert first.content.options[1].rationale == "Why B is right."
    assert [first.line_of(), first.line_of("code"), first.line_of("stem"), first.line_of("options")] == [3, 4, 10, 14]
    assert [first.line_of("options", 1), first.line_of("options", 1, "rationale")] == [18, 20]
    assert [second.line_of("code"), second.line_of("options", 3, "text")] == [33, 44]


def test_reads_what_safe_dump_writes():
    codes, problems = read(to_yaml(make_row("MET-K1.1-P1"), make_row("MET-K1.1-M1")))

    assert (codes, problems) == (["MET-K1.1-P1", "MET-K1.1-M1"], [])


def test_content_is_what_the_row_says():
    (row,) = read_files([FixtureFile(NAME, to_yaml(make_row()))]).rows

    assert row.content == make_content()


def test_accepts_a_byte_order_mark():
    assert read(b"\xef\xbb\xbf" + WRITTEN.encode()) == (["MET-K1.1-P1", "MET-K1.1-P2"], [])


# Files that cannot be read


def test_refuses_a_file_over_ten_megabytes():
    assert read(b"#" * (MAX_BYTES + 1)) == ([], [Problem(NAME, 0, "The file is larger than 10 MB.")])


def test_refuses_bytes_that_are_not_utf_8():
    text = written("Survey every caller", "Surv\u00e9y every caller").encode("latin-1")

    assert read(text) == ([], [Problem(NAME, 16, "The file is not UTF-8 text.")])


def test_refuses_utf_16():
    assert read(WRITTEN.encode("utf-16")) == ([], [Problem(NAME, 1, "The file is not UTF-8 text.")])


def test_refuses_control_characters():
    text = written("hotel", "ho\0tel")

    assert read(text) == ([], [Problem(NAME, 11, "The file holds the control character U+0000.")])


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "\n\n"])
def test_refuses_a_file_without_rows(text):
    assert read(text) == ([], [Problem(NAME, 0, "The file holds no rows.")])


@pytest.mark.parametrize("text", ["a: 1\n", "just words\n"])
def test_refuses_a_file_that_is_no_list(text):
    reason = "The file must be a list of rows, each beginning with “- model:”."

    assert read(text) == ([], [Problem(NAME, 1, reason)])


def test_refuses_a_second_document_but_keeps_the_first():
    codes, problems = read(WRITTEN + "---\n- model: questions.question\n")

    assert codes == ["MET-K1.1-P1", "MET-K1.1-P2"]
    assert problems == [Problem(NAME, 47, "A second document begins here: put all rows into one list.")]


def test_refuses_values_nested_too_deep():
    codes, problems = read(written("[[reichheld-2003]]", "[" * 5000 + "]" * 5000))

    assert codes == []
    assert problems == [Problem(NAME, 30, "Values are nested more than 12 deep; the rest was not read.")]


def test_refuses_a_row_with_too_many_values():
    codes, problems = read(WRITTEN + "- [" + "x, " * 5000 + "x]\n")

    assert codes == ["MET-K1.1-P1", "MET-K1.1-P2"]
    assert problems == [Problem(NAME, 47, "A row holds more than 1000 values; the rest was not read.")]


def test_malformed_yaml_keeps_the_rows_before_it(yaml_loader):
    reasons = {
        "libyaml": "did not find expected ',' or ']'",
        "python": "expected ',' or ']', but got '{'",
    }
    codes, problems = read(written("    key: A", "    key: [A {"))

    assert codes == ["MET-K1.1-P1"]
    assert problems == [Problem(NAME, 45, f"This is not valid YAML: {reasons[yaml_loader]}.")]


def test_tabs_are_malformed_yaml(yaml_loader):
    reasons = {
        "libyaml": "found a tab character that violates indentation",
        "python": "found character '\\t' that cannot start any token",
    }
    codes, problems = read(written("    key: B", "\tkey: B"))

    assert codes == []
    assert problems == [Problem(NAME, 29, f"This is not valid YAML: {reasons[yaml_loader]}.")]


# Rows that YAML allows and we do not


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        (
            "key: B",
            "key: *stem",
            29,
            "The alias *stem is refused: write the value out.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: &caller Survey every caller by telephone",
            16,
            "The anchor &caller is refused: write values where they are needed.",
        ),
        (
            "difficulty: 3",
            "difficulty: !!int 3",
            9,
            "The tag tag:yaml.org,2002:int is refused: a row holds plain values.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: !!python/object/apply:os.getcwd []",
            16,
            "The tag tag:yaml.org,2002:python/object/apply:os.getcwd is refused: a row holds plain values.",
        ),
        ("key: B", "key: B\n    stem: Another one?", 30, "“stem” stands twice; the first time in line 10."),
        (
            "rationale: Why not A.",
            "rationale: Why not A.\n        text: Another",
            18,
            "“text” stands twice; the first time in line 16.",
        ),
        ("key: B", "[key]: B", 29, "The name of a field must be text."),
        ("key: B", "7: B", 29, "The name of a field must be text."),
        ("key: B", "<<: {key: B}", 29, "“<<” without quotes is read as a merge key: put it in quotes."),
        (
            "text: Survey every caller by telephone",
            "text: no",
            16,
            "“no” without quotes is read as true or false: put it in quotes.",
        ),
        ("status: published", "status: on", 7, "“on” without quotes is read as true or false: put it in quotes."),
        (
            "difficulty: 3",
            "difficulty: 012",
            9,
            "“012” without quotes is read as a number in another notation: put it in quotes.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: 1:30",
            16,
            "“1:30” without quotes is read as a number in another notation: put it in quotes.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: 4_000",
            16,
            "“4_000” without quotes is read as a number in another notation: put it in quotes.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: 7.5",
            16,
            "“7.5” without quotes is read as a decimal number: put it in quotes.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: 2026-03-01",
            16,
            "“2026-03-01” without quotes is read as a date: put it in quotes.",
        ),
        (
            "text: Survey every caller by telephone",
            "text: =",
            16,
            "“=” without quotes is read as something else than text: put it in quotes.",
        ),
    ],
)
def test_refuses_what_yaml_would_read_otherwise(old, new, line, reason):
    codes, problems = read(written(old, new))

    assert codes == ["MET-K1.1-P2"]
    assert problems == [Problem(NAME, line, reason)]


@pytest.mark.parametrize("text", ['"no"', "'012'", "'1:30'", "'7.5'", '"2026-03-01"', "|\n          no"])
def test_quoted_text_is_text(text):
    codes, problems = read(written("text: Survey every caller by telephone", f"text: {text}"))

    assert (codes, problems) == (["MET-K1.1-P1", "MET-K1.1-P2"], [])


def test_an_alias_bomb_is_refused_at_its_first_layers():
    layers = [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    codes, problems = read("- &a0 [lol, lol]\n" + "\n".join(layers))

    assert codes == []
    assert problems[:2] == [
        Problem(NAME, 1, "The anchor &a0 is refused: write values where they are needed."),
        Problem(NAME, 2, "The anchor &a1 is refused: write values where they are needed."),
    ]
    assert len(problems) == loader.MAX_PROBLEMS + 1
    assert problems[-1].reason == "This is problem number 100; the rest of the file was not read."


# Rows that are no questions

HEAD = "- model: questions.question\n  fields:\n    code: MET-K1.1-P1"
TEXT_OF_A = "text: Survey every caller by telephone"
STEM = "      A hotel loses guests.\n\n      What should it do first?\n"
WHY_NOT_C = "rationale: Why not C."
CITED = "references: [[reichheld-2003]]"
ROWS = [
    (
        HEAD,
        "- model: competencies.objective\n  fields:\n    code: MET-K1.1-P1",
        "2: Rows of competencies.objective are not loaded here, only rows of questions.question.",
    ),
    (
        HEAD,
        "- fields:\n    code: MET-K1.1-P1",
        "2: Rows without a model are not loaded here, only rows of questions.question.",
    ),
    (HEAD, HEAD.replace("  fields", "  pk: 7\n  fields"), "3: A row has no “pk”, only “model” and “fields”."),
    (HEAD, f"- just words\n{HEAD}", "2: A row must be a mapping with “model” and “fields”."),
    (HEAD, f"- model: questions.question\n{HEAD}", "2: The row has no “fields”."),
    (HEAD, f"{HEAD}\n    hint: Think.", "5: “hint” is not a field of a question."),
    (HEAD, f"{HEAD}\n    version: 2", "5: A file carries no version: the loader gives the next one."),
    ("    key: B\n", "", "3: The field “key” is missing."),
    ("difficulty: 3", "difficulty: three", "9: The difficulty must be a whole number, not the text “three”."),
    ("difficulty: 3", "difficulty: 7", "9: The difficulty must be a whole number from 1 to 5, not 7."),
    (
        "code: MET-K1.1-P1",
        "code: MET-K1.1",
        "4: The code “MET-K1.1” must be an objective's code and -P1 or -M1, such as MET-K1.1-P1.",
    ),
    (
        "objective: [MET-K1.1]",
        "objective: MET-K1.1",
        "5: The objective must be one code in brackets, such as [CODE], not the text “MET-K1.1”.",
    ),
    (
        "objective: [MET-K1.1]",
        "objective: [MET-K1.2]",
        "5: The code belongs to the objective MET-K1.1, but the question names MET-K1.2.",
    ),
    ("pool: practice", "pool: mock", "6: The code says -P, but the pool is mock."),
    (
        "status: published",
        "status: live",
        "7: The status must be draft, in_review, published or retired, not “live”.",
    ),
    (
        "cognitive_level: application",
        "cognitive_level: hard",
        "8: The cognitive level must be recall, application or analysis, not “hard”.",
    ),
    (STEM, "", "10: The stem is empty."),
    (TEXT_OF_A, "text: 42", "16: The text of an option must be text, not the number 42."),
    (TEXT_OF_A, 'text: ""', "16: Option A has no text."),
    (
        TEXT_OF_A,
        "text: All of the above",
        "16: Option A is about the other options (“All of the above”): write one of its own.",
    ),
    ("text: Buy another ticketing platform", TEXT_OF_A, "27: Options A and D are identical."),
    (WHY_NOT_C, "rationale:", "25: Option C has no rationale."),
    (f"        {WHY_NOT_C}\n", "", "23: Option C has no rationale."),
    (
        WHY_NOT_C,
        'rationale: "Why\\0not"',
        "25: The rationale of an option holds the control character U+0000.",
    ),
    ("key: B", "key: E", "29: The key must be A, B, C or D, not “E”."),
    (CITED, "references: []", "30: There is no reference: name at least one work."),
    (
        CITED,
        "references: [reichheld-2003]",
        "30: A reference must be one code in brackets, such as [CODE], not the text “reichheld-2003”.",
    ),
    (
        CITED,
        f"{CITED}\n    locators: {{hart-1990: p. 3}}",
        "31: The locators name hart-1990, which is not among the references.",
    ),
]


@pytest.mark.parametrize(("old", "new", "problem"), ROWS)
def test_refuses_a_row_and_reads_the_others(old, new, problem):
    codes, problems = read(written(old, new))

    assert codes[-1] == "MET-K1.1-P2"
    assert [str(found) for found in problems] == [f"{NAME}:{problem}"]


def test_names_a_doubled_label_and_the_missing_one():
    codes, problems = read(written("label: D", "label: C"))

    assert codes == ["MET-K1.1-P2"]
    assert problems == [
        Problem(NAME, 26, "The label C stands twice."),
        Problem(NAME, 14, "There is no option D."),
    ]


def test_names_a_missing_option_and_a_key_that_points_nowhere():
    without_b = """\
      - label: B
        text: Map the journey with the agents
        rationale: >-
          Why B
          is right.
"""
    codes, problems = read(written(without_b, ""))

    assert codes == ["MET-K1.1-P2"]
    assert problems == [
        Problem(NAME, 14, "There is no option B."),
        Problem(NAME, 24, "The key is B, and there is no such option."),
    ]


def test_one_bad_row_does_not_hide_another():
    text = written("difficulty: 3", "difficulty: 7").replace("difficulty: 1", "difficulty: 0")

    codes, problems = read(text)

    assert codes == []
    assert [problem.line for problem in problems] == [9, 38]


def test_a_code_that_stands_twice_is_refused_with_the_place_of_the_first():
    files = [
        FixtureFile("a.yaml", to_yaml(make_row())),
        FixtureFile("b.yaml", to_yaml(make_row("MET-K1.1-P2"), make_row())),
    ]

    reading = read_files(files)

    assert [(row.file, row.content.code) for row in reading.rows] == [
        ("a.yaml", "MET-K1.1-P1"),
        ("b.yaml", "MET-K1.1-P2"),
    ]
    assert [(problem.file, problem.reason) for problem in reading.problems] == [
        ("b.yaml", "The code MET-K1.1-P1 stands already in a.yaml, line 3.")
    ]


def test_the_problems_of_one_file_do_not_hide_the_rows_of_another():
    files = [FixtureFile("a.yaml", b"- ["), FixtureFile("b.yaml", to_yaml(make_row()))]

    reading = read_files(files)

    assert [row.content.code for row in reading.rows] == ["MET-K1.1-P1"]
    assert [problem.file for problem in reading.problems] == ["a.yaml"]


# Paths


def test_open_files_reads_files_and_the_yaml_of_folders_in_order(tmp_path: Path):
    for name in ("b.yaml", "a.yml", "notes.txt", "inner/c.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())

    files, problems = open_files([tmp_path, tmp_path / "b.yaml"])

    assert problems == []
    assert [(file.name, file.data) for file in files] == [
        (str(tmp_path / name), name.encode()) for name in ("a.yml", "b.yaml", "inner/c.yaml")
    ]


def test_open_files_names_what_is_not_there(tmp_path: Path):
    (tmp_path / "empty").mkdir()

    files, problems = open_files([tmp_path / "none.yaml", tmp_path / "empty"])

    assert files == []
    assert problems == [
        Problem(str(tmp_path / "none.yaml"), 0, "The file cannot be read: No such file or directory."),
        Problem(str(tmp_path / "empty"), 0, "There is no YAML file in this folder."),
    ]


def test_a_problem_reads_like_a_compilers():
    assert str(Problem("met.yaml", 12, "The stem is empty.")) == "met.yaml:12: The stem is empty."
    assert str(Problem("met.yaml", 0, "The file holds no rows.")) == "met.yaml: The file holds no rows."
