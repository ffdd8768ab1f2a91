"""Small secrets that the database keeps and cannot read."""

import pytest

from registry.errors import OutOfOrder
from registry.keys import KeyRing
from registry.sealing import digest_secret, seal, unseal


def test_what_was_sealed_opens_and_looks_different_each_time(keys):
    one, other = seal(keys, "totp", "JBSWY3DP"), seal(keys, "totp", "JBSWY3DP")
    assert one != other
    assert "JBSWY3DP" not in one
    assert {unseal(keys, "totp", text) for text in (one, other)} == {"JBSWY3DP"}


def test_another_key_purpose_or_a_damaged_text_opens_nothing(keys, tmp_path):
    sealed = seal(keys, "totp", "JBSWY3DP")
    stranger = KeyRing.create(tmp_path / "keys")
    for ring, purpose, text in (
        (stranger, "totp", sealed),
        (keys, "webhook", sealed),
        (keys, "totp", "A" + sealed[1:] if sealed[0] != "A" else "B" + sealed[1:]),
        (keys, "totp", "no base64!"),
    ):
        with pytest.raises(OutOfOrder):
            unseal(ring, purpose, text)


def test_a_digest_knows_a_secret_again_with_the_same_key_only(keys, tmp_path):
    stranger = KeyRing.create(tmp_path / "keys")
    assert digest_secret(keys, "r", "abc") == digest_secret(keys, "r", "abc")
    assert digest_secret(keys, "r", "abc") != digest_secret(stranger, "r", "abc")
