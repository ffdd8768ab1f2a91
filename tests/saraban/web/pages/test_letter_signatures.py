"""What was found out of a letter's digital signatures stands on its page and in letter show."""

from gateway.inbound.smime import lay_out
from registry.clock import FrozenClock
from registry.signatures import Verifying, trust_folder
from tests.registry.pdf import signing
from tests.registry.texts import papers as made
from tests.saraban.web import papers
from tests.saraban.web.looking import page
from tests.saraban.web.pages.test_inbox import plain


def verify(office) -> None:
    """Verify as the finder does, trusting the tests' own root."""
    runtime = office.runtime()
    folder = trust_folder(runtime.office)
    folder.mkdir(exist_ok=True)
    (folder / "root.crt").write_bytes(signing.root().pem)
    clock = FrozenClock(signing.NOW)
    verifying = Verifying(runtime.database, runtime.blobs, clock, runtime.office, lay_out)
    while verifying.turn():
        pass
    verifying.close()
    runtime.close()


def test_the_page_tells_each_fact_by_itself_before_and_after_the_number(desk):
    good = signing.signed_pdf(made.saying(b"(Hello) Tj"), signing.somying())
    stranger = signing.signed_pdf(made.saying(b"(Jello) Tj"), signing.stranger())
    letter = papers.lay(desk.office, files={"หนังสือ.pdf": good, "บัญชี.pdf": stranger})
    verify(desk.office)
    client = desk.signed_in()
    waits = plain(client.get(f"/letters/{letter.id}").text)
    for html in (waits, page(client, papers.register(desk.office, letter).id)):
        for words in (
            "ลายมือชื่อดิจิทัล", "ลายมือชื่อถูกต้อง", signing.SIGNER, "ทั้งไฟล์", "ตามนาฬิกาของผู้ลงนาม",
            "ยังยืนยันผู้ลงนามไม่ได้", "ผู้ลงนามออกใบรับรองให้ตนเอง", "โดยไม่ถามเครือข่าย",
        ):  # fmt: skip
            assert words in html
    shown = desk.office.data("letter", "show", letter.id)["signatures"]
    assert [(one["outcome"], one["intact"], one["trusted"]) for one in shown] == [
        ("good", True, True), ("untrusted", True, False),
    ]  # fmt: skip
    assert signing.SIGNER in desk.office.run("letter", "show", letter.id).stdout


def test_a_letter_without_signatures_says_nothing_of_them(desk, letter):
    verify(desk.office)
    assert "ลายมือชื่อดิจิทัล" not in desk.signed_in().get(f"/letters/{letter.id}").text
    assert desk.office.data("letter", "show", letter.id)["signatures"] == []
