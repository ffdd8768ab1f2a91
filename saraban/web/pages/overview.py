"""ภาพรวม: a few figures and small charts that say what is stuck, each leading to its list.

Charts are drawn here, as elements without script or style of their own; what they show stands in
words as well. The page fetches its figures anew once a minute.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from registry import came as received
from registry import overview
from registry.desk.due import count_late
from registry.overview import Day
from saraban.web.pages.inbox import GRADES
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_HEIGHT: Final = 120
_STEP: Final = 26  # width of a day; a finger finds it


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart: where it stands, and how high its two bars are."""

    day: date
    x: int
    received: int
    sent: int
    received_height: int
    sent_height: int
    rests: bool


@router.get("/overview")
def show(visit: Visitor) -> Response:
    """Show the figures."""
    visit.must(Act.READ)
    with visit.read() as session:
        found = overview.look(session, visit.entity.id, visit.now, cleared=visit.viewer.cleared)
        undone = count_late(
            session, visit.desk, visit.entity.id, visit.now, cleared=visit.viewer.cleared
        )
    disk = shutil.disk_usage(visit.runtime.data_dir)
    most = max((max(day.received, day.sent) for day in found.days), default=0)
    return visit.page(
        "overview", figures=found, bars=_bars(visit, found.days, most), most=most,
        height=_HEIGHT, step=_STEP, width=_STEP * len(found.days), disk=disk,
        used=round(100 * disk.used / disk.total) if disk.total else 0, spent=spent, within=within,
        number=found.counts, undone=undone,
    )  # fmt: skip


@router.get("/overview/due")
def due(visit: Visitor) -> Response:
    """List what is to be reported on and is not closed."""
    visit.must(Act.READ)
    with visit.read() as session:
        lines = overview.due(session, visit.entity.id, cleared=visit.viewer.cleared)
    return visit.page("overview_due", lines=lines)


@router.get("/overview/came")
def came(visit: Visitor) -> Response:
    """List what was received within the window: of one urgency, or what waited longest."""
    visit.must(Act.READ)
    asked = visit.request.query_params
    slow, word = asked.get("slow") == "1", asked.get("urgency", "")
    urgency = GRADES.get(word)
    own, cleared = visit.entity.id, visit.viewer.cleared
    with visit.read() as session:
        if slow:
            lines = received.slowest(session, own, visit.now, cleared=cleared)
        else:
            lines = received.came(session, own, visit.now, cleared=cleared, urgency=urgency)
    return visit.page(
        "overview_came", lines=lines, slow=slow, urgency=word if urgency is not None else "",
        spent=spent, within=within,
    )  # fmt: skip


def spent(took: timedelta) -> str:
    """Say how long something took, as people do: ๔ นาที, ๒ ชั่วโมง, ๓ วัน."""
    minutes = round(took.total_seconds() / 60)
    if minutes < 1:
        return "ไม่ถึงนาที"
    if minutes < 90:
        return f"{minutes} นาที"
    if minutes < 36 * 60:
        return f"{round(minutes / 60)} ชั่วโมง"
    return f"{round(minutes / 1440)} วัน"


def within(took: timedelta) -> str:
    """Say within how long something was done: ไม่ถึงนาที, ไม่เกิน ๓ นาที."""
    said = spent(took)
    return said if said.startswith("ไม่") else f"ไม่เกิน {said}"


def _bars(visit: Visit, days: Sequence[Day], most: int) -> list[Bar]:
    rests = visit.desk.workdays
    return [
        Bar(
            day.day, place * _STEP, day.received, day.sent,
            _tall(day.received, most), _tall(day.sent, most), not rests.is_workday(day.day),
        )
        for place, day in enumerate(days)
    ]  # fmt: skip


def _tall(number: int, most: int) -> int:
    """Give a bar's height; the least number is seen."""
    return max(2, round(number * _HEIGHT / most)) if number else 0
