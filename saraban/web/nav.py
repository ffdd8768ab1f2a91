"""The menu: every page that there is, in the order of an officer's day.

An item is shown when its page is there (its path is routed) and the viewer may use it. ``phone``
items stand in the bar at the bottom of a telephone; the others on the page เพิ่มเติม (/menu).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from registry.awaiting import Counts
from saraban.web.viewer import Act, Viewer


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu; ``count`` names the figure of :class:`Counts` beside it."""

    path: str
    word: str
    act: Act
    group: str = ""
    count: str = ""
    hot: bool = False
    phone: bool = False


MENU: Final = (
    Item("/inbox", "หนังสือเข้า", Act.READ, count="waiting", hot=True, phone=True),
    Item("/counter", "ลงรับหนังสือกระดาษ", Act.REGISTER),
    Item("/books/received", "ทะเบียนรับ", Act.READ, phone=True),
    Item("/books/sent", "ทะเบียนส่ง", Act.READ),
    Item("/send", "ส่งหนังสือ", Act.SEND, phone=True),
    Item("/drafts", "รอออกเลข", Act.SEND, count="drafts"),
    Item("/numbers", "จองเลข", Act.REGISTER),
    Item("/follow", "ติดตาม", Act.FOLLOW, "ติดตาม", count="overdue", phone=True),
    Item("/calls", "หนังสือที่ต้องโทรตาม", Act.FOLLOW, "ติดตาม"),
    Item("/mailboxes", "กล่องจดหมายที่ต้องดู", Act.MAILBOXES, "ติดตาม"),
    Item("/overview", "ภาพรวม", Act.READ, "ติดตาม"),
    Item("/directory", "ทำเนียบหน่วยงาน", Act.DIRECTORY, "สำนักงาน"),
    Item("/units", "หน่วยงานย่อยและกฎ", Act.DIRECTORY, "สำนักงาน"),
    Item("/people", "ผู้ใช้งาน", Act.PEOPLE, "สำนักงาน"),
    Item("/import", "นำเข้าทะเบียนเดิม", Act.REGISTER, "สำนักงาน"),
    Item("/queue", "คิวส่ง", Act.AUDIT, "สำนักงาน"),
    Item("/journal", "บันทึกการปฏิบัติ", Act.AUDIT, "สำนักงาน"),
    Item("/readings", "บันทึกการเปิดดู", Act.AUDIT, "สำนักงาน"),
    Item("/proof", "ตรวจสอบทะเบียน", Act.AUDIT, "สำนักงาน"),
    Item("/tokens", "โปรแกรมที่เชื่อมต่อ", Act.OPERATE, "สำนักงาน"),
    Item("/settings", "การตั้งค่า", Act.OPERATE, "สำนักงาน"),
)


def menu(viewer: Viewer, routed: Collection[str]) -> list[tuple[str, list[Item]]]:
    """Give the groups of the menu with their items, those that this viewer may use."""
    groups: dict[str, list[Item]] = {}
    for item in MENU:
        if item.path in routed and viewer.may(item.act):
            groups.setdefault(item.group, []).append(item)
    return list(groups.items())


def first_page(viewer: Viewer, routed: Collection[str]) -> str:
    """Give the page that a viewer begins with."""
    return next((item.path for _, items in menu(viewer, routed) for item in items), "/account")


def figure(item: Item, counts: Counts) -> int:
    """Give the figure beside an item; 0 for none."""
    return int(getattr(counts, item.count)) if item.count else 0
