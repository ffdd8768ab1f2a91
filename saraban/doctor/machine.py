"""The machine beside the books: its clock against others, room on other disks, memory.

The clock is compared with that of the database server where it is another machine, and the kernel
is asked whether something keeps it right (adjtimex(2)); without a network nothing better can be
known. In a container the kernel may not say; then nothing is said here.
"""

import ctypes
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from gateway.service import Runtime
from registry.letter.enclosure import human_size
from registry.thai.numerals import thai_number
from saraban.doctor.finding import Finding, look, well, wrong
from saraban.running import running

_APART = 2.0  # seconds that two clocks may differ
_MUCH = 500_000_000  # bytes of one process
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronized
_TIMEX = 256  # bytes, more than struct timex has anywhere


def synchronized(_runtime: Runtime) -> Iterator[Finding]:
    """Something keeps the clock right."""
    state = _state_of_the_clock()
    if state == _TIME_ERROR:
        yield look(
            "synchronized",
            "ไม่มีโปรแกรมใดตั้งนาฬิกาของเครื่องให้ตรง (NTP)",
            "เปิด chrony หรือ systemd-timesyncd",
        )
    elif state >= 0:
        yield well("synchronized", "นาฬิกาของเครื่องเทียบกับ NTP อยู่")


def database_clock(runtime: Runtime) -> Iterator[Finding]:
    """The clock of a database server agrees with ours."""
    if runtime.database.is_sqlite:
        return
    with runtime.database.read() as session:
        there: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs((runtime.clock.now().astimezone(UTC) - there.astimezone(UTC)).total_seconds())
    if apart > _APART:
        told = f"นาฬิกาเครื่องนี้กับเครื่องฐานข้อมูลต่างกัน {thai_number(round(apart))} วินาที"
        yield look("database_clock", told, "เปิด NTP ทั้งสองเครื่อง")
    else:
        yield well("database_clock", "นาฬิกาเครื่องนี้ตรงกับเครื่องฐานข้อมูล")


def room(runtime: Runtime) -> Iterator[Finding]:
    """There is room where contents and the database's file lie, if that is another disk."""
    least = runtime.gateway.smtp.min_free_bytes
    places = {"แฟ้มเอกสาร (blobs)": runtime.blobs.root}
    if (file := runtime.database.file) is not None:
        places["ฐานข้อมูล"] = file.parent
    for name, path in places.items():
        if not path.exists() or path.stat().st_dev == runtime.data_dir.stat().st_dev:
            continue
        free = shutil.disk_usage(path).free
        told = f"ดิสก์ของ{name} ว่าง {human_size(free)}"
        if free < least:
            yield wrong("room", told, "เพิ่มเนื้อที่ มิฉะนั้นจดหมายที่รับไว้จะยังไม่เข้าทะเบียน")
        else:
            yield well("room", told)


def memory(runtime: Runtime) -> Iterator[Finding]:
    """No process of the running service holds much more memory than it needs."""
    held = {
        name: _resident(pid) for name, pid in (running(runtime) or {}).get("pids", {}).items()
    }  # fmt: skip
    large = {name: size for name, size in held.items() if size > _MUCH}
    for name, size in large.items():
        yield look(
            "memory",
            f"{name} ใช้หน่วยความจำ {human_size(size)}",
            "ดูบันทึก แล้ว systemctl restart saraban",
        )
    if any(held.values()) and not large:
        told = " ".join(f"{name} {human_size(size)}" for name, size in held.items())
        yield well("memory", f"หน่วยความจำ: {told}")


def _state_of_the_clock() -> int:
    """Ask the kernel; -1 when it does not say."""
    try:
        return int(ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX)))
    except (OSError, AttributeError):
        return -1


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
