from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ccxp_prep.management.commands.serve import is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.com"])
def test_demo_is_not_served_to_a_network(host: str) -> None:
    with pytest.raises(CommandError, match="served to this machine only"):
        call_command("serve", host=host, demo=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_demo_is_served_to_this_machine(host: str) -> None:
    assert is_loopback(host)
