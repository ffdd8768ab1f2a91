"""Addresses of our mails: within the limits of SMTP, and honest about who sends."""

from dataclasses import replace

from gateway.outbound import parties
from registry import directory
from registry.ids import new_id
from registry.letter.entity import Role


def test_a_long_local_part_leaves_no_room_for_a_tag(office):
    keys, job = office.runtime.keys, new_id()
    fits = replace(office.phrae, central_address="s" * 28 + "@phrae.example")
    too_long = replace(office.phrae, central_address="s" * 29 + "@phrae.example")
    local = parties.bounce_address(fits, keys, job).partition("@")[0]
    assert len(local) == 64
    assert parties.bounce_address(too_long, keys, job) == too_long.central_address


def test_a_clerk_who_goes_by_the_name_of_the_unit_is_named_once(office):
    with office.database.write() as session:
        directory.add_officer(
            session, office.phrae.id, email="box@phrae.example", role=Role.CLERK,
            at=office.runtime.clock.now(), name="สำนักงานท้องถิ่นจังหวัดแพร่", unit_code="local",
        )  # fmt: skip
        said = parties.contact(session, office.phrae, "box@phrae.example")
    assert said == "สำนักงานท้องถิ่นจังหวัดแพร่ โทร. ๐ ๕๔๕๓ ๓๑๔๑"


def test_who_is_called_is_the_clerk_else_the_registry_else_nobody(office):
    with office.database.read() as session:
        clerk = parties.contact(session, office.phrae, "somsri@phrae.example")
        registry = parties.contact(session, office.phrae)
        nobody = parties.contact(session, office.dla)
        left = parties.contact(session, office.phrae, "gone@phrae.example", "นายที่ย้ายไป")
    assert clerk == "นางสมศรี ใจดี สำนักงานท้องถิ่นจังหวัดแพร่ โทร. ๐ ๕๔๕๓ ๓๑๔๑"
    assert registry == "สารบรรณ จังหวัดแพร่ โทร. ๐ ๕๔๕๓ ๓๑๔๑"
    assert nobody == ""
    assert left == "นายที่ย้ายไป โทร. ๐ ๕๔๕๓ ๓๑๔๑"
