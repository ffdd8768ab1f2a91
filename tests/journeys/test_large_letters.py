"""Large letters: 25 MB is the border, a link brings what is over it, and memory stays flat."""

import hashlib
import http.client
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from registry.letter.entry import Entry
from tests.gateway.inbound.client import Client, stuffed
from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, MIXED, PHRAE
from tests.journeys.province import Province, files_of, text_of
from tests.servers.postfix import Postfix

BORDER = 25_000_000
UNIT = "plans@phrae.go.th"
CLERK = "somying@phrae.go.th"
TOWN = "saraban@muangphrae.go.th"
LARGE = 200_000_000
MORE_MEMORY = 40_000_000


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, postfix: Postfix) -> Iterator[Province]:
    """An office whose unit's box is on a plain Postfix."""
    made = Installation(tmp_path_factory.mktemp("large") / "office", start=subprocess.Popen)
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    made.add_unit("plans", "กลุ่มงานยุทธศาสตร์", UNIT, default=True)
    made.add_entity("town", "เทศบาลเมืองแพร่", "muangphrae.go.th", "พร ๕๒๐๐๑", hosted=True)
    made.add_officer(CLERK)
    made.settings("relay", host="127.0.0.1", port=postfix.port, tls="none")
    with made.serving("smtp,submission,worker,mailq,links"):
        made.send(mail(DLA, PHRAE, "ฉบับแรก"), DLA, PHRAE)
        yield Province(made, postfix)


@pytest.fixture(scope="module")
def entry(province: Province) -> Entry:
    """A letter with a file on either side of the border, and a small one."""
    contents = {"at.pdf": BORDER, "over.pdf": BORDER + 1, "small.pdf": 100}
    parts = [
        odd.file(pattern(size), b'filename="%b"' % name.encode()) for name, size in contents.items()
    ]
    raw = odd.mail("border", odd.multipart(*parts), Content_Type=MIXED)
    with Client(province.office.ports["smtp"]) as client:
        assert client.mail(raw, PHRAE, sender=DLA).startswith("250 ")
    return province.entry("received", "border")


def pattern(size: int) -> bytes:
    return (b"%PDF-1.7 " + bytes(range(256)) * (size // 256 + 1))[:size]


def test_a_file_over_the_border_leaves_the_mail_and_one_at_the_border_does_not(entry: Entry):
    found = [(file.name, file.bytes, file.split) for file in entry.enclosures]
    assert found == [
        ("at.pdf", BORDER, False), ("over.pdf", BORDER + 1, True), ("small.pdf", 100, False),
    ]  # fmt: skip


def test_the_page_shows_the_file_and_a_post_brings_it_whole(province: Province, entry: Entry):
    [shown] = [one for one in province.office.register("received") if one["id"] == entry.id]
    url = shown["enclosures"][1]["url"]
    status, _, page = fetch("GET", url)
    assert (status, b"over.pdf" in page) == (200, True)
    status, where, _ = fetch("POST", url)
    assert status == 303
    status, _, content = fetch("GET", f"http://{urlsplit(url).netloc}{urlsplit(where).path}")
    assert (status, content == pattern(BORDER + 1)) == (200, True)
    assert hashlib.sha256(content).hexdigest() == shown["enclosures"][1]["sha256"]


def test_the_copy_for_the_unit_is_small_enough_for_any_mailbox(province: Province, entry: Entry):
    copy = province.mail(UNIT, "border")
    assert len(bytes(copy)) < BORDER
    assert list(files_of(copy)) == ["small.pdf"]
    assert "/l/" in text_of(copy)
    status, _, page = fetch("GET", next(word for word in text_of(copy).split() if "/l/" in word))
    assert (status, b"at.pdf" in page) == (200, True)


def test_a_large_letter_leaves_with_a_link_and_is_whole_for_whoever_is_hosted_here(
    province: Province,
):
    office, subject = province.office, "ขอส่งแบบแปลน"
    message = mail(CLERK, f"{DLA}, {TOWN}", subject)
    content = pattern(BORDER + 5_000_000)
    message.add_attachment(content, maintype="application", subtype="pdf", filename="แบบ.pdf")
    message.add_attachment(b"%PDF 1", maintype="application", subtype="pdf", filename="นำส่ง.pdf")
    office.submit(message, CLERK, DLA, TOWN)
    sent = province.mail(DLA, subject)
    assert len(bytes(sent)) < BORDER
    assert "นำส่ง.pdf" in files_of(sent)
    assert "แบบ.pdf" in text_of(sent)
    page = next(word for word in text_of(sent).split() if "/l/" in word)
    status, _, shown = fetch("GET", page)
    assert (status, "แบบ.pdf".encode() in shown) == (200, True)
    [theirs] = office.wait(lambda: office.entries("received", "town"))
    assert [(file.name, file.sha256) for file in theirs.enclosures] == [
        ("แบบ.pdf", hashlib.sha256(content).hexdigest()),
        ("นำส่ง.pdf", hashlib.sha256(b"%PDF 1").hexdigest()),
    ]
    ours = province.entry("sent", subject, lambda one: one.deliveries[1].state == "registered")
    assert ours.deliveries[1].remote_number == f"{theirs.number}/{theirs.year}"


def test_memory_does_not_grow_with_the_letter(province: Province):
    office = province.office
    before = {role: peak(pid) for role, pid in office.pids.items()}
    line = (b"QUFB" * 19 + b"\r\n") * 4000
    head = odd.mail("very large", odd.multipart(end=False), Content_Type=MIXED)
    begin = head + b"--B\r\n" + odd.file(b"", b'filename="scan.pdf"')
    with Client(office.ports["smtp"]) as client:
        client.begin(PHRAE, sender=DLA)
        client.send(stuffed(begin)[:-3])
        for _ in range(LARGE // len(line)):
            client.send(line)
        assert client.say(b"--B--\r\n.").startswith("250 ")
    [scan] = province.entry("received", "very large").enclosures
    assert scan.bytes == LARGE // len(line) * 4000 * 57
    province.mail(UNIT, "very large")
    grown = {role: peak(pid) - before[role] for role, pid in office.pids.items()}
    assert {role: more for role, more in grown.items() if more > MORE_MEMORY} == {}


def fetch(method: str, url: str) -> tuple[int, str, bytes]:
    """Ask for a page; give status, where it sends us, and what it shows."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request(method, parts.path)
    answer = connection.getresponse()
    found = answer.status, answer.headers.get("Location", ""), answer.read()
    connection.close()
    return found


def peak(pid: int) -> int:
    """Most bytes a process had in memory so far."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
