"""Signatures of letters, verified when they came in: looked for, judged apart, frozen.

Right after a letter is entered, also while it waits, its PDFs and its mail are looked at by the
process that makes letters findable. A PDF without the word that every signed one has is not opened
at all. What is signed is verified in a process of its own within limits (:mod:`registry.apart`),
offline, against the certificates of ``[signatures] ca_folder``; verdicts are written once and never
changed. Killed at any point, it goes on where it was. It never keeps a letter from its number.

Decorations of mails are looked at like any file. What of a secret letter lies encrypted is opened
in memory, and its mail is laid out there, never on the disk; without the key it waits. Limits:
files within archives are not looked at.
"""

import logging
import mmap
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import letters, signature_claims
from registry.apart import Apart, Died, Over
from registry.blobs import BlobStore
from registry.clock import Clock
from registry.counters import count
from registry.db import Database
from registry.errors import NotFound, OutOfOrder
from registry.letter.message import Original
from registry.letter.signature import SealedMail, Signature
from registry.models.paper import SignatureRow
from registry.secret.container import Damaged
from registry.secret.copies import as_path, in_memory
from registry.settings import OfficeSettings
from registry.signature_claims import Claim, Due, Signed
from registry.signature_words import detail_of

log = logging.getLogger(__name__)

LayOut = Callable[[Original, BlobStore, Path], SealedMail | None]
"""Finds what of a mail was signed: ``gateway.inbound.smime.lay_out``."""
_MARK: Final = b"/ByteRange"  # in the clear in every signed PDF (ISO 32000-1 12.8.1)
_LAID_OUT: Final = ("signed-mail", "signature")  # files of a mail, in run/, while it is looked at
_AT_ONCE: Final = 20
_NICE: Final = 10
_SLOW: Final = 8.0  # on a busy machine the process gets a small share of its time
_WAIT: Final = 30.0


def signatures_of(session: Session, letter_id: str) -> list[Signature]:
    """Give the verdicts on a letter's signatures, in their order. Who may see them asks before."""
    wanted = select(SignatureRow).where(SignatureRow.letter_id == letter_id)
    names = tuple(name for name in Signature.__dataclass_fields__)
    return [
        Signature(**{name: getattr(row, name) for name in names})
        for row in session.scalars(wanted.order_by(SignatureRow.position))
    ]


class Verifying:
    """The verifying of one installation's letters by one process; blocking. Close it."""

    def __init__(
        self, database: Database, blobs: BlobStore, clock: Clock, office: OfficeSettings,
        lay_out: LayOut,
    ) -> None:  # fmt: skip
        self._database, self._blobs, self._clock = database, blobs, clock
        self._settings = office.signatures
        self._folder = office.instance.data_dir / "run"
        self._trusted = trust_folder(office)
        self._lay_out = lay_out
        self._apart = Apart("registry.texts.child", office.reading.memory, _NICE)
        self._due = Due()
        self._clear()  # what a process that was killed left
        self._closed = False

    def turn(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Look at a few letters that are due; give how many. Raises what the database raises."""
        now = self._clock.now()
        with self._database.read() as session:
            due = self._due.next(session, now, _AT_ONCE)
        if not due:
            return 0
        maybe = {one.letter_id: one for one in due if self._may_be_signed(one)}
        with self._database.write() as session:
            none = (one.letter_id for one in due if one.letter_id not in maybe)
            signature_claims.nothing_there(session, none, now)
            mine = [one for id_ in maybe if (one := signature_claims.claim(session, id_, now))]
        for one in mine:
            if self._closed or not go_on():
                self._let_go(one)
            else:
                self._look_at(one, maybe[one.letter_id])
        return len(due)

    def close(self) -> None:
        """End at once; what is in hand goes back, or comes back when its lease is over."""
        self._closed = True
        self._apart.close()

    def _may_be_signed(self, one: Signed) -> bool:
        try:
            return one.mail or any(self._is_marked(sha256) for sha256 in one.pdfs)
        except OutOfOrder:  # without its key nobody knows
            return True

    def _is_marked(self, sha256: str) -> bool:
        try:
            with (
                as_path(self._blobs, sha256) as path,
                path.open("rb") as file,
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
            ):
                return data.find(_MARK) >= 0
        except (OSError, ValueError, NotFound, Damaged):  # gone, or empty
            return False

    def _look_at(self, mine: Claim, signed: Signed) -> None:
        now = self._clock.now()
        try:
            found = list(self._verdicts(signed, now))
        except OutOfOrder as trouble:  # its key is not there
            log.warning("letter %s: signatures not verified now: %s", mine.letter_id, trouble)
            self._let_go(mine)
            return
        except (Died, OSError) as trouble:
            if not self._closed:
                log.error("letter %s: signatures not verified: %s", mine.letter_id, trouble)  # noqa: TRY400
            self._let_go(mine, blame=not self._closed)
            return
        rows = [_row(mine.letter_id, position, *one, now) for position, one in enumerate(found)]
        with self._database.write() as session:
            kept = signature_claims.finish(session, mine, rows, now)
        if kept and rows:
            count("saraban_signatures_verified_total", len(rows))
            log.info("letter %s: %d signatures verified", mine.letter_id, len(rows))

    def _verdicts(
        self, signed: Signed, now: datetime
    ) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
        if signed.mail:
            yield from (("smime", None, one) for one in self._of_mail(signed.letter_id, now))
        for sha256 in signed.pdfs:
            if self._is_marked(sha256):
                with as_path(self._blobs, sha256) as path:
                    found = self._asked({"act": "signatures", "path": str(path)}, now)
                    yield from (("pdf", sha256, one) for one in found)

    def _of_mail(self, letter_id: str, now: datetime) -> list[dict[str, Any]]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with self._database.read() as session:
                original = letters.original_of(session, letter_id)
                secret = signature_claims.is_secret(session, letter_id)
            with in_memory(self._folder, _LAID_OUT) if secret else nullcontext():
                return self._of_laid_out(original, now)
        except NotFound:
            return []
        finally:
            self._clear()

    def _clear(self) -> None:
        for name in _LAID_OUT:
            (self._folder / name).unlink(missing_ok=True)

    def _of_laid_out(self, original: Original, now: datetime) -> list[dict[str, Any]]:
        sealed = self._lay_out(original, self._blobs, self._folder)
        if sealed is None:
            return []
        request = {
            "act": "signed_mail", "path": str(sealed.seal), "mail": str(sealed.mail),
            "begin": sealed.begin, "end": sealed.end,
        }  # fmt: skip
        return [one | {"whole": sealed.whole} for one in self._asked(request, now)]

    def _asked(self, request: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
        """Ask the process apart. Raises Died, OSError."""
        seconds = self._settings.seconds
        told = {"anchors": str(self._trusted), "at": now.isoformat()}
        try:
            facts, _ = self._apart.ask(request | told, seconds, _SLOW * seconds + _WAIT)
        except Over:
            return [_cannot("dear")]
        match facts.get("trouble"):
            case None:
                return list(facts["signatures"])
            case "memory":
                return [_cannot("dear")]
            case "disk":
                raise OSError(facts["detail"])
            case _:
                return [_cannot("broken")]

    def _let_go(self, mine: Claim, *, blame: bool = False) -> None:
        with self._database.write() as session:
            signature_claims.give_back(session, mine, self._clock.now(), blame=blame)


def trust_folder(office: OfficeSettings) -> Path:
    """Give the folder of the certificates that we trust to vouch for signers."""
    folder = office.signatures.ca_folder
    return Path(folder) if folder else office.instance.data_dir / "trusted"


def _row(
    letter_id: str, position: int, kind: str, sha256: str | None, verdict: dict[str, Any],
    now: datetime,
) -> SignatureRow:  # fmt: skip
    at = verdict["signed_at"]
    return SignatureRow(
        letter_id=letter_id, position=position, kind=kind, sha256=sha256, checked_at=now,
        signed_at=datetime.fromisoformat(at) if at else None, detail=detail_of(verdict, kind),
        **{
            name: verdict[name]
            for name in ("intact", "trusted", "whole", "signer", "issuer", "time_proven", "facts")
        },
    )  # fmt: skip


def _cannot(why: str) -> dict[str, Any]:
    return {
        "intact": None, "trusted": None, "whole": None, "signer": "", "issuer": "",
        "signed_at": None, "time_proven": False, "facts": {"trouble": why},
    }  # fmt: skip
