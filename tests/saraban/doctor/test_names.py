"""What is published about the hosted domains and this host, as a real name server says it."""

from collections.abc import Iterator

import pytest

from gateway.outbound import dkim_keys
from saraban.doctor import names
from tests.gateway.inbound.nameserver import NameServer
from tests.saraban.office import Office
from tests.servers import knot, running

ADDRESS = "192.0.2.10"
PTR = "PTR 10.2.0.192.in-addr.arpa"
WELL = {
    "MX phrae.go.th": "10 saraban.test.",
    "A saraban.test": ADDRESS,
    "A relay.test": "192.0.2.25",
    "phrae.go.th": "v=spf1 ip4:192.0.2.25 -all",
    "_dmarc.phrae.go.th": "v=DMARC1; p=reject",
    PTR: "saraban.test.",
}


@pytest.fixture
def judged(office, monkeypatch):
    """Give state and words of each check, with these records; None takes a record away."""
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1", "--ed25519")
    [key] = dkim_keys.load(office.folder / "keys" / "dkim")
    office.write_settings("[[relay]]\nhost = 'relay.test'\n")

    def run(changes=None):
        records = {**WELL, key.name: key.record, **(changes or {})}
        told = {}
        with NameServer({name: text for name, text in records.items() if text}) as server:
            for one in names.names(office.runtime(), server.resolver()):
                assert (one.state == "well") == (not one.todo)
                told.setdefault(one.check, (str(one.state), f"{one.what} → {one.todo}"))
        return told

    return run


def test_a_domain_with_everything_published_is_well(judged):
    assert {check: state for check, (state, _) in judged().items()} == {
        "mx": "well", "spf": "well", "dkim": "well", "dmarc": "well", "ptr": "well"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("check", "changes", "state", "word"),
    [
        ("mx", {"MX phrae.go.th": None}, "look", "ไม่มี MX"),
        ("mx", {"MX phrae.go.th": "0 ."}, "wrong", "ไม่รับจดหมาย"),
        ("mx", {"MX phrae.go.th": "10 gone.test."}, "wrong", "ไม่มีที่อยู่"),
        ("mx", {"MX phrae.go.th": "10 relay.test."}, "look", "ไม่ใช่เครื่องนี้"),
        ("mx", {"MX phrae.go.th": None, "A phrae.go.th": ADDRESS}, "well", "phrae.go.th"),
        ("mx", {"MX phrae.go.th": "10 mx.test.", "A mx.test": ADDRESS}, "well", "mx.test"),
        ("spf", {"phrae.go.th": None}, "look", "ไม่มี SPF"),
        ("spf", {"phrae.go.th": ["v=spf1 -all", "v=spf1 mx -all"]}, "wrong", "2 รายการ"),
        ("spf", {"phrae.go.th": "v=spf1 mx -all"}, "look", "ip4:192.0.2.25"),
        ("spf", {"phrae.go.th": "v=spf1 nonsense -all"}, "wrong", "ใช้ไม่ได้"),
        ("spf", {"A relay.test": "10.0.0.25"}, "well", "ภายใน"),
        ("dkim", {"s1._domainkey.phrae.go.th": None}, "wrong", "dkim show"),
        ("dkim", {"s1._domainkey.phrae.go.th": "v=DKIM1; k=ed25519; p=AAAA"}, "wrong", "ไม่ตรง"),
        ("dkim", {"s1._domainkey.phrae.go.th": "v=DKIM1; p="}, "wrong", "ไม่ตรง"),
        ("dmarc", {"_dmarc.phrae.go.th": None}, "look", "ไม่มี DMARC"),
        ("dmarc", {"_dmarc.phrae.go.th": "v=DMARC1; p=none"}, "look", "p=none"),
        ("dmarc", {"_dmarc.phrae.go.th": "v=DMARC1; p=quarantine"}, "well", "แยก"),
        ("dmarc", {"_dmarc.phrae.go.th": "v=DMARC1; p=reject; t=y"}, "look", "ปล่อย"),
        ("ptr", {PTR: None}, "look", "ไม่มี"),
        ("ptr", {PTR: "host-10.isp.example."}, "look", "host-10.isp.example"),
        ("ptr", {"A saraban.test": None}, "look", "ไม่พบ saraban.test"),
        ("ptr", {"A saraban.test": "10.0.0.10"}, "well", "ภายใน"),
    ],
)
def test_what_is_missing_or_wrong_is_told_with_what_to_do(judged, check, changes, state, word):
    found, text = judged(changes)[check]
    assert found == state
    assert word in text


def test_a_record_that_is_only_being_tried_is_remarked(office, judged):
    [key] = dkim_keys.load(office.folder / "keys" / "dkim")
    state, text = judged({key.name: key.record + "; t=y"})["dkim"]
    assert (state, "t=y" in text) == ("look", True)


def test_a_mailbox_that_is_collected_may_be_elsewhere(office, judged):
    office.write_settings(
        "[[collector]]\nentity = 'phrae'\nhost = 'imap.test'\nusername = 'a'\n"
        f"password_file = '{office.config}'\nsince = '2026-01-01'\n"
    )
    state, text = judged({"MX phrae.go.th": "10 relay.test."})["mx"]
    assert (state, "imap.test" in text) == ("well", True)


def test_a_domain_without_a_key_is_told_how_to_get_one(office, judged):
    (office.folder / "keys" / "dkim" / "phrae.go.th.s1.pem").unlink()
    state, text = judged()["dkim"]
    assert (state, "saraban dkim new phrae.go.th" in text) == ("look", True)


def test_a_key_that_is_no_longer_used_needs_no_record(office, judged):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s2", "--ed25519", "--now")
    assert "s2._domainkey" in judged({"s1._domainkey.phrae.go.th": None})["dkim"][1]


def test_a_key_that_is_to_sign_tomorrow_needs_its_record_today(office, judged):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s2", "--ed25519")
    with NameServer(WELL) as server:
        found = list(names.names(office.runtime(), server.resolver()))
    assert [one.state for one in found if one.check == "dkim"] == ["wrong", "wrong"]


def test_a_name_server_that_fails_is_told_once_a_name_and_breaks_nothing(office):
    with NameServer({}) as server:
        server.broken = True
        found = list(names.names(office.runtime(), server.resolver()))
    told = [(one.check, str(one.state)) for one in found]
    assert told == [("dkim", "look"), ("dns", "look"), ("dns", "look")]


@pytest.fixture
def pasted(office: Office) -> Iterator[knot.Knot]:
    """A real name server whose zone holds what the command printed, pasted as it stands."""
    printed = [
        office.run("dkim", "new", "phrae.go.th", "--selector", name, *kind).stdout
        for name, kind in (("s1", ()), ("e1", ("--ed25519",)))
    ]
    zone = '@ MX 10 mail\n@ TXT "v=spf1 mx -all"\nmail A 192.0.2.10\n' + "".join(printed)
    server = knot.start({"phrae.go.th": zone})
    yield server
    running.end(server.folder)


def test_what_the_command_prints_can_be_pasted_into_a_zone(office, pasted, monkeypatch):
    monkeypatch.setenv("SARABAN__TRUST__NAMESERVERS", f'["{pasted.host}:{pasted.port}"]')
    found = office.data("doctor", "--dns")
    assert [one["state"] for one in found if one["check"] == "dkim"] == ["well", "well"]
