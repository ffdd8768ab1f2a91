"""The body hash in blocks, against the whole body at once."""

import hashlib
import re
import time

import pytest
from dkim.canonicalization import Relaxed, Simple
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.body_hash import body_hash

BODIES = st.lists(
    st.sampled_from([b"\r\n", b"\n", b"\r", b" ", b"\t", b"a", b"b c", b"  \r\n", b"\r\n\r\n"]),
    max_size=30,
).map(b"".join)


def at_once(body, *, relaxed):
    """What dkimpy hashes; it makes every line end CRLF first."""
    whole = b"\r\n".join(re.split(rb"\r?\n", body))
    kind = Relaxed if relaxed else Simple
    return hashlib.sha256(kind.canonicalize_body(whole)).digest()


@given(body=BODIES, block=st.integers(1, 9), relaxed=st.booleans())
@example(body=b"", block=1, relaxed=True)
@example(body=b"", block=1, relaxed=False)
@example(body=b"a \t\r", block=1, relaxed=True)
def test_the_hash_is_that_of_the_whole_body_at_any_block_size(body, block, relaxed):
    blocks = [body[at : at + block] for at in range(0, len(body), block)]
    assert body_hash(blocks, relaxed=relaxed) == at_once(body, relaxed=relaxed)


def test_the_empty_body_has_the_hashes_of_the_rfc():
    """RFC 6376 §3.4.3 and §3.4.4 print them (SHA-256)."""
    simple = body_hash([], relaxed=False).hex()
    relaxed = body_hash([], relaxed=True).hex()
    assert simple == hashlib.sha256(b"\r\n").hexdigest()
    assert relaxed == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("unit", [b" ", b"\r\n", b" \r\n", b"\t", b"\r"])
@pytest.mark.parametrize("relaxed", [True, False])
def test_no_body_takes_long(unit, relaxed):
    started = time.process_time()
    body_hash([unit * 50_000] * 20 + [b"x"], relaxed=relaxed)
    assert time.process_time() - started < 5
