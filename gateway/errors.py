"""What the door will not take, each refusal with the answer that the client hears.

The tree::

    Refusal                    550 5.7.1   not as it stands, and not later either
    ├── UnknownAddressee       550 5.1.1   no such address in any registry here
    ├── RelayDenied            550 5.7.1   not our domain, and nobody has signed in
    ├── BadAddress             553 5.1.3   an address that is none
    ├── LetterTooLarge         552 5.3.4
    ├── StrictlySecret         550 5.7.1   ลับที่สุด may not travel by mail
    ├── Infected               554 5.7.1   the virus scanner found something in it
    ├── ForbiddenType          550 5.7.1   a file of a kind that this office does not take
    ├── Looping                554 5.4.6   handed on too often
    ├── BareLineEnding         550 5.5.2   CR or LF alone in a submitted letter
    ├── NotYourAddress         550 5.7.1   a clerk writes as somebody else
    ├── NotSignedIn            530 5.7.0   the submission port wants TLS and AUTH first
    ├── WrongPassword          535 5.7.8
    ├── EncryptionRequired     538 5.7.11
    ├── BadCommand             500 5.5.2
    ├── BadSyntax              501 5.5.4
    ├── NotOffered             502 5.5.1
    ├── BadSequence            503 5.5.1
    ├── NotInStep              554 5.5.0   bytes where the client has to wait for a reply
    ├── UnknownParameter       555 5.5.4
    └── Temporary              451 4.3.0   the same letter may come in later
        ├── InsufficientStorage  452 4.3.1
        ├── TooManyRecipients    452 4.5.3
        ├── SignInAway           454 4.7.0   nobody can be asked for passwords now
        ├── AccountHeld          454 4.7.0   too many failed sign-ins to the account
        ├── TooManyConnections   421 4.7.0   421: the session ends with it
        ├── TooManyErrors        421 4.7.0
        ├── TooManyCommands      421 4.7.0
        ├── TooManyFailures      421 4.7.0   too many failed sign-ins from the client
        ├── ProxyExpected        421 4.3.5
        ├── LongSession          421 4.4.2
        ├── TooSlow              421 4.4.2
        └── ClosingDown          421 4.3.2

Those that end a session, or have to do with one, stand in :mod:`gateway.dismissals`.

Two texts each, never mixed: ``text`` is read by strangers and says what to do, ``str(error)`` is
for the log. The answer is one line of ASCII within 512 octets (RFC 5321 §4.5.3.1.5); the Thai
text follows it where the client negotiated SMTPUTF8 (RFC 6531 §3.7.4.1) and it still fits.
Codes are those of RFC 5321 §4.2 and RFC 3463.
"""

from typing import ClassVar

from registry.errors import SarabanError

_LINE = 510  # octets of a reply line before CRLF


class Refusal(SarabanError):
    """A message or command we will not take, answered in SMTP's own terms.

    ``text`` may be given where the class's own cannot say enough (a size, a limit); it must be
    made here and never hold what a peer, a database or a library said.
    """

    code: ClassVar[int] = 550
    status: ClassVar[str] = "5.7.1"
    text: str = "This letter cannot be taken in; please ask the office by telephone."
    thai: str = "รับหนังสือฉบับนี้ไม่ได้ โปรดสอบถามหน่วยงานทางโทรศัพท์"

    def __init__(self, message: str = "", *, text: str = "", thai: str | None = None) -> None:
        if text:
            self.text = text
        super().__init__(message or self.text, thai=thai)

    def reply(self, *, utf8: bool = False) -> str:
        """Give the reply line without CRLF; Thai is added only where the client reads UTF-8."""
        line = f"{self.code} {self.status} {_one_line(self.text)}"
        line = line.encode("ascii", "replace")[:_LINE].decode("ascii")
        whole = f"{line} / {_one_line(self.thai)}"
        return whole if utf8 and len(whole.encode()) <= _LINE else line

    @property
    def ends_session(self) -> bool:
        """Whether the connection is closed with this answer (RFC 5321 §3.8)."""
        return self.code == 421


class UnknownAddressee(Refusal):
    """RCPT TO named an address that no registry here answers to."""

    status = "5.1.1"
    text = "No such address here; check the spelling, or write to the office's central address."
    thai = "ไม่มีที่อยู่นี้ โปรดตรวจตัวสะกด หรือส่งถึงที่อยู่อีเมลกลางของหน่วยงาน"


class RelayDenied(Refusal):
    """RCPT TO named an address elsewhere, and the client has not signed in."""

    text = "Relaying denied: sign in at the submission port to send to other offices."
    thai = "ไม่รับส่งต่อไปยังหน่วยงานอื่น โปรดลงชื่อเข้าใช้ที่พอร์ตสำหรับส่งหนังสือ"


class BadAddress(Refusal):
    """What stands in MAIL FROM or RCPT TO is not an address (RFC 5321 §4.1.2)."""

    code = 553
    status = "5.1.3"
    text = "This is not a mail address; write it as <name@domain>."
    thai = "รูปแบบที่อยู่ไม่ถูกต้อง โปรดเขียนเป็น <ชื่อ@โดเมน>"


class LetterTooLarge(Refusal):
    """The letter is, or says it is, larger than we take in (RFC 1870 §6)."""

    code = 552
    status = "5.3.4"
    text = "The letter is too large; please send it in parts or ask for an upload link."
    thai = "หนังสือมีขนาดใหญ่เกินไป โปรดแบ่งส่ง หรือขอลิงก์สำหรับอัปโหลดไฟล์"


class StrictlySecret(Refusal):
    """The Subject is tagged ลับที่สุด (2544 secrecy regulation: not by electronic mail)."""

    text = "Letters marked as top secret must not be sent by mail; deliver it by hand."
    thai = "ห้ามส่งหนังสือชั้นความลับ “ลับที่สุด” ทางไปรษณีย์อิเล็กทรอนิกส์ โปรดนำส่งด้วยบุคคล"


class Infected(Refusal):
    """The virus scanner found something; what it is called is for the log alone."""

    code = 554
    text = "A virus was found in this letter; clean the files and send it again."
    thai = "พบไวรัสในหนังสือฉบับนี้ จึงไม่รับ โปรดกำจัดไวรัสแล้วส่งใหม่"


class ForbiddenType(Refusal):
    """A file of ``attachments.forbidden_types``; the text given names the kind."""

    text = "This letter has a file of a type that is not taken here."
    thai = "หนังสือมีไฟล์ชนิดที่หน่วยงานนี้ไม่รับ โปรดส่งเป็น PDF หรือรูปแบบอื่น"


class Looping(Refusal):
    """More Received fields than any honest way has (RFC 5321 §6.3)."""

    code = 554
    status = "5.4.6"
    text = "Too many hops: this letter goes round in a loop; check the forwarding rules."
    thai = "หนังสือถูกส่งต่อวนซ้ำ โปรดตรวจการตั้งค่าส่งต่อ"


class BareLineEnding(Refusal):
    """A submitted letter has CR or LF alone, which others may read as another letter."""

    status = "5.5.2"
    text = "The letter has CR or LF alone; lines must end in CRLF (RFC 5321 2.3.8)."
    thai = "โปรแกรมส่งอีเมลจบบรรทัดไม่ถูกต้อง โปรดปรับปรุงหรือเปลี่ยนโปรแกรม"


class NotYourAddress(Refusal):
    """A clerk wrote as someone else than themselves or their own office."""

    text = "Send as yourself or as your office's central address, in From as in the envelope."
    thai = "โปรดส่งในนามของท่านเอง หรือที่อยู่กลางของหน่วยงานของท่านเท่านั้น"


class NotSignedIn(Refusal):
    """The submission port serves nobody who has not signed in (RFC 4954 §6)."""

    code = 530
    status = "5.7.0"
    text = "Authentication required."
    thai = "โปรดลงชื่อเข้าใช้ก่อนส่งหนังสือ"


class WrongPassword(Refusal):
    """The name is not known, the password is not theirs, or the account is closed: one answer."""

    code = 535
    status = "5.7.8"
    text = "Authentication credentials invalid."
    thai = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"


class EncryptionRequired(Refusal):
    """A password was offered in the clear (RFC 4954 §4)."""

    code = 538
    status = "5.7.11"
    text = "Encryption required: use STARTTLS first."
    thai = "โปรดเปิดใช้การเข้ารหัส (STARTTLS) ก่อนลงชื่อเข้าใช้"


class BadCommand(Refusal):
    """A line that is no command of ours, or too long for one (RFC 5321 §4.2.4)."""

    code = 500
    status = "5.5.2"
    text = "Error: this is no command."
    thai = "ไม่รู้จักคำสั่งนี้"


class BadSyntax(Refusal):
    """A command whose argument cannot be read."""

    code = 501
    status = "5.5.4"
    text = "Syntax error in the argument of the command."
    thai = "รูปแบบคำสั่งไม่ถูกต้อง"


class NotOffered(Refusal):
    """A command that is known and not offered (RFC 5321 §4.2.4)."""

    code = 502
    status = "5.5.1"
    text = "Command not implemented."
    thai = "ไม่มีคำสั่งนี้"


class NotInStep(Refusal):
    """Bytes came where the client has to wait for a reply (RFC 5321 §3.1, RFC 2920 §3.1)."""

    code = 554
    status = "5.5.0"
    text = "Out of step: wait for our reply before you go on."
    thai = "โปรแกรมส่งอีเมลไม่รอคำตอบของระบบ โปรดปรับปรุงหรือเปลี่ยนโปรแกรม"


class BadSequence(Refusal):
    """A command at the wrong moment."""

    code = 503
    status = "5.5.1"
    text = "Bad sequence of commands."
    thai = "ลำดับคำสั่งไม่ถูกต้อง"


class UnknownParameter(Refusal):
    """A parameter of MAIL or RCPT that was never offered (RFC 5321 §4.1.1.11)."""

    code = 555
    status = "5.5.4"
    text = "Parameter not recognized."
    thai = "ไม่รู้จักพารามิเตอร์นี้"


class Temporary(Refusal):
    """Nothing is wrong with the letter; it may come in later, and the client will try again."""

    code = 451
    status = "4.3.0"
    text = "Temporary failure; please try again later."
    thai = "ระบบขัดข้องชั่วคราว โปรดลองใหม่ภายหลัง"


class InsufficientStorage(Temporary):
    """The disk is full, or too full to promise anything."""

    code = 452
    status = "4.3.1"
    text = "Insufficient system storage; please try again later."
    thai = "เนื้อที่จัดเก็บของระบบไม่พอชั่วคราว โปรดลองใหม่ภายหลัง"


class TooManyRecipients(Temporary):
    """One letter may name so many and no more; the client sends again for the rest."""

    code = 452
    status = "4.5.3"
    text = "Too many recipients; send this letter again to the others."
    thai = "ผู้รับมากเกินไป โปรดส่งซ้ำถึงผู้รับที่เหลือ"


class SignInAway(Temporary):
    """The database that knows the passwords does not answer (RFC 4954 §6)."""

    code = 454
    status = "4.7.0"
    text = "Temporary authentication failure; please try again later."
    thai = "ตรวจสอบรหัสผ่านไม่ได้ชั่วคราว โปรดลองใหม่ภายหลัง"


def _one_line(text: str) -> str:
    """Take out everything that could begin another reply line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
