"""kill -9 at every named point of the way in: nothing is lost, nothing is doubled.

The sender behaves as RFC 5321 §4.5.4.1 asks of a mail server: what was not answered with 250 is
sent again. The service is started anew by its supervisor, as after a crash.
"""

import smtplib

import pytest

from tests.journeys.installation import Installation, mail

POINTS = [
    "after_raw_fsync",
    "after_envelope_fsync",
    "after_rename",
    "before_250",
    "after_pickup",
    "after_parse",
    "after_blobs",
    "before_commit",
    "after_commit",
    "before_finish",
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One office that goes through all the power cuts, one after the other."""
    made = Installation(tmp_path_factory.mktemp("office"))
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    return made


@pytest.mark.parametrize("point", POINTS)
def test_a_power_cut_loses_and_doubles_nothing(office: Installation, point: str):
    mark = office.folder / f"died-{point}"
    before = len(office.entries("received"))
    letter = mail("saraban@dla.go.th", "saraban@phrae.go.th", f"ไฟดับที่ {point}")
    letter.add_attachment(
        point.encode() * 20_000, maintype="application", subtype="pdf", filename="แผน.pdf"
    )
    with office.serving("smtp,worker", SARABAN_FAULT=f"{point}@{mark}"):
        office.wait(lambda: _accepted(office, letter))
        office.wait(lambda: mark.exists() and len(office.entries("received")) > before)
        # One more letter: the way is free again, and the next number is the next.
        other = mail("saraban@dla.go.th", "saraban@phrae.go.th", f"หลังไฟดับที่ {point}")
        office.wait(lambda: _accepted(office, other))
        office.wait(lambda: len(office.entries("received")) > before + 1)
    assert [one.number for one in office.entries("received")] == list(range(1, before + 3))
    assert office.run("proof").returncode == 0


def _accepted(office: Installation, letter) -> bool:
    try:
        office.send(letter, "saraban@dla.go.th", "saraban@phrae.go.th")
    except (OSError, smtplib.SMTPException):
        office.read_ports()
        return False
    return True
