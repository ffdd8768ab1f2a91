"""A day's work of an office, for tests of the proof."""

import hashlib
from datetime import timedelta

from registry import entries
from registry.blobs import BlobStore
from registry.db import Database
from registry.models.letters import EnclosureRow, IntakeRow, LetterRow, OriginalRow
from registry.proof import Proof, prove

OFFICER = "somsri@phrae.example"


def take_in(session, office, blobs, clock, n: int) -> str:
    """Take in a letter with one file, kept as skeleton and part, and register it."""
    clock.advance(timedelta(minutes=1))
    raw, skeleton, part = (f"{kind} {n}".encode() for kind in ("raw", "skeleton", "part"))
    sha256 = hashlib.sha256(raw).hexdigest()
    recipe = [{"at": 0, "sha256": blobs.put(part), "bytes": len(part)}]
    letter_id = f"letter{'abcdefghij'[n] * 10}"
    session.add(
        IntakeRow(
            spool_name=f"mail-{n}", listener="mx", accepted_at=clock.now(), mail_from="a@b.example",
            recipients=[], raw_sha256=sha256, raw_bytes=len(raw), outcomes=1,
            results=[["letter", "phrae", letter_id, None, "registered", n + 1, 2568]],
        )
    )  # fmt: skip
    session.add(
        OriginalRow(
            sha256=sha256, bytes=len(raw), form="skeleton", blob=blobs.put(skeleton), recipe=recipe
        )
    )
    session.add(
        LetterRow(
            id=letter_id, entity_id=office.phrae, direction="in", state="registered",
            spool_name=f"mail-{n}", accepted_at=clock.now(), original_sha256=sha256,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        EnclosureRow(
            letter_id=letter_id, position=0, role="letter", name="หนังสือ.pdf", bytes=len(part),
            sha256=recipe[0]["sha256"], media_type="application/pdf",
        )
    )  # fmt: skip
    key = entries.BookKey(office.phrae, "", "received", "ordinary", 2568)
    content = entries.EntryFields(
        subject=f"เรื่องที่ {n}", from_text="กรม", accepted_at=clock.now(), original_sha256=sha256
    )
    return entries.write(session, key, letter_id, content, "automatic", clock).id


def proven(database: Database, blobs: BlobStore, rebuild=None) -> Proof:
    """Prove from one snapshot."""
    with database.snapshot() as session:
        return prove(session, blobs, rebuild)


def kinds(proof: Proof) -> set[str]:
    """Give the kinds of problems found."""
    return {problem.kind for problem in proof.problems}
