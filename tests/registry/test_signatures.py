"""Signatures are verified once, when a letter came in; the verdict is frozen and proven."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from gateway.inbound.smime import lay_out
from registry import entries
from registry.apart import Died
from registry.ids import new_id
from registry.models.letters import EnclosureRow, LetterRow, OriginalRow
from registry.models.paper import SignatureCheckRow, SignatureRow
from registry.proof import prove
from registry.settings import Instance, OfficeSettings, SignatureSettings
from registry.signatures import Verifying, signatures_of
from tests.registry.pdf import signing
from tests.registry.texts import papers

PLAIN = papers.saying(b"(Hello) Tj")
PDF = "application/pdf"


@pytest.fixture
def letter(database, office, blobs, clock):
    """Keep a letter with these files, (bytes, type), and this mail; give its id."""

    def keep(*files, mail: bytes = b"", **columns) -> str:
        letter_id, sha256 = new_id(), blobs.put(mail) if mail else None
        facts = {"entity_id": office.phrae, "direction": "in", "state": "waiting"} | columns
        with database.write() as session:
            if sha256:
                session.add(
                    OriginalRow(
                        sha256=sha256, bytes=len(mail), form="whole", blob=sha256, recipe=[]
                    )
                )
            row = LetterRow(id=letter_id, accepted_at=clock.now(), original_sha256=sha256, **facts)
            session.add(row)
            session.flush()
            for position, (data, kind) in enumerate(files):
                session.add(
                    EnclosureRow(
                        letter_id=letter_id, position=position, role="enclosure", name="ไฟล์",
                        bytes=len(data), sha256=blobs.put(data), media_type=kind, claimed_type=kind,
                    )
                )  # fmt: skip
        return letter_id

    return keep


@pytest.fixture
def verifying(database, blobs, clock, tmp_path):
    """Processes that verify, trusting the tests' own root; they end with the test."""
    made: list[Verifying] = []
    folder = tmp_path / "trusted"
    folder.mkdir()
    (folder / "root.pem").write_bytes(signing.root().pem)

    def make(lay_out=lay_out) -> Verifying:
        office = replace(
            OfficeSettings(),
            instance=Instance(data_dir=tmp_path),
            signatures=SignatureSettings(ca_folder=str(folder)),
        )
        made.append(Verifying(database, blobs, clock, office, lay_out))
        return made[-1]

    yield make
    for one in made:
        one.close()


def found(database, letter_id):
    with database.read() as session:
        return signatures_of(session, letter_id)


def state(database, letter_id) -> str:
    with database.read() as session:
        row = session.get(SignatureCheckRow, letter_id)
        return row.state if row else ""


def test_a_waiting_letters_signatures_are_frozen_in_order_and_others_are_only_noted(
    database, verifying, letter, clock
):
    once = signing.signed_pdf(PLAIN, signing.somying())
    mail = signing.signed_mail("เรียน", signing.somying())
    signed = letter((PLAIN, PDF), (once, PDF), (b"seal", "application/pkcs7-signature"), mail=mail)
    plain = letter((PLAIN, PDF))
    one = verifying()
    assert (one.turn(), one.turn()) == (2, 0)
    mailed, pdf = found(database, signed)
    assert (mailed.kind, mailed.sha256, mailed.outcome, mailed.whole) == (
        "smime",
        None,
        "good",
        True,
    )
    assert (pdf.kind, pdf.outcome, pdf.detail) == ("pdf", "good", "")
    assert pdf.checked_at == clock.now()
    assert (found(database, plain), state(database, plain)) == ([], "done")


def test_what_is_wrong_is_said_in_thai(database, verifying, letter):
    once = signing.signed_pdf(PLAIN, signing.somying())
    at = once.index(b"Hello")
    changed = letter((once[:at] + b"J" + once[at + 1 :], PDF))
    stranger = letter((signing.signed_pdf(PLAIN, signing.stranger()), PDF))
    rubble = letter((b"%PDF-1.4 /ByteRange [0 1 2 3]", PDF))
    verifying().turn()
    told = {one: found(database, one)[0] for one in (changed, stranger, rubble)}
    assert [told[one].outcome for one in told] == ["broken", "untrusted", "unknown"]
    assert "ถูกแก้ไข" in told[changed].detail
    assert "ออกใบรับรองให้ตนเอง" in told[stranger].detail
    assert "ตรวจไม่ได้" in told[rubble].detail


def test_a_reader_that_dies_is_tried_again_later_and_the_third_time_is_the_last(
    database, verifying, letter, clock, monkeypatch
):
    def dies(request, seconds, wait):
        raise Died("exit code -9")

    deadly = letter((signing.signed_pdf(PLAIN, signing.somying()), PDF))
    one = verifying()
    monkeypatch.setattr(one._apart, "ask", dies)
    for _ in range(4):
        one.turn()
        clock.advance(timedelta(minutes=2))
    assert state(database, deadly) == "failed"
    assert one.turn() == 0
    assert found(database, deadly) == []


def test_a_verdict_of_a_letter_with_a_number_is_witnessed_whenever_it_was_made(
    database, verifying, letter, blobs, clock, office
):
    once = signing.signed_pdf(PLAIN, signing.somying())
    early, late = letter((once, PDF)), letter((once, PDF), state="registered")
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    content = entries.EntryFields(subject="เรื่อง", accepted_at=clock.now())

    def register(letter_id: str) -> None:
        with database.write() as session:
            entries.write(session, key, letter_id, content, "automatic", clock)

    def witnesses() -> list[str]:
        with database.snapshot() as session:
            return [
                one.thai for one in prove(session, blobs, None).problems if one.kind == "witness"
            ]

    register(late)
    verifying().turn()
    register(early)
    assert witnesses() == []
    with database.write() as session:
        session.execute(
            update(SignatureRow).where(SignatureRow.letter_id == early).values(trusted=False)
        )
    assert witnesses() == ["ผลตรวจลายมือชื่อดิจิทัลถูกแก้นอกระบบ"]
    with database.write() as session:
        session.execute(delete(SignatureRow).where(SignatureRow.letter_id == late))
    assert len(witnesses()) == 2


def test_what_a_killed_process_left_of_a_mail_is_swept_by_the_next(verifying, tmp_path):
    left = [tmp_path / "run" / name for name in ("signed-mail", "signature")]
    left[0].parent.mkdir()
    for path in left:
        path.write_bytes(b"words of a letter")
    verifying()
    assert not any(path.exists() for path in left)
