"""Keys of DKIM by command: made, shown for DNS, listed, and followed by newer ones."""

from gateway.outbound import dkim_keys


def states(office):
    return [(one["selector"], one["state"]) for one in office.data("dkim", "list")]


def folder(office):
    return office.folder / "keys" / "dkim"


def test_a_new_key_is_kept_and_its_record_printed_for_a_zone_file(office):
    done = office.run("dkim", "new", "phrae.go.th", "--selector", "s1")
    [key] = dkim_keys.load(folder(office))
    assert done.stdout == key.zone_line + "\n"
    assert "ผู้ดูแล DNS" in done.stderr
    assert "ยังไม่มีหน่วยงาน" not in done.stderr
    assert office.run("dkim", "show").stdout == done.stdout


def test_records_are_told_to_programs_in_one_piece(office):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1", "--ed25519")
    [record] = office.data("dkim", "show", "phrae.go.th")
    assert (record["name"], record["type"]) == ("s1._domainkey.phrae.go.th", "TXT")
    assert record["value"].startswith("v=DKIM1; k=ed25519; p=")
    assert office.data("dkim", "show", "dla.go.th") == []


def test_a_key_is_named_after_the_day_where_no_name_is_given(office):
    office.run("dkim", "new", "phrae.go.th", "--ed25519")
    day = office.runtime().clock.now().strftime("%Y%m%d")
    assert states(office) == [(f"e{day}", "signing")]
    assert "--selector" in office.run("dkim", "new", "phrae.go.th", "--ed25519", code=1).stderr


def test_a_second_key_signs_only_when_its_record_can_be_known(office):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1")
    done = office.run("dkim", "new", "phrae.go.th", "--selector", "s2")
    assert "อย่าเพิ่งลบระเบียนเดิม" in done.stderr
    assert states(office) == [("s1", "signing"), ("s2", "later")]
    assert "ยังไม่ถึงเวลา" in office.run("dkim", "list").stdout


def test_a_key_that_must_be_replaced_is_replaced_at_once(office):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1", "--ed25519")
    office.run("dkim", "new", "phrae.go.th", "--selector", "t2", "--ed25519", "--now")
    assert dict(states(office)) == {"s1": "old", "t2": "signing"}


def test_a_key_of_the_other_kind_signs_besides(office):
    office.run("dkim", "new", "phrae.go.th", "--selector", "s1")
    office.run("dkim", "new", "phrae.go.th", "--selector", "e1", "--ed25519")
    assert sorted(states(office)) == [("e1", "signing"), ("s1", "signing")]


def test_a_key_for_a_domain_that_nobody_here_sends_from_is_remarked(office):
    done = office.run("dkim", "new", "other.go.th", "--ed25519")
    assert "ยังไม่มีหน่วยงานในระบบนี้ที่ส่งจาก @other.go.th" in done.stderr


def test_what_is_no_domain_is_told(office):
    assert "ไม่ใช่ชื่อโดเมน" in office.run("dkim", "new", "../etc", code=2).stderr
    assert not folder(office).exists()


def test_without_keys_the_list_says_so(office):
    assert "ยังไม่มีกุญแจ" in office.run("dkim", "list").stdout
    assert "saraban dkim new" in office.run("dkim", "show").stderr
