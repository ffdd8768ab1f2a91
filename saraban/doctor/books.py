"""The database and what stands in it: tables, time, people, and mail that is stuck."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gateway.inbound.tray import Tray
from gateway.service import Runtime
from registry import directory, outbox, schema
from registry.accounts.access import UNIT
from registry.db import Database
from registry.letter.entity import Officer, Role
from registry.models.books import CounterRow
from registry.search.index import lag
from registry.thai.numerals import thai_number
from saraban.doctor.finding import Finding, look, well, wrong
from saraban.times import when

_CLOCKS_DIFFER = timedelta(seconds=1)
_STUCK = timedelta(minutes=15)
_LONG = timedelta(hours=4)
_REGISTRARS = (Role.OFFICER, Role.SECRET_OFFICER)


def database(runtime: Runtime) -> Iterator[Finding]:
    """The database answers, its tables are the newest, and it keeps Thai text."""
    opened = None
    try:
        opened = Database.open(runtime.database_url)
        found = schema.current(opened)
        if found == schema.NEWEST:
            yield well("database", f"ฐานข้อมูล {opened.engine.dialect.name} รุ่นล่าสุด ({found})")
            yield from _encoding(opened)
        else:
            yield wrong(
                "database",
                f"ฐานข้อมูลเป็นรุ่น {found or 'ว่าง'} ต้องเป็น {schema.NEWEST}",
                "สั่ง saraban db upgrade",
            )
    except SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        yield wrong("database", f"ติดต่อฐานข้อมูลไม่ได้: {why}", "ตรวจว่าฐานข้อมูลทำงาน และ [database] url")
    finally:
        if opened is not None:
            opened.close()


def _encoding(opened: Database) -> Iterator[Finding]:
    if opened.is_sqlite:
        return
    wanted = text(
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database"
        " WHERE datname = current_database()"
    )
    with opened.read() as session:
        encoding, locale = session.execute(wanted).one()
    if encoding != "UTF8":
        yield wrong(
            "encoding", f"ฐานข้อมูลเก็บอักษรแบบ {encoding}", "สร้างฐานข้อมูลใหม่ด้วย ENCODING 'UTF8' แล้วกู้คืน"
        )
    elif "utf" not in locale.casefold():
        yield look(
            "encoding", f"ฐานข้อมูลใช้ locale {locale}", "ควรสร้างด้วย LOCALE 'C.UTF-8' หรือ th_TH.UTF-8"
        )
    else:
        yield well("encoding", f"ฐานข้อมูลเก็บอักษรไทยได้ ({encoding}, {locale})")


def last_number(runtime: Runtime) -> Iterator[Finding]:
    """No number was given at a time that is still to come, nor for a year that is."""
    now = runtime.clock.now()
    with runtime.database.read() as session:
        last = session.scalar(select(func.max(CounterRow.last_at)))
    if last is not None and last > now + _CLOCKS_DIFFER:
        yield wrong(
            "last_number",
            f"นาฬิกาช้ากว่าเวลาที่ออกเลขล่าสุด ({when(last)})",
            "ตั้งนาฬิกาให้ตรงก่อนรับหนังสือต่อ",
        )
    else:
        yield well("last_number", f"ออกเลขล่าสุดเมื่อ {when(last) or '– (ยังไม่เคย)'}")


def people(runtime: Runtime) -> Iterator[Finding]:
    """Each hosted entity has a letter code, officers who see all, a unit for what is not placed."""
    with runtime.database.read() as session:
        hosted = directory.hosted(session)
        if not hosted:
            yield look("people", "ยังไม่มีหน่วยงานในระบบนี้", "สั่ง saraban entity add CODE --hosted …")
        for entity in hosted:
            officers = [o for o in directory.officers(session, entity.id) if _acts(o)]
            lacks = {
                "รหัสหนังสือ": bool(entity.letter_code),
                "เจ้าหน้าที่สารบรรณ": bool(officers),
                "หน่วยงานย่อยรับทั่วไป": directory.default_unit(session, entity.id) is not None,
            }
            missing = [word for word, there in lacks.items() if not there]
            if officers and entity.readers == UNIT and not any(_sees_all(o) for o in officers):
                yield look(
                    "people",
                    f"{entity.name} ({entity.code}) ไม่มีเจ้าหน้าที่สารบรรณที่เห็นหนังสือทุกหน่วยงานย่อย",
                    "หนังสือที่ยังไม่ระบุหน่วยงานจะไม่มีใครเห็น ให้คนหนึ่งไม่สังกัดหน่วยงานย่อย "
                    "ด้วย saraban officer edit EMAIL --unit ''",
                )
            if missing:
                yield look(
                    "people",
                    f"{entity.name} ({entity.code}) ยังไม่มี{' และ'.join(missing)}",
                    "ดู saraban officer add, saraban unit add --default",
                )
            else:
                yield well("people", f"{entity.name} ({entity.code}) พร้อมรับส่งหนังสือ")


def queue(runtime: Runtime) -> Iterator[Finding]:
    """Mail leaves: nothing is long overdue, nothing was given up."""
    now = runtime.clock.now()
    with runtime.database.read() as session:
        yield from _queue(session, now)


def _queue(session: Session, now: datetime) -> Iterator[Finding]:
    waiting = [job for job in outbox.listing(session) if job.state == "queued"]
    failed = outbox.listing(session, states=("failed",))
    overdue = [job for job in waiting if job.not_before < now - _STUCK]
    old = [job for job in waiting if job.created_at < now - _LONG]
    if overdue:
        yield wrong(
            "queue",
            f"จดหมายออกค้าง {thai_number(len(overdue))} ฉบับ "
            f"เก่าสุดถึงเวลาส่ง {when(overdue[0].not_before)}",
            "ตรวจว่า saraban serve ทำงาน แล้วดู saraban queue list",
        )
    elif old:
        yield look(
            "queue",
            f"จดหมายออกยังส่งไม่ได้ {thai_number(len(old))} ฉบับ: {old[0].last_reply}",
            "ดู saraban queue list",
        )
    if failed:
        yield look(
            "queue",
            f"ส่งไม่สำเร็จและเลิกลองแล้ว {thai_number(len(failed))} ฉบับ",
            "ดู saraban queue list แล้วสั่ง saraban queue retry หรือ drop",
        )
    if not overdue and not old and not failed:
        yield well("queue", f"จดหมายรอออก {thai_number(len(waiting))} ฉบับ ไม่มีฉบับค้างนาน")


def search(runtime: Runtime) -> Iterator[Finding]:
    """The index follows what is registered."""
    with runtime.database.read() as session:
        behind = lag(session)
    if behind.oldest is None or runtime.clock.now() - behind.oldest < _STUCK:
        yield well("search", f"ดัชนีค้นหาตามทัน (รอ {thai_number(behind.waiting)} รายการ)")
        return
    yield look(
        "search",
        f"ดัชนีค้นหาตามไม่ทัน {thai_number(behind.waiting)} รายการ ตั้งแต่ {when(behind.oldest)}",
        "ตรวจว่า saraban serve ทำงาน หรือสั่ง saraban search --rebuild",
    )


def spool(runtime: Runtime) -> Iterator[Finding]:
    """What came in is entered: nothing was set aside, nothing waits long."""
    tray = Tray(runtime.spool_dir)
    new = tray.list_new()
    aside = tray.list_aside()
    bad = [one for one in aside if one.state == "bad"]
    oldest = tray.read(new[0]).envelope.accepted_at if new else None
    if bad:
        yield wrong(
            "spool",
            f"จดหมายเข้าที่ระบบอ่านไม่ได้ {thai_number(len(bad))} ฉบับ",
            "ดู saraban spool list แล้วสั่ง saraban spool readmit เมื่อแก้แล้ว",
        )
    if len(aside) > len(bad):
        held = thai_number(len(aside) - len(bad))
        yield look("spool", f"จดหมายเข้าที่พักไว้ {held} ฉบับ", "ดู saraban spool list")
    if oldest is not None and oldest < runtime.clock.now() - _STUCK:
        yield wrong(
            "spool",
            f"จดหมายเข้ารอลงทะเบียน {thai_number(len(new))} ฉบับ เก่าสุด {when(oldest)}",
            "ตรวจว่า saraban serve ทำงาน",
        )
    elif not aside:
        yield well("spool", f"จดหมายเข้ารอลงทะเบียน {thai_number(len(new))} ฉบับ ไม่มีฉบับเสีย")


def _sees_all(officer: Officer) -> bool:
    return not officer.unit_code or officer.role is Role.SECRET_OFFICER


def _acts(officer: Officer) -> bool:
    return officer.role in _REGISTRARS and not officer.disabled
