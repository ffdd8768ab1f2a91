"""Fixtures of the doctor: ports that nobody else of this test run uses."""

from collections.abc import Callable

import pytest

from tests.saraban.office import Office

Finder = Callable[..., list[dict[str, str]]]


@pytest.fixture(autouse=True)
def ports_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listeners take free ports, so that two tests never meet."""
    for section in ("SMTP", "SUBMISSION", "LINKS"):
        monkeypatch.setenv(f"SARABAN__{section}__LISTEN", "127.0.0.1:0")
    monkeypatch.setenv("SARABAN__WEB__LISTEN", "")  # test_pages.py serves them


@pytest.fixture
def found(office: Office) -> Finder:
    """Run the doctor and give what one check found."""

    def run(check: str, *options: str, code: int = 0) -> list[dict[str, str]]:
        findings = office.data("doctor", *options, code=code)
        return [one for one in findings if one["check"] == check]

    return run
