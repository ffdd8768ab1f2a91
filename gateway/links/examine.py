"""Looking at a file that was laid down through a page, as a letter is looked at before 250.

A forbidden type or a virus is turned away; what the scanner could not look at joins its letter, but
then the files of that letter are withheld until an officer decides.
"""

import logging
from pathlib import Path

from gateway.inbound.clamd import scan_file
from gateway.inbound.forbidden import Forbidden
from gateway.inbound.sniff import ENOUGH, media_type
from gateway.service import Runtime
from registry.errors import NotAllowed

log = logging.getLogger(__name__)


def examine(path: Path, name: str, runtime: Runtime) -> str:
    """Give why this file was not scanned, "" when it was or there is no scanner; blocking.

    Raises NotAllowed, with words for whoever lays it down, for a file that may not come in.
    """
    forbidden = Forbidden(runtime.office.attachments.forbidden_types)
    with path.open("rb") as file:
        found = media_type(file.read(ENOUGH), "application/octet-stream")
    if kind := forbidden.among((found,), (name,)):
        raise NotAllowed(
            f"a file of the forbidden type {kind}",
            thai=f"หน่วยงานนี้ไม่รับไฟล์ชนิด {kind} โปรดส่งเป็น PDF หรือรูปแบบอื่น",
        )
    verdict = scan_file(path, runtime.gateway.scan)
    if verdict.scan == "infected":
        log.warning("a file laid down was refused: %s", verdict.detail)
        raise NotAllowed("a file with a virus", thai="พบไวรัสในไฟล์นี้ จึงไม่รับ โปรดกำจัดไวรัสแล้วส่งใหม่")
    return verdict.detail if verdict.scan == "not_scanned" else ""
