"""The doctor looks at the certificates that signatures are believed by."""

from tests.registry.pdf import signing


def test_nothing_is_said_while_nobody_wants_it(found):
    assert found("trusted") == []


def test_a_folder_that_was_set_and_is_empty_is_told(found, monkeypatch, tmp_path):
    monkeypatch.setenv("SARABAN__SIGNATURES__CA_FOLDER", str(tmp_path / "none"))
    [one] = found("trusted")
    assert one["state"] == "look"
    assert "ไม่มีใบรับรอง" in one["what"]


def test_certificates_are_counted_and_what_is_none_or_ran_out_is_named(
    found, monkeypatch, tmp_path
):
    (tmp_path / "root.pem").write_bytes(signing.root().pem)
    (tmp_path / "note.crt").write_bytes(b"no certificate")
    old = signing.certified("เก่า", None, ca=True, until=signing.NOW.replace(year=2025))
    (tmp_path / "old.cer").write_bytes(old.pem)
    monkeypatch.setenv("SARABAN__SIGNATURES__CA_FOLDER", str(tmp_path))
    told = {one["what"] for one in found("trusted")}
    assert any("note.crt: ไม่ใช่ใบรับรอง" in one for one in told)
    assert any("old.cer: หมดอายุ" in one for one in told)
    assert any("เชื่อถือผู้ออกใบรับรอง 1 ราย" in one for one in told)
