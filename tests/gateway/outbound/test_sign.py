"""Our signatures, against two verifiers that know nothing of how they were made."""

import io
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import dkim
import pytest
from dkim.canonicalization import Relaxed
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbound.inquiry import Inquiry
from gateway.inbound.signatures import SignedMail, check_signatures
from gateway.inbound.window import Window
from gateway.outbound import dkim_keys, fields, sign
from gateway.outbound.write import Damaged, File, Mail, Multi, Plain, Text, measure
from registry.letter.address import Address
from tests.gateway.inbound.nameserver import NameServer

DOMAIN = "phrae.go.th"
AT = datetime(2025, 10, 3, 10, 46, tzinfo=UTC)
EARLIER = AT - timedelta(days=1)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """The folder of one RSA key and one Ed25519 key."""
    folder = tmp_path_factory.mktemp("keys") / "dkim"
    for kind in dkim_keys.KINDS:
        dkim_keys.create(folder, DOMAIN, kind, kind, EARLIER)
    return folder


@pytest.fixture(scope="module")
def signers(keys):
    return sign.signers_of(keys, f"saraban@{DOMAIN}", AT)


def mail(body, *more, subject="ทดสอบ", sender=f"saraban@{DOMAIN}"):
    header = (
        fields.text_field("Date", "Fri, 03 Oct 2025 17:46:00 +0700"),
        fields.address_field("From", [Address("จังหวัดแพร่", sender)]),
        fields.address_field("To", [Address("", "saraban@dla.go.th")]),
        fields.text_field("Subject", subject),
        fields.id_field("Message-ID", ["<l.1@phrae.go.th>"]),
        *more,
    )
    return Mail(header, body, "<l.1@phrae.go.th>")


def signed(a_mail, signers):
    """The bytes of a signed mail; its size is what was said before."""
    file = io.BytesIO()
    written = sign.write_signed(a_mail, signers, file)
    assert written == len(file.getvalue()) == measure(a_mail) + sign.room(a_mail, signers)
    return file.getvalue()


def records(signers):
    return {signer.key.name: signer.key.record for signer in signers}


def ours(raw, signers, tmp_path):
    """What our own verifier says of a mail, by selector order."""
    path = tmp_path / "one.eml"
    path.write_bytes(raw)
    header, _, _ = raw.partition(b"\r\n\r\n")
    with NameServer(records(signers)) as server, Window(path) as window:
        of_mail = SignedMail(window, header + b"\r\n", len(header) + 4)
        return [one.result for one in check_signatures(of_mail, DOMAIN, Inquiry(server.resolver()))]


def oracle(raw, signers):
    """What dkimpy says of the RSA signature, with the whole mail in memory."""
    published = {f"{name}.": text.encode() for name, text in records(signers).items()}

    def found(name, timeout=5):
        return published.get(name.decode())

    return dkim.DKIM(raw).verify(idx=0, dnsfunc=found)


BODIES = {
    "plain": Text("เรียน อธิบดี\nจึงเรียนมาเพื่อโปรดพิจารณา"),
    "empty": Text(""),
    "spaces at the ends of lines": Plain("text/plain", "a  \r\n \t\r\nb \t c \r\n\r\n \r\n\r\n"),
    "nothing but empty lines": Plain("text/plain", "\r\n\r\n\r\n"),
    "dots": Plain("text/plain", ".\r\n..\r\n.a"),
    "files": Multi(
        "mixed",
        (Text("ก"), File("ก.pdf", "letter-1.pdf", "application/pdf", data=b"%PDF" * 999)),
    ),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_both_signatures_hold_for_us_and_that_of_rsa_for_dkimpy(body, signers, tmp_path):
    raw = signed(mail(body), signers)
    assert raw.isascii()
    assert ours(raw, signers, tmp_path) == ["pass", "pass"]
    assert oracle(raw, signers)


@settings(max_examples=60)
@given(
    lines=st.lists(st.sampled_from(["a", " ", "\t", "  b", "\r\n", "\r\n\r\n", "=", "."])),
    value=st.text(st.sampled_from("ab \tก๑่="), min_size=1).map(str.strip),
)
def test_whatever_is_signed_holds_for_dkimpy(signers, lines, value):
    a_mail = mail(
        Plain("text/plain", "".join(lines)),
        b"X-Saraban-Text:  a\t b \r\n\tc  \r\n",
        subject=value.replace("\t", " ") or "-",
    )
    assert oracle(signed(a_mail, signers), signers)


@given(value=st.lists(st.sampled_from([b" ", b"\t", b"a", b":", "ก".encode()])).map(b"".join))
def test_a_field_in_relaxed_form_is_that_of_dkimpy(value):
    [(_, line)] = sign._fields(b"X-A: " + value + b" \r\n\t" + value + b"\r\n")
    [(name, text)] = Relaxed.canonicalize_headers([(b"X-A", b" " + value + b" \r\n\t" + value)])
    assert line.rstrip() == (name + b":" + text).rstrip()


def test_a_changed_mail_does_not_hold(signers, tmp_path):
    raw = signed(mail(BODIES["plain"]), signers)
    body = raw[:-10] + b"AAAA" + raw[-6:]
    assert set(ours(body, signers, tmp_path)) == {"fail"}
    dated = raw.replace(b"Date: Fri", b"Date: Sat")
    assert set(ours(dated, signers, tmp_path)) == {"fail"}


@pytest.mark.parametrize(
    "second",
    [
        b"From: nobody@evil.example\r\n",
        b"Subject: else\r\n",
        b"X-Saraban-Due: 2025-10-04T00:00:00+07:00\r\n",
    ],
)
def test_nobody_can_add_a_second_field_above(signers, second):
    raw = signed(mail(BODIES["plain"]), signers)
    assert not oracle(second + raw, signers)


def test_fields_that_servers_add_do_no_harm(signers):
    raw = signed(mail(BODIES["plain"]), signers)
    trace = b"Received: from a by b;\r\n\tFri, 03 Oct 2025 17:47:00 +0700\r\nDelivered-To: x@y\r\n"
    assert oracle(trace + raw, signers)


def test_a_retry_is_the_same_to_the_last_byte(keys, signers):
    first = signed(mail(BODIES["files"]), signers)
    dkim_keys.create(keys, DOMAIN, "newer", "rsa", AT + timedelta(minutes=1))
    again = sign.signers_of(keys, f"saraban@{DOMAIN}", AT)
    (keys / f"{DOMAIN}.newer.pem").unlink()
    assert signed(mail(BODIES["files"]), again) == first


def test_what_is_signed_is_told_in_lines_of_common_length(signers):
    raw = signed(mail(BODIES["plain"], b"X-Saraban-Letter-Number: 1/2\r\n"), signers)
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    tags = dkim.util.parse_tag_value(head.split(b"From:")[0].partition(b":")[2].split(b"DKIM-")[0])
    names = b"".join(tags[b"h"].split()).split(b":")
    assert (names.count(b"from"), names.count(b"to"), names.count(b"content-type")) == (2, 1, 1)
    assert names.count(b"x-saraban-letter-number") == 2
    assert tags[b"t"] == str(int(AT.timestamp())).encode()
    assert b"l" not in tags


def test_an_address_in_thai_letters_is_signed_as_it_stands(signers, tmp_path):
    raw = signed(mail(BODIES["plain"], sender=f"สารบรรณ@{DOMAIN}"), signers)
    assert ours(raw, signers, tmp_path) == ["pass", "pass"]


def test_a_domain_without_a_key_is_not_signed(keys):
    assert sign.signers_of(keys, "saraban@dla.go.th", AT) == ()
    assert sign.signers_of(keys / "none", f"saraban@{DOMAIN}", AT) == ()
    raw = signed(mail(BODIES["plain"]), ())
    assert b"DKIM" not in raw


def test_a_domain_in_thai_letters_is_signed_by_its_ascii_name(tmp_path):
    made = dkim_keys.create(tmp_path, "แพร่.ไทย", "s1", "ed25519", EARLIER)
    [signer] = sign.signers_of(tmp_path, "saraban@แพร่.ไทย", AT)
    assert signer.key == made
    assert made.domain.startswith("xn--")


def test_a_damaged_file_ends_a_signed_mail_as_any_other(signers, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"other")
    part = File("a", "a", "application/pdf", size=5, sha256="0" * 64, path=path)
    with pytest.raises(Damaged):
        sign.write_signed(mail(part), signers, io.BytesIO())


LARGE = """
    import hashlib, resource, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from gateway.outbound import fields, sign
    from gateway.outbound.write import File, Mail, Multi, Text
    from registry.letter.address import Address

    keys, folder, size = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    block, digest = bytes(range(256)) * 4096, hashlib.sha256()
    with (folder / "file").open("wb") as out:
        for _ in range(size >> 20):
            out.write(block)
            digest.update(block)
    part = File("a", "a", "application/pdf", size, digest.hexdigest(), folder / "file")
    at = datetime(2025, 10, 3, tzinfo=UTC)
    signers = sign.signers_of(keys, "saraban@phrae.go.th", at)
    header = (
        fields.address_field("From", [Address("", "saraban@phrae.go.th")]),
        fields.id_field("Message-ID", ["<large@phrae.go.th>"]),
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (folder / "mail").open("wb") as out:
        sign.write_signed(Mail(header, Multi("mixed", (Text("a"), part)), "seed"), signers, out)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_file_of_30_mb_is_signed_in_flat_memory(keys, signers, tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(LARGE), keys, tmp_path, str(30 << 20)]
    grown = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert grown < 6 << 10, "kB of peak memory"
    raw = (tmp_path / "mail").read_bytes()
    assert len(raw) > 40 << 20
    assert ours(raw, signers, tmp_path) == ["pass", "pass"]
