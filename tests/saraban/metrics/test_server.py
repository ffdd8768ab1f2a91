"""The figures of a running service: what they count, who may see them, what they never name."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.journeys.installation import Installation, mail
from tests.servers.ports import free_port

DLA, PHRAE = "saraban@dla.go.th", "saraban@phrae.go.th"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "office")
    made.add_entity("dla", "กรมส่งเสริมการปกครองท้องถิ่น", "dla.go.th", "มท ๐๘๑๐")
    backups = tmp_path / "backups"
    backups.mkdir()
    made.settings("metrics", listen="127.0.0.1:0", backup_dir=str(backups))
    yield made
    made.end()


def figures(office: Installation, token: str = "") -> dict[str, float]:
    """Scrape as Prometheus does; ``name{label="value"}`` → value."""
    url = f"http://127.0.0.1:{office.ports['metrics']}/metrics"
    head = {"Authorization": f"Bearer {token}"}
    asked = urllib.request.Request(url, headers=head)
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own address
        text = answer.read().decode()
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{one}"' for name, one in sorted(sample.labels.items()))
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
    return found


def test_a_letter_is_counted_at_the_door_and_in_the_books(office: Installation):
    with office.serving("smtp,worker,metrics"):
        office.send(mail(DLA, PHRAE, "ขอข้อมูล"), DLA, PHRAE)
        office.wait(lambda: office.entries("received"))
        office.send(mail("a@nowhere.test", PHRAE, "ใครไม่รู้"), "a@nowhere.test", PHRAE)
        office.wait(office.waiting)
        with pytest.raises(Exception, match="550"):
            office.send(mail(DLA, "who@elsewhere.test", "ผิดที่"), DLA, "who@elsewhere.test")
        seen = office.wait(
            lambda: (found := figures(office))["saraban_spool_letters"] == 0 and found
        )
    assert seen['saraban_letters_accepted_total{listener="mx"}'] == 2
    assert seen['saraban_letters_entered_total{kind="letter",state="registered"}'] == 1
    assert seen['saraban_entries_total{book="received",entity="phrae"}'] == 1
    assert seen['saraban_letters_waiting{entity="phrae",state="waiting"}'] == 1
    assert sum(n for name, n in seen.items() if name.startswith("saraban_refusals_total")) == 1
    assert seen["saraban_database_up"] == 1
    assert {'saraban_process_up{process="smtp"}', 'saraban_process_up{process="worker"}'} <= set(
        seen
    )


def test_figures_name_no_person_and_no_subject(office: Installation):
    with office.serving("smtp,worker,metrics"):
        office.send(mail(DLA, PHRAE, "เรื่องเฉพาะ"), DLA, PHRAE)
        office.wait(lambda: office.entries("received"))
        text = json.dumps(list(figures(office)), ensure_ascii=False)
    assert "@" not in text
    assert "เรื่องเฉพาะ" not in text


def test_counts_go_on_after_a_restart(office: Installation):
    for number in (1, 2):
        with office.serving("smtp,metrics"):
            office.send(mail(DLA, PHRAE, f"ฉบับที่ {number}"), DLA, PHRAE)
            seen = figures(office)
        assert seen['saraban_letters_accepted_total{listener="mx"}'] == number
    assert seen["saraban_spool_letters"] == 2
    assert seen["saraban_spool_oldest_seconds"] >= 0


def test_proof_and_backup_have_a_figure_once_they_were_made(office: Installation):
    with office.serving("smtp,metrics"):
        assert "saraban_proof_holds" not in figures(office)
        office.run("proof")
        office.run("backup", str(office.folder.parent / "backups" / "one.tar"))
        seen = figures(office)
    assert seen["saraban_proof_holds"] == 1
    assert seen["saraban_proof_timestamp_seconds"] > 1_700_000_000
    assert seen["saraban_backup_timestamp_seconds"] > 1_700_000_000
    assert seen['saraban_certificate_expiry_timestamp_seconds{listener="smtp"}'] > 1_700_000_000


def test_while_the_database_is_away_the_other_figures_stay(office: Installation):
    office.settings("database", url=f"postgresql://saraban@127.0.0.1:{free_port()}/none")
    with office.serving("smtp,metrics"):
        seen = figures(office)
    assert seen["saraban_database_up"] == 0
    assert "saraban_disk_least_bytes" in seen
    assert "saraban_calls_due" not in seen


def test_a_token_is_asked_for_where_one_is_set(office: Installation, tmp_path: Path):
    token = tmp_path / "token"
    token.write_text("s3cret\n", encoding="ascii")
    office.settings("metrics", token_file=str(token))
    with office.serving("smtp,metrics"):
        assert figures(office, "s3cret")["saraban_database_up"] == 1
        for wrong in ("", "s3cre", "s3cret2"):
            with pytest.raises(urllib.error.HTTPError, match="401") as denied:
                figures(office, wrong)
            denied.value.close()
    assert "s3cret" not in office.log()


def test_beyond_this_machine_a_token_is_required(office: Installation):
    office.settings("metrics", listen="0.0.0.0:0")
    done = office.run("serve", ok=False)
    assert done.returncode == 3
    assert "token_file" in done.stderr


def test_a_token_that_cannot_be_read_ends_the_service_with_3(office: Installation):
    office.settings("metrics", token_file="/nowhere/token")
    done = office.run("serve", "--only", "smtp,metrics", ok=False)
    assert done.returncode == 3
    assert "metrics.token_file" in done.stderr


def test_without_an_address_nothing_is_served(office: Installation):
    office.settings("metrics", listen="")
    with office.serving("smtp,metrics"):
        assert set(office.pids) == {"smtp"}
