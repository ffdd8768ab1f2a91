"""A backup is made while letters come in, and brought back elsewhere: whole, proven, at work."""

from pathlib import Path
from threading import Event, Thread

from tests.journeys import odd
from tests.journeys.installation import Installation, mail
from tests.journeys.odd import DLA, MIXED, PHRAE

MOST = 40  # letters; a backup takes about as long as they do


def test_a_backup_beside_the_service_comes_back_proven_and_goes_on_numbering(tmp_path: Path):
    office = Installation(tmp_path / "office")
    office.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    taken: list[str] = []
    enough = Event()

    def come_in() -> None:
        while not enough.is_set() and len(taken) < MOST:
            subject = f"letter {len(taken) + 1}"
            parts = odd.multipart(odd.file(subject.encode() * 500, b'filename="a.pdf"'))
            raw = odd.mail(
                subject.replace(" ", "-"), parts, subject=subject.encode(), Content_Type=MIXED
            )
            assert office.hand_in(raw, DLA, PHRAE).startswith("250 ")
            taken.append(subject)

    with office.serving("smtp,worker"):
        coming = Thread(target=come_in)
        coming.start()
        office.wait(lambda: len(office.entries("received")) >= 5)
        promised = list(taken)
        office.run("backup", str(tmp_path / "backup"))
        office.run("proof")  # holds at any moment
        enough.set()
        coming.join()
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    restored = office.run("restore", str(tmp_path / "backup"), str(tmp_path / "elsewhere"))
    assert "letter" not in restored.stderr
    elsewhere = office.moved(tmp_path / "elsewhere")
    with elsewhere.serving("smtp,worker"):
        elsewhere.send(mail(DLA, PHRAE, "หลังย้าย"), DLA, PHRAE)
        elsewhere.wait(lambda: "หลังย้าย" in subjects(elsewhere))
    assert set(promised) <= set(subjects(elsewhere))
    numbers = [entry.number for entry in elsewhere.entries("received")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(set(subjects(elsewhere))) == len(numbers)


def subjects(office: Installation) -> list[str]:
    return [entry.subject for entry in office.entries("received")]
