"""A signed PDF is judged fact by fact: intact, trusted, whole, changed, and never raises."""

import io
import logging
from datetime import timedelta

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from registry.pdf.signatures import verify_pdf
from registry.pdf.signatures_trust import anchors_in
from tests.registry.pdf import signing
from tests.registry.texts import papers

PLAIN = papers.saying(b"(Hello) Tj")


@pytest.fixture
def judged(tmp_path):
    """Give the verdicts on a PDF, by the tests' own root unless said otherwise."""
    folder = tmp_path / "trusted"
    folder.mkdir()
    (folder / "root.pem").write_bytes(signing.root().pem)
    (folder / "broken.crt").write_bytes(b"no certificate")

    def judge(data: bytes, *, trusting: bool = True) -> list[dict]:
        path = tmp_path / "signed.pdf"
        path.write_bytes(data)
        anchors = anchors_in(folder if trusting else tmp_path / "none")
        return verify_pdf(path, anchors, signing.NOW)

    return judge


@pytest.fixture(scope="module")
def signed() -> bytes:
    return signing.signed_pdf(PLAIN, signing.somying())


def test_a_good_signature_is_intact_trusted_and_of_the_whole_file(judged, signed):
    [one] = judged(signed)
    assert (one["intact"], one["trusted"], one["whole"]) == (True, True, True)
    assert one["signer"] == f"{signing.SIGNER} ({signing.OFFICE})"
    assert one["issuer"] == f"ผู้ออกใบรับรอง ({signing.OFFICE})"
    assert one["signed_at"]
    assert not one["time_proven"]
    assert one["facts"]["changed"] == "none"
    assert one["facts"]["addresses"] == ["somying@dla.example"]


def test_a_byte_that_was_changed_breaks_the_seal_and_not_the_trust_in_the_signer(judged, signed):
    at = signed.index(b"Hello")
    [one] = judged(signed[:at] + b"J" + signed[at + 1 :])
    assert (one["intact"], one["trusted"]) == (False, True)


def test_a_signer_that_nobody_vouches_for_is_intact_and_not_trusted(judged, signed):
    [one] = judged(signed, trusting=False)
    assert (one["intact"], one["trusted"], one["facts"]["trouble"]) == (True, False, "unknown")
    [own] = judged(signing.signed_pdf(PLAIN, signing.stranger()))
    assert (own["intact"], own["trusted"], own["facts"]["trouble"]) == (True, False, "self_signed")


def test_a_certificate_that_ran_out_is_not_trusted_and_said_so(judged):
    [one] = judged(signing.signed_pdf(PLAIN, signing.expired()))
    assert (one["intact"], one["trusted"], one["facts"]["trouble"]) == (True, False, "expired")


def test_a_trusted_clock_proves_that_it_was_signed_before_the_certificate_ran_out(judged):
    [one] = judged(signing.signed_pdf(PLAIN, signing.expired(), timed=True))
    assert (one["intact"], one["trusted"], one["time_proven"]) == (True, True, True)
    assert one["signed_at"] == (signing.NOW - timedelta(days=60)).isoformat()
    [one] = judged(signing.signed_pdf(PLAIN, signing.somying(), timed=True), trusting=False)
    assert (one["trusted"], one["time_proven"]) == (False, False)


def test_a_second_signature_leaves_the_first_good_and_says_that_it_came_later(judged, signed):
    twice = signing.signed_pdf(signed, signing.stranger(), "Signature2")
    first, second = judged(twice)
    assert (first["intact"], first["trusted"], first["whole"]) == (True, True, False)
    assert first["facts"]["changed"] == "forms"
    assert (second["whole"], second["trusted"]) == (True, False)


def test_what_was_changed_in_a_later_revision_is_told_though_the_signature_is_intact(
    judged, signed
):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/Rotate"] = generic.NumberObject(90)
    writer.mark_update(page)
    out = io.BytesIO()
    writer.write(out)
    [one] = judged(out.getvalue())
    assert (one["intact"], one["whole"], one["facts"]["changed"]) == (True, False, "other")


def test_an_author_that_bound_the_file_is_told(judged):
    [one] = judged(signing.signed_pdf(PLAIN, signing.somying(), certify=True))
    assert one["facts"]["certified"]


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_of_rubble_nothing_is_found_out_and_nothing_is_logged(judged, signed, cut, caplog):
    caplog.set_level(logging.DEBUG)
    found = judged(signed[: int(len(signed) * cut)])
    assert all(one["intact"] is not True for one in found)
    assert not any("สมหญิง" in record.getMessage() for record in caplog.records)


def test_a_file_without_signatures_has_no_verdicts(judged):
    assert judged(PLAIN) == []
    [broken] = judged(b"%PDF-1.4 /ByteRange [0 1 2 3]")
    assert (broken["intact"], broken["facts"]["trouble"]) == (None, "broken")
