"""Making an installation by command, with options; the dialogue has tests of its own."""

import pytest
from click.testing import CliRunner

from saraban.cli.main import cli
from tests.saraban.office import Office

PHRAE = (
    "--entity", "phrae", "--name", "จังหวัดแพร่", "--domain", "phrae.go.th",
    "--letter-code", "มท ๐๘๑๐",
)  # fmt: skip


def init(*options):
    return CliRunner().invoke(cli, ["init", *map(str, options)])


def test_options_make_the_first_hosted_entity_without_questions(tmp_path):
    done = init(tmp_path / "office", *PHRAE)
    assert done.exit_code == 0
    [entity] = Office(tmp_path / "office" / "saraban.toml").data("entity", "list")
    assert (entity["code"], entity["central_address"]) == ("phrae", "saraban@phrae.go.th")
    assert (entity["letter_code"], entity["hosted"]) == ("มท 0810", True)


def test_the_next_step_is_told(tmp_path):
    done = init(tmp_path, *PHRAE)
    assert f"saraban serve --config {tmp_path / 'saraban.toml'}" in done.stderr


def test_without_options_and_terminal_there_is_no_entity_yet(tmp_path):
    assert init(tmp_path / "office").exit_code == 0
    assert Office(tmp_path / "office" / "saraban.toml").data("entity", "list") == []


def test_a_second_time_changes_nothing(tmp_path):
    init(tmp_path, *PHRAE)
    before = (tmp_path / "keys" / "token.key").read_bytes()
    done = init(tmp_path, *PHRAE)
    assert done.exit_code == 1
    assert "ไม่ได้แก้ไขสิ่งใด" in done.stderr
    assert (tmp_path / "keys" / "token.key").read_bytes() == before


@pytest.mark.parametrize("left_out", [0, 2, 4, 6])
def test_half_an_entity_is_wrong_usage(tmp_path, left_out):
    options = PHRAE[:left_out] + PHRAE[left_out + 2 :]
    assert init(tmp_path / "office", *options).exit_code == 2
    assert not (tmp_path / "office").exists()


def test_a_letter_code_that_is_none_is_wrong_usage(tmp_path):
    assert init(tmp_path / "office", *PHRAE[:-1], "???").exit_code == 2
    assert not (tmp_path / "office").exists()
