"""Addresses behind which no person reads: answering them by machine helps nobody (RFC 3834 §2).

Owners and request addresses of mailing lists, the mail system itself, and boxes that say in their
names that they are not read. A name proves nothing; it only keeps us from answering. An envelope
sender made for bounces alone (``bounces+…``) is none of them: many offices send by such services.
"""

import re
from typing import Final

_ROBOT: Final = re.compile(
    r"owner-.+|.+-(?:owner|request|bounces|relay|errors)|mailer-daemon|listserv|majordomo|mailman"
    r"|(?:no|do-?not|do_not)[-_.]?reply(?:[-_.+].*)?",
    re.IGNORECASE,
)


def is_robot(address: str) -> bool:
    """Say whether the local part names a machine; "" is nobody's."""
    return _ROBOT.fullmatch(address.rpartition("@")[0]) is not None
