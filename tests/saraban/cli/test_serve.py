"""What ``serve --only`` takes; the services themselves are tested with the supervisor."""

import pytest


@pytest.mark.parametrize("only", ["nonsense", "smtp,nonsense", "smtp;worker"])
def test_a_role_there_is_not_is_wrong_usage_and_those_there_are_are_told(office, only):
    done = office.run("serve", "--only", only, code=2)
    assert "smtp, submission, collector, mailq, links, web, worker" in done.stderr


def test_nothing_serves_without_a_configuration(office):
    office.config.unlink()
    office.run("serve", code=3)
