"""Take the pictures of the officers' guide anew, and write docs/OFFICERS.md from its topics.

``make pictures``: an office is installed, filled as the tests fill it, and served from a folder
that goes away; each act is opened in Chromium at 1360 px, and the top of its page is kept as WebP
of at most 60 kB in saraban/web/help/pictures/. Needs Debian's chromium-headless-shell.
Those of Thunderbird (thunderbird-*.webp) are taken by hand.
"""

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from registry import letters
from saraban.demo.typeset import typeset_text
from saraban.installing import FirstEntity, install
from saraban.web import guide
from saraban.web.assets import assets
from tests.saraban.office import CLERK, DLA, OFFICER, SECRETS, Office
from tests.saraban.web import papers, shelves
from tests.saraban.web.desk import WebDesk
from tests.saraban.web.pages.test_drafts_crop import draft as drafted
from tests.saraban.web.seed import ADMIN, AUDITOR, seed

_ROOT: Final = Path(__file__).parents[3]
_PICTURES: Final = _ROOT / "saraban" / "web" / "help" / "pictures"
_OFFICERS: Final = _ROOT / "docs" / "OFFICERS.md"
_MOST: Final = 60_000
_BLANK: Final = """ที่ พร ๐๐๒๓/                         ศาลากลางจังหวัดแพร่ ถนนไชยบูรณ์ พร ๕๔๐๐๐

                                        พฤศจิกายน ๒๕๖๙

เรื่อง  ขอเชิญประชุม

เรียน  อธิบดีกรมส่งเสริมการปกครองท้องถิ่น

ด้วยจังหวัดแพร่จะจัดประชุมหัวหน้าส่วนราชการประจำเดือน จึงขอเชิญร่วมประชุม
"""


def office_in(folder: Path) -> Office:
    """Install จังหวัดแพร่ here, and fill it."""
    first = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
    office = Office(install(folder, "saraban.test", first))
    office.run("unit", "add", "local", "--name", "กลุ่มงานส่งเสริมและพัฒนาท้องถิ่น", "--default")
    dla = ("--name", "กรมส่งเสริมการปกครองท้องถิ่น", "--address", DLA, "--letter-code", "มท ๐๘๑๐")
    office.run("entity", "add", "dla", *dla)
    for email, role in ((OFFICER, "officer"), (CLERK, "clerk"), (SECRETS, "secret-officer")):
        office.run("officer", "add", email, "--entity", "phrae", "--role", role)
    seed(office)
    return office


def scenes(office: Office) -> dict[str, tuple[str, str, Callable[[Page], object] | None]]:
    """Give for each topic who looks, at which address, and what is done there first."""
    letter = papers.register(office, papers.lay(office)).id
    twin = papers.lay(office, files={papers.LETTER: papers.paper(2)}).id
    fresh = papers.lay(office, "แนวทางการปรับปรุงคู่มือสำหรับประชาชน", number="มท ๐๘๑๐.๗/๓๙๗๔").id
    shelves.fill(office)
    draft = drafted(office, typeset_text("", _BLANK))
    return {
        "receive": (OFFICER, f"/inbox/{fresh}", _without_paper),
        "attach": (OFFICER, f"/inbox/{twin}", _without_paper),
        "letter": (OFFICER, f"/entries/{letter}", None),
        "acts": (OFFICER, f"/entries/{letter}", _propose),
        "counter": (OFFICER, "/counter", None),
        "send": (OFFICER, "/send", _write),
        "drafts": (OFFICER, f"/drafts/{draft}", None),
        "follow": (OFFICER, "/follow", _open_late),
        "search": (OFFICER, "/search?q=ประชุม", None),
        "books": (OFFICER, "/books/received", None),
        "overview": (OFFICER, "/overview", None),
        "proof": (AUDITOR, "/proof", _prove),
        "import": (OFFICER, "/import", None),
        "people": (ADMIN, "/people", None),
        "secret": (SECRETS, f"/inbox/{_marked(office)}", None),
        "numbers": (OFFICER, "/numbers", _reserve),
        "account": (OFFICER, "/account", None),
        "directory": (OFFICER, "/directory", None),
        "units": (OFFICER, "/units", _rule),
        "queue": (ADMIN, "/queue", None),
        "journal": (ADMIN, "/journal", None),
        "tokens": (ADMIN, "/tokens", _token),
        "settings": (ADMIN, "/settings", None),
    }


def _marked(office: Office) -> str:
    """Give the letter that came with a marking."""
    runtime = office.runtime()
    with runtime.database.read() as session:
        found = next(one.id for one in letters.waiting(session, "phrae") if one.secrecy)
    runtime.close()
    return found


def _reserve(page: Page) -> None:
    page.get_by_label("เรื่อง", exact=True).first.fill("ขอเชิญประชุมหัวหน้าส่วนราชการ")
    page.get_by_role("button", name="จองเลข", exact=True).click()
    page.wait_for_load_state()
    page.goto(page.url.partition("/counter")[0] + "/numbers")


def _rule(page: Page) -> None:
    page.get_by_label("ถ้ามีคำว่า").fill("อุทกภัย")
    page.get_by_role("button", name="เพิ่มกฎ").click()
    page.wait_for_load_state()


def _token(page: Page) -> None:
    page.get_by_label("ชื่อโปรแกรม").fill("ระบบเบิกจ่าย กองคลัง")
    page.get_by_label("ค้นหาและอ่าน").check()
    page.get_by_role("button", name="ออกโทเค็น").click()
    page.wait_for_load_state()
    page.goto(page.url)


def _propose(page: Page) -> None:
    page.locator(".deeds summary").first.click()


def _without_paper(page: Page) -> None:
    """Leave the picture of the paper out, so that the buttons below it are seen."""
    page.evaluate("document.querySelector('.leaf')?.remove()")


def _open_late(page: Page) -> None:
    page.goto(
        page.url.split("/follow")[0] + str(page.locator("a[data-row]").last.get_attribute("href"))
    )


def _prove(page: Page) -> None:
    page.get_by_role("button", name="ตรวจสอบเดี๋ยวนี้").click()
    page.locator("#verdict").wait_for(timeout=60_000)


def _write(page: Page) -> None:
    page.get_by_label("หาผู้รับ").press_sequentially("ส่งเสริม")
    page.get_by_role("button", name=re.compile("^ถึง กรมส่งเสริม")).click()
    page.get_by_label("เรื่อง", exact=True).fill("ขอรายงานผลการดำเนินงาน")


def keep(page: Page, name: str) -> int:
    """Keep the top of the page below the bar; give the bytes it takes."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot = shot.crop((216, 62, 1360, 760))
    for quality in (70, 55, 40, 25):
        made = io.BytesIO()
        shot.save(made, "WEBP", quality=quality, method=6)
        if made.tell() <= _MOST:
            break
    (_PICTURES / f"{name}.webp").write_bytes(made.getvalue())
    return made.tell()


def take(desk: WebDesk, wanted: list[str]) -> None:
    """Take these pictures, or all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        for name, (who, path, first) in scenes(desk.office).items():
            if wanted and name not in wanted:
                continue
            context = browser.new_context(
                viewport={"width": 1360, "height": 900}, base_url=desk.url, locale="th-TH"
            )
            context.add_cookies(
                [{"name": "saraban", "value": desk.session_of(who), "url": desk.url}]
            )
            page = context.new_page()
            page.goto(path, wait_until="networkidle" if first is None else "load")
            if first is not None:
                first(page)
            print(name, keep(page, name), flush=True)  # noqa: T201
            context.close()
        browser.close()


def document() -> str:
    """Give docs/OFFICERS.md: what it begins with now, and every topic."""
    head = _OFFICERS.read_text(encoding="utf-8").partition("\n## ")[0]
    found = guide.topics().values()
    texts = (re.sub("^#", "##", topic.text, flags=re.MULTILINE) for topic in found)
    there = "](../saraban/web/help/pictures/"
    return "\n".join([head, *texts]).replace("](pictures/", there)


def main(wanted: list[str]) -> None:
    """Take the pictures and write the document."""
    with (
        tempfile.TemporaryDirectory() as folder,
        WebDesk(office_in(Path(folder) / "phrae")).serving() as desk,
    ):
        take(desk, wanted)
    assets.cache_clear()
    _OFFICERS.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
