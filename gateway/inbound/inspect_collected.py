"""What a collected mail is shown to before it enters the spool: what the door shows a letter to.

The judgements are those of :mod:`gateway.inbound.inspect`, for the thread of a mailbox: forbidden
types first, then the virus scanner. A mailbox cannot refuse what has come already, so what may
not come in is :class:`Refused`: it is left where it is, moved or flagged, and told to an officer.
What could not be looked at comes in as *not scanned*, and its files wait.
"""

import logging

from gateway.inbound.clamd import Verdict, scan_file
from gateway.inbound.looker import UNSEEN, BlockingLooker
from gateway.inbound.spool import SpoolFile
from gateway.service import Runtime
from registry.errors import SarabanError

log = logging.getLogger("gateway.collector")


class Refused(SarabanError):
    """A mail may not come in; ``thai`` says why."""


class Inspector:
    """Judges the mails of one mailbox; belongs to one thread. Close it to end its helper."""

    def __init__(self, runtime: Runtime) -> None:
        self._scan = runtime.gateway.scan
        forbidden = runtime.office.attachments.forbidden_types
        self._looker = BlockingLooker(forbidden) if forbidden else None

    def judge(self, mail: SpoolFile) -> Verdict:
        """Give what is known of a mail. Raises Refused for one that may not come in."""
        seen = self._look(mail)
        found = scan_file(mail.path, self._scan) if self._scan.clamd else Verdict()
        if found.scan == "infected":
            raise Refused(f"infected: {found.detail}", thai=f"พบไวรัส {found.detail} จึงไม่รับเข้าระบบ")
        return found if seen else Verdict("not_scanned", UNSEEN)

    def close(self) -> None:
        """End the helper that looks at types."""
        if self._looker is not None:
            self._looker.close()

    def _look(self, mail: SpoolFile) -> bool:
        """Say whether the types of the files are known. Raises Refused for a forbidden one."""
        if self._looker is None:
            return True
        kind = self._looker.look(mail.path)
        if kind is None:
            log.warning("%s: %s", mail.name, UNSEEN)
            return False
        if kind:
            raise Refused(
                f"a file of the forbidden type {kind}",
                thai=f"มีไฟล์ชนิด {kind} ที่หน่วยงานนี้ไม่รับ จึงไม่รับเข้าระบบ",
            )
        return True
