"""Every refusal is one line that a stranger may read and can act on."""

import re

import pytest

from gateway import dismissals, errors
from gateway.errors import InsufficientStorage, Refusal, Temporary, UnknownAddressee


def all_refusals(kind=Refusal):
    return [kind] + [found for sub in kind.__subclasses__() for found in all_refusals(sub)]


KINDS = [
    kind for kind in all_refusals() if kind.__module__ in {errors.__name__, dismissals.__name__}
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_reply_has_code_and_status_of_one_class_and_fits_a_line(kind):
    reply = kind().reply()
    assert re.fullmatch(r"([45])\d\d \1\.\d\.\d{1,2} [ -~]+[.;)]", reply)
    assert len(reply) <= 510


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_thai_follows_where_the_client_reads_it(kind):
    reply = kind().reply(utf8=True)
    assert reply.startswith(kind().reply() + " / ")
    assert re.search("[ก-๙]", reply)
    assert len(reply.encode()) <= 510


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_is_drawn_in_the_tree_with_its_code(kind):
    assert re.search(rf"{kind.__name__} +{kind.code} {kind.status}\b", errors.__doc__)


def test_temporary_ones_are_the_ones_with_four():
    assert {kind for kind in KINDS if kind.code < 500} == set(all_refusals(Temporary))


def test_what_the_log_hears_is_not_what_the_client_hears():
    error = InsufficientStorage("disk: /srv/spool is full")
    assert "/srv" in str(error)
    assert "/srv" not in error.reply()


def test_a_text_of_more_lines_becomes_one():
    assert Refusal(text="a\r\n250 b\x00").reply() == "550 5.7.1 a 250 b"


def test_a_text_too_long_is_cut():
    assert len(Refusal(text="x" * 2000).reply()) == 510


def test_a_thai_text_too_long_is_left_out():
    assert UnknownAddressee(thai="ก" * 300).reply(utf8=True).isascii()
