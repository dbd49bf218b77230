from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reviews.simulation import acceptance

SMALL = ("--candidates=3", "--seeds=1", "--minutes", "40", "--objectives=30", "--days=5", "--processes=1")


def test_it_prints_a_table_and_writes_a_chart(tmp_path: Path) -> None:
    out, chart = StringIO(), tmp_path / "policies.svg"
    call_command("simulate_policies", *SMALL, f"--svg={chart}", stdout=out)
    assert out.getvalue().splitlines()[0].startswith("1 x 3 candidates, 30 objectives, 5 days.")
    assert chart.read_text(encoding="utf-8").startswith("<svg ")


def test_it_prints_json() -> None:
    out = StringIO()
    call_command("simulate_policies", *SMALL, "--json", stdout=out)
    assert json.loads(out.getvalue())["study"]["minutes"] == [40]


def test_it_fails_with_the_line_that_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "MINUTES", (40,))
    monkeypatch.setattr(acceptance, "LEAST_AHEAD_OF_RANDOM", 99.0)
    err = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("simulate_policies", *SMALL, stdout=StringIO(), stderr=err)
    assert stopped.value.code == 1
    assert "Fails: World A, 40 min: ours - random" in err.getvalue()


@pytest.mark.parametrize("wrong", ["0", "-1", "ten", "1e9", "100000"])
def test_it_refuses_what_is_no_sensible_number(wrong: str) -> None:
    with pytest.raises(CommandError, match="is no whole number from 1 to 10000"):
        call_command("simulate_policies", f"--days={wrong}")
