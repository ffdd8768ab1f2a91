"""What only secret letters carry is encrypted, what others carry too stays open beside it."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry import directory, proof, saved
from registry.blobs import BlobStore
from registry.desk import found_secret, free_secret, move_secret
from registry.desk.accept import accept
from registry.letter.entity import Role
from registry.letter.grades import Secrecy
from registry.letter.message import Original
from registry.models.letters import EnclosureRow, LetterRow, OriginalRow
from registry.models.secrets import SecretLetterRow
from registry.secret import letters as secret_letters
from registry.secret.keeping import Keeping
from registry.secret.keys import FileKeys
from registry.secret.packs import RESERVED
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House, Mails, pdf, sha

PAPER = b"%PDF-1.7 paper " * 900
MAIL = b"Subject: secret\r\n\r\ntext\r\n"


@pytest.fixture
def store(tmp_path) -> BlobStore:
    """A store with keys."""
    return BlobStore(tmp_path / "blobs", FileKeys(tmp_path / "keys"))


@pytest.fixture
def keeping(house: House, store: BlobStore, tmp_path) -> Keeping:
    """What sees to the bytes."""
    return Keeping(house.database, store, house.clock, tmp_path)


@pytest.fixture
def mailed(mail: Mails, store: BlobStore):
    """Make a mail whose bytes are in the store."""

    def make(**fields):
        paper = fields.pop("paper", PAPER)
        raw = fields.pop("raw", MAIL + os.urandom(8))
        store.put(paper)
        digest = store.put(raw)
        part = pdf(sha256=sha(paper), size=len(paper))
        original = fields.pop("original", Original(digest, len(raw), "whole", digest))
        return mail(raw=raw, original=original, parts=[part], **fields)

    return make


def held(house: House, mailed, **fields) -> str:
    """A letter that is held because of its marking."""
    letter_id = house.one(mailed(subject="ลับ เรื่องหนึ่ง", **fields)).letter_id
    assert letter_id is not None
    return letter_id


def test_a_marked_letter_is_encrypted_whole_and_reads_back(house, mailed, store, keeping):
    letter_id = held(house, mailed)
    assert keeping.turn() == 1
    row = house.letter(letter_id)
    for sha256 in (sha(PAPER), row.original_sha256):
        assert not store.is_open(sha256)
        assert store.verify(sha256)
    assert keeping.turn() == 0


def test_the_proof_holds_over_encrypted_contents_and_tells_without_the_key(
    house, mailed, store, keeping, tmp_path
):
    held(house, mailed)
    keeping.turn()
    with house.database.read() as session:
        assert proof.prove_holdings(session, store)[1] == []
        (tmp_path / "keys" / "secret.key").unlink()
        wrong = proof.prove_holdings(session, store)[1]
    assert any("does not open" in one.what for one in wrong)


def test_a_file_that_an_ordinary_letter_carries_stays_open(house, mailed, store, keeping):
    held(house, mailed)
    house.one(mailed())
    keeping.turn()
    assert store.is_open(sha(PAPER))
    assert store.secret.exists(sha(PAPER))


@pytest.mark.parametrize(("role", "stays"), [("letter", False), ("enclosure", True)])
def test_a_form_that_is_not_handed_in_keeps_no_secret_paper_open_but_other_files(
    house, mailed, store, keeping, role, stays
):
    """With the paper itself nothing is handed in any more; a form that was enclosed may be used."""
    letter_id = held(house, mailed)
    with house.database.write() as session:
        session.scalars(
            select(EnclosureRow).where(EnclosureRow.letter_id == letter_id)
        ).one().role = role
        officer = directory.officer_by_email(session, OFFICER)
        content = {"files": [{"sha256": sha(PAPER)}]}
        saved.put(session, officer.id, "letter", "k" * 16, content, house.clock.now())
    keeping.turn()
    assert store.is_open(sha(PAPER)) is stays


def test_a_form_of_another_entity_keeps_a_file_open_that_is_no_secret_there(
    house, mailed, store, keeping
):
    """Whoever mails one office a public form under a marking takes it from no other."""
    held(house, mailed)
    with house.database.write() as session:
        officer = directory.add_officer(
            session, house.town.id, email="clerk@town.example", role=Role.CLERK,
            at=house.clock.now(),
        )  # fmt: skip
        content = {"files": [{"sha256": sha(PAPER)}]}
        mine = directory.officer_by_email(session, officer.email)
        saved.put(session, mine.id, "letter", "k" * 16, content, house.clock.now())
    keeping.turn()
    assert store.is_open(sha(PAPER))


def test_a_moved_letter_is_encrypted_and_its_pictures_go(house, mailed, store, keeping, tmp_path):
    outcome = house.one(mailed())
    pictures = tmp_path / "previews" / sha(PAPER)[:2] / sha(PAPER)
    pictures.mkdir(parents=True)
    with house.database.write() as session:
        move_secret.move(
            session, house.desk, outcome.letter_id, SECRET_OFFICER, Secrecy.SECRET, "ตรา"
        )
    keeping.turn()
    assert not store.is_open(sha(PAPER))
    assert not pictures.exists()


def test_what_was_no_marking_lies_open_again(house, mailed, store, keeping):
    letter_id = held(house, mailed)
    keeping.turn()
    house.clock.advance(timedelta(seconds=1))
    with house.database.write() as session:
        accept(session, house.desk, letter_id, SECRET_OFFICER, secrecy="")
    keeping.turn()
    assert store.is_open(sha(PAPER))
    assert not store.secret.exists(sha(PAPER))


def test_what_was_hidden_and_freed_lies_open_again(house, mailed, store, keeping):
    letter_id = house.one(mailed()).letter_id
    with house.database.write() as session:
        found_secret.hide(session, house.desk, letter_id, OFFICER, Secrecy.SECRET)
    keeping.turn()
    assert not store.is_open(sha(PAPER))
    house.clock.advance(timedelta(seconds=1))
    with house.database.write() as session:
        free_secret.free(session, house.desk, letter_id, SECRET_OFFICER, "กลับ")
    keeping.turn()
    assert store.is_open(sha(PAPER))


def test_a_pack_is_parted_and_the_ordinary_mail_in_it_stays_whole(house, mailed, store, keeping):
    first, second = MAIL + b"first", MAIL + b"second"
    pack = store.put(first + second)

    def inside(raw: bytes, start: int) -> Original:
        step = {
            "at": 0,
            "sha256": pack,
            "bytes": len(first + second),
            "as": "stretch",
            "from": start,
        }
        return Original(sha(raw), len(raw), "stretch", pack, (step,))

    held(house, mailed, raw=first, original=inside(first, 0))
    house.one(mailed(raw=second, paper=b"%PDF other", original=inside(second, len(first))))
    for one in (first, second):  # the fixture put them down as well
        store.path(sha(one)).unlink()
    keeping.turn()
    assert store.is_open(pack), "it was kept a moment ago"
    os.utime(store.path(pack), (1, 1))
    house.clock.advance(timedelta(seconds=RESERVED))
    keeping.turn()
    assert not store.exists(pack)
    assert store.path(sha(second)).read_bytes() == second
    assert (store.is_open(sha(first)), store.verify(sha(first))) == (False, True)
    with house.database.read() as session:
        assert proof.prove_holdings(session, store)[1] == []
    assert {row.form for row in house.rows(OriginalRow)} == {"whole"}


def test_without_the_key_a_letter_waits_and_loses_nothing(house, mailed, store, keeping, tmp_path):
    held(house, mailed)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret-20260101-x.key").write_text("ab" * 32)
    keeping.turn()
    assert store.is_open(sha(PAPER))
    assert [row.done_at for row in house.rows(SecretLetterRow)] == [None]


def test_what_was_cut_off_after_encrypting_is_finished(house, mailed, store, keeping, monkeypatch):
    held(house, mailed)

    class Cut(Exception):
        pass

    def dies(_sha256: str) -> bool:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(store, "close_open", dies)
        with pytest.raises(Cut):
            keeping.turn()
    keeping.turn()
    assert not store.is_open(sha(PAPER))
    assert store.verify(sha(PAPER))


def test_a_letter_that_became_secret_in_some_other_way_is_found_by_the_sweep(
    house, mailed, store, keeping
):
    letter_id = house.one(mailed()).letter_id
    with house.database.write() as session:
        session.get_one(LetterRow, letter_id).secrecy = "ลับ"
    assert keeping.sweep() == 1
    keeping.turn()
    assert not store.is_open(sha(PAPER))


def test_marked_again_while_it_was_seen_to_it_is_due_again(house, mailed):
    letter_id = held(house, mailed)
    before = house.clock.now()
    house.clock.advance(timedelta(seconds=1))
    with house.database.write() as session:
        secret_letters.put_down(session, letter_id, "officer", house.clock.now())
        secret_letters.done(session, letter_id, house.clock.now(), before)
        assert secret_letters.due(session, house.clock.now()) == [letter_id]
    assert len(house.rows(EnclosureRow)) == 1
