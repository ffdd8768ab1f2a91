"""Any bytes at the door: every answer is a clean reply line, and the next letter is unaffected.

The properties are plain functions, so that longer runs can call them with their own bytes.
"""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateway.inbound.test_data import cut, read

LETTER = b"From: a@dla.example\r\n\r\nx\r\n"
_REPLY = re.compile(rb"[2-5]\d\d[ -][\x20-\x7e\x80-\xff]*")
WORDS = [
    b"EHLO x", b"HELO x", b"MAIL FROM:<a@b.th>", b"MAIL FROM:<> RET=HDRS ENVID=a+2Bb", b"STARTTLS",
    b"RCPT TO:<saraban@phrae.example>", b"RCPT TO:<saraban@phrae.example> NOTIFY=NEVER", b"DATA",
    b"RSET", b"NOOP", b"AUTH PLAIN =", b"QUIT", b".", b"\r\n", b"\n", b"\r", b"\x00", b"<", b">",
]  # fmt: skip
TALK = st.lists(st.one_of(st.sampled_from(WORDS), st.just(b"\r\n"), st.binary(max_size=12)))
PLACES = st.lists(st.integers(min_value=0), max_size=6)


def framing_is_the_same_however_it_is_cut(wire: bytes, places: list[int]) -> None:
    """See that blocks make no difference to what a letter is and where it ends."""
    whole = read([wire])
    pieces = read(cut(wire, places))
    assert pieces[:2] == whole[:2]


def a_session_stays_in_step(door, talk: bytes, places: list[int]) -> None:
    """See that replies to any bytes are lines of SMTP, and that another client notices nothing."""
    with door.call(ehlo=False) as client:
        try:
            for block in cut(talk, places):
                client.send(block)
            client.send(b"\r\n.\r\nQUIT\r\n")
            heard = _all_of(client.socket)
        except OSError:  # it was dismissed while it still sent
            heard = b""
    assert all(_REPLY.fullmatch(line) for line in heard.split(b"\r\n")[:-1])
    with door.call() as other:
        assert other.mail(LETTER).startswith("250 ")


@given(TALK.map(b"".join), PLACES)
@settings(max_examples=200, deadline=None)
def test_framing_does_not_depend_on_blocks(wire, places):
    framing_is_the_same_however_it_is_cut(wire + b"\r\n.\r\n", places)


@given(TALK.map(b"".join), PLACES)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_said_the_session_stays_in_step(door, talk, places):
    a_session_stays_in_step(door, talk, places)


def _all_of(sock):
    heard = b""
    while block := sock.recv(65536):
        heard += block
    return heard
