"""What is wrong with a mailbox itself: it is nearly full, it is silent, or it cannot be opened.

A full mailbox turns letters away, and a token that has run out is noticed by nobody: so both are
told to officers. The quota (RFC 9208) is told at 80 and at 95 per cent, once a month each while
it lasts. Silence is told when no new mail has come for ``alarm_after_hours`` office hours; a
mailbox that could not be opened for an office hour is told whatever that setting. All of
them close by themselves when it is well again.
"""

from collections.abc import Callable
from typing import Final

from gateway.inbound.box import Box
from gateway.inbound.imap import Imap
from registry import rounds, sightings
from registry.clock import BANGKOK
from registry.sightings import Kind
from registry.thai.dates import short_date, thai_time
from registry.thai.numerals import thai_number

_LEVELS: Final = (95, 80)
_LOCKED: Final = "locked"
_QUIET: Final = "quiet"
_LOCKED_HOURS: Final = 1.0


def watch_quota(box: Box, imap: Imap) -> None:
    """Tell of a mailbox that is nearly full."""
    usage = imap.usage(box.settings.folder)
    if usage is None:
        return
    level = next((one for one in _LEVELS if usage * 100 >= one), 0)
    key = f"{level} {box.now():%Y-%m}"
    if level:
        used = f"ใช้พื้นที่แล้วร้อยละ {thai_number(int(usage * 100))} เมื่อเต็มจดหมายใหม่จะถูกตีกลับ"
        box.sight(box.seen(box.settings.folder, Kind.QUOTA, key, used))
    _settle(box, Kind.QUOTA, lambda old: int(old.split()[0]) > level)


def watch_silence(box: Box) -> None:
    """Tell of a mailbox into which nothing has come for long; it has just been looked into."""
    _settle(box, Kind.SILENCE, lambda old: old.startswith(_LOCKED))
    hours = box.settings.alarm_after_hours
    if not hours:
        return
    with box.runtime.database.read() as session:
        last = rounds.last_mail(session, box.account)
    key = ""
    if last and box.runtime.workdays.add_office_hours(last, hours) <= box.now():
        key = f"{_QUIET} {last:%Y-%m-%dT%H:%M:%S}"
        local = last.astimezone(BANGKOK)
        when = f"{short_date(local.date())} {thai_time(local)}"
        why = f"ไม่มีจดหมายใหม่เลยตั้งแต่ {when} โปรดลองส่งจดหมายถึงกล่องนี้"
        box.sight(box.seen(box.settings.folder, Kind.SILENCE, key, why))
    _settle(box, Kind.SILENCE, lambda old: old.startswith(_QUIET) and old != key)


def watch_locked(box: Box, problem: str) -> None:
    """Tell of a mailbox that could not be opened for an office hour."""
    with box.runtime.database.read() as session:
        last = rounds.last_good(session, box.account)
    if last and box.runtime.workdays.add_office_hours(last, _LOCKED_HOURS) <= box.now():
        key = f"{_LOCKED} {last:%Y-%m-%dT%H:%M:%S}"
        box.sight(box.seen(box.settings.folder, Kind.SILENCE, key, problem))


def _settle(box: Box, kind: Kind, over: Callable[[str], bool]) -> None:
    """Close the open alarms of a kind that are over."""
    folder = box.settings.folder
    with box.runtime.database.read() as session:
        still_open = sightings.keys(session, box.account, folder, kind, settled=False)
    gone = [key for key in still_open if over(key)]
    if gone:
        with box.runtime.database.write() as session:
            sightings.settle(session, box.account, folder, kind, gone, box.now())
