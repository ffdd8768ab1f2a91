"""Letters whose mails say nothing: the paper fills their lines, and they find each other."""

from pathlib import Path

import pypdfium2

from benchmarks.reading.scan import scan
from saraban.demo.letter import read
from saraban.demo.typeset import typeset
from tests.journeys.installation import Installation, mail

DLA, PHRAE, MUANG = "saraban@dla.go.th", "saraban@phrae.go.th", "saraban@muang.go.th"
CIRCULAR, PASSED_ON = "มท 0810.7/ว 3974", "พร 0023.3/ว 4971"


def bare(sender: str, data: bytes, subtype: str, name: str):
    """Write a mail as many are: the letter is attached, nothing is said."""
    message = mail(sender, PHRAE, "ส่งหนังสือ", "ตามแนบ\n")
    maintype = "image" if subtype == "png" else "application"
    message.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return message


def head_of_scan(folder: Path) -> bytes:
    """Give the upper part of the province's letter as a scanner of 300 dpi sees it, a picture."""
    printed, scanned, head = (folder / name for name in ("letter.pdf", "scan.pdf", "head.png"))
    printed.write_bytes(typeset(read("phrae-w4971")))
    scan(printed, scanned, 300)
    document = pypdfium2.PdfDocument(scanned)
    picture = document[0].render(scale=300 / 72).to_pil()
    document.close()
    picture.crop((0, 0, picture.width, int(picture.height * 0.6))).save(head, dpi=(300, 300))
    return head.read_bytes()


def shown(office: Installation, number: int):
    """Give what the office knows of a received letter."""
    [entry] = [one for one in office.register("received") if one["number"] == number]
    return office.data("letter", "show", entry["id"])


def proposed(office: Installation, number: int) -> dict[str, str]:
    """Give what was read of a letter, by name."""
    return {one["name"]: one["value"] for one in shown(office, number)["paper"]}


def test_a_letter_is_registered_by_its_paper_and_found_by_the_scan_that_cites_it(
    office: Installation, tmp_path: Path
):
    circular = typeset(read("dla-w3974"))
    office.add_entity("muang", "เทศบาลเมืองแพร่", "muang.go.th", "พร ๕๒๐๐๑")
    with office.serving():
        office.send(bare(DLA, circular, "pdf", "001.pdf"), DLA, PHRAE)
        office.wait(lambda: office.register("received"))
        office.wait(lambda: shown(office, 1)["letter_number"] == CIRCULAR)
        first = shown(office, 1)
        assert (first["dated"], first["urgency"]) == ("2019-09-16", "ด่วนที่สุด")
        assert first["subject"].startswith("แนวทางการปรับปรุงคู่มือสำหรับประชาชน")
        office.send(bare(MUANG, head_of_scan(tmp_path), "png", "IMG_0001.png"), MUANG, PHRAE)
        office.wait(lambda: len(office.register("received")) == 2)
        office.wait(lambda: proposed(office, 2).get("number") == PASSED_ON)
        office.wait(lambda: shown(office, 2)["links"])
        [link] = shown(office, 2)["links"]
        assert link["entry"] == first["id"]
        assert shown(office, 2)["urgency"] == "ด่วนที่สุด"
    assert office.run("proof").returncode == 0
