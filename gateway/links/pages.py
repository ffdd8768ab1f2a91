"""The pages of the links listener as HTML: templates, the words in them, and what browsers may do.

Nothing is loaded from elsewhere; scripts and styles come from this listener alone. A page's address
is its key, so it is never told to another site (Referrer-Policy) nor kept by a cache.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse

from registry.clock import BANGKOK
from registry.letter.enclosure import human_size
from registry.letter.entry import EntryFile
from registry.thai.dates import long_date
from registry.thai.numerals import to_thai

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; script-src 'self'; "
        "connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
KINDS = {
    "application/pdf": "PDF",
    "application/zip": "ZIP",
    "image/jpeg": "ภาพ JPEG",
    "image/png": "ภาพ PNG",
    "image/tiff": "ภาพ TIFF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "text/plain": "ข้อความ",
}


def _day(value: Any) -> str:
    day = value.astimezone(BANGKOK).date() if isinstance(value, datetime) else value
    return long_date(day)


def _kind(file: EntryFile) -> str:
    return KINDS.get(file.media_type, "ไฟล์")


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True)
)
_templates.filters.update(
    thai=lambda value: to_thai(str(value)), size=human_size, long_date=_day, kind=_kind
)


def page(name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Give a page; every value is escaped."""
    html = _templates.get_template(f"{name}.html").render(facts)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def wrong(status: int, title: str, what: str) -> HTMLResponse:
    """Give a page that says what is wrong and what to do."""
    return page("wrong", status, title=title, what=what)


def not_found() -> HTMLResponse:
    """Give the page for an address that leads nowhere."""
    return wrong(
        404,
        "ไม่พบหน้านี้",
        "ที่อยู่อาจพิมพ์ไม่ครบ โปรดเปิดลิงก์จากอีเมลฉบับเดิมอีกครั้ง หรือขอลิงก์ใหม่จากหน่วยงานผู้ส่ง",
    )


def withheld(why: str, contact: str = "") -> HTMLResponse:
    """Give the page for a file that may not leave yet."""
    ask = f" สอบถาม {contact}" if contact else ""
    return wrong(403, "ยังดาวน์โหลดไฟล์นี้ไม่ได้", f"{why} โปรดเปิดหน้านี้ใหม่ภายหลัง{ask}")


def closed(contact: str) -> HTMLResponse:
    """Give the page for a link whose time is over or that was taken back."""
    what = f"ลิงก์นี้หมดอายุหรือถูกยกเลิกแล้ว ขอลิงก์ใหม่ได้ที่ {contact} โดยแจ้งเลขที่หนังสือเดิม"
    return wrong(410, "ลิงก์นี้ใช้ไม่ได้แล้ว", what)
