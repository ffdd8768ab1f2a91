"""The machine and the data folder: rights, room, time, and libraries that are not pure Python.

Rights are those that ``saraban init`` gives: folders 0700, keys and passwords 0600. Limit: of the
data folder itself the first two levels are looked at, not every letter.
"""

import shutil
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from gateway.outbound import dkim_keys
from gateway.service import Runtime
from registry.clock import buddhist_year
from registry.errors import SarabanError
from registry.keys import KeyRing
from registry.letter.enclosure import human_size
from registry.thai.dates import long_date
from saraban.doctor.finding import Finding, look, well, wrong

_YEARS = range(2569, 2700)
_AMPLE = 4  # times smtp.min_free_bytes


def rights(runtime: Runtime) -> Iterator[Finding]:
    """Nobody else may read the data folder, the keys, or a password."""
    folder = runtime.data_dir
    if not folder.is_dir():
        yield wrong(
            "rights", f"ไม่มีโฟลเดอร์ข้อมูล {folder}", "แก้ [instance] data_dir หรือสั่ง saraban init"
        )
        return
    open_folders = [path for path in (folder, *_folders(folder)) if _is_open(path)]
    open_files = [path for path in _secret_files(runtime) if path.exists() and _is_open(path)]
    for path in open_folders:
        yield wrong("rights", f"ผู้อื่นเปิดโฟลเดอร์ {path} ได้", f"chmod 700 {path}")
    for path in open_files:
        yield wrong("rights", f"ผู้อื่นอ่าน {path} ได้", f"chmod 600 {path}")
    if not open_folders and not open_files:
        yield well("rights", f"สิทธิของโฟลเดอร์ข้อมูลและกุญแจถูกต้อง ({folder})")


def keys(runtime: Runtime) -> Iterator[Finding]:
    """The keys are there and whole, those that sign mails included."""
    try:
        KeyRing.load(runtime.data_dir / "keys")
        dkim_keys.load(runtime.data_dir / "keys" / "dkim")
        _try_secret_keys(runtime)
    except SarabanError as error:
        yield wrong("keys", error.thai, "นำโฟลเดอร์ keys กลับมาจากข้อมูลสำรอง อย่าสร้างใหม่")
    else:
        yield well("keys", "กุญแจครบและอ่านได้")


def _try_secret_keys(runtime: Runtime) -> None:
    """Open one encrypted file, and see that the key in use wraps and unwraps."""
    store = runtime.blobs.secret
    name = store.keys.current()
    store.keys.unwrap(name, store.keys.wrap(name, bytes(48)))
    for sha256 in islice(store.all(), 1):
        store.open(sha256).close()


def disk(runtime: Runtime) -> Iterator[Finding]:
    """There is room: below ``smtp.min_free_bytes`` no letter is taken in."""
    free = shutil.disk_usage(runtime.data_dir).free
    least = runtime.gateway.smtp.min_free_bytes
    told = f"ดิสก์ว่าง {human_size(free)} (ขั้นต่ำ {human_size(least)})"
    if free < least:
        yield wrong("disk", told + " ระบบจึงไม่รับจดหมาย", "เพิ่มเนื้อที่หรือย้ายข้อมูลสำรองออก")
    elif free < least * _AMPLE:
        yield look("disk", told, "เตรียมเพิ่มเนื้อที่")
    else:
        yield well("disk", told)


def clock(runtime: Runtime) -> Iterator[Finding]:
    """The year is one in which this program can have been started."""
    now = runtime.clock.now()
    told = f"วันนี้ {long_date(now.date())}"
    if buddhist_year(now) in _YEARS:
        yield well("clock", told)
    else:
        yield wrong("clock", f"นาฬิกาของเครื่องผิด: {told}", "ตั้งนาฬิกาและเปิด NTP ก่อนรับหนังสือ")


def tools(_runtime: Runtime) -> Iterator[Finding]:
    """The font, the shaper and libmagic load, and libmagic knows a PDF."""
    try:
        import fontpkg_sarabun
        import uharfbuzz

        from gateway.inbound.sniff import media_type

        font = Path(fontpkg_sarabun.__file__).parent
        seen = media_type(b"%PDF-1.7\n", "")
        sound = seen == "application/pdf" and any(font.rglob("*.ttf")) and uharfbuzz.__version__
    except (ImportError, OSError) as error:
        yield wrong("tools", f"ใช้ฟอนต์หรือ libmagic ไม่ได้: {error}", "ติดตั้ง saraban ใหม่ด้วย pip")
        return
    if sound:
        yield well("tools", "ฟอนต์ Sarabun และ libmagic ใช้ได้")
    else:
        yield wrong("tools", "ฟอนต์ Sarabun หรือ libmagic ไม่ครบ", "ติดตั้ง saraban ใหม่ด้วย pip")


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())


def _secret_files(runtime: Runtime) -> Iterator[Path]:
    folder = runtime.data_dir
    yield from sorted(path for path in folder.glob("keys/*") if not path.is_dir())
    yield from sorted(folder.glob("keys/dkim/*"))
    yield from sorted(folder.glob("tls/key*.pem"))
    gateway = runtime.gateway
    named = [one.password_file for one in gateway.relay]
    named += [one.password_file for one in gateway.collector]
    named += [one.secret_file for one in gateway.notify]
    named += [runtime.office.metrics.token_file]
    named += [gateway.smtp.tls_key, gateway.submission.tls_key, gateway.links.tls_key]
    yield from (Path(name) for name in dict.fromkeys(named) if name)


def _is_open(path: Path) -> bool:
    """Say whether the group or others may do anything with it."""
    return bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))
