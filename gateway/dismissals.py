"""What ends a session, or keeps a client waiting, whatever letter it has: part of gateway.errors.

Too many, too much, too slow, and the service that stops. A client hears 421 and may come again
(RFC 5321 §3.8); the tree and the rules of the texts stand in :mod:`gateway.errors`.
"""

from gateway.errors import Temporary


class AccountHeld(Temporary):
    """Too many failed sign-ins to this account; it is closed to strangers for some minutes."""

    code = 454
    status = "4.7.0"
    text = "Too many failed sign-ins to this account; please try again in some minutes."
    thai = "มีการลงชื่อเข้าใช้บัญชีนี้ผิดหลายครั้ง โปรดรอสักครู่แล้วลองใหม่"


class TooManyConnections(Temporary):
    """So many sessions at once, from this address or in all."""

    code = 421
    status = "4.7.0"
    text = "Too many connections at once; please try again later."
    thai = "มีการเชื่อมต่อพร้อมกันมากเกินไป โปรดลองใหม่ภายหลัง"


class TooManyErrors(Temporary):
    """The client made more mistakes than an honest one does."""

    code = 421
    status = "4.7.0"
    text = "Too many errors; closing the connection."
    thai = "คำสั่งผิดพลาดมากเกินไป ปิดการเชื่อมต่อ"


class TooManyCommands(Temporary):
    """More commands than letters need."""

    code = 421
    status = "4.7.0"
    text = "Too many commands in one session; please connect again."
    thai = "คำสั่งในการเชื่อมต่อเดียวมากเกินไป โปรดเชื่อมต่อใหม่"


class TooManyFailures(Temporary):
    """Too many failed sign-ins from this address."""

    code = 421
    status = "4.7.0"
    text = "Too many failed sign-ins from your address; please try again in some minutes."
    thai = "ลงชื่อเข้าใช้ผิดหลายครั้งจากเครื่องนี้ โปรดรอสักครู่แล้วลองใหม่"


class ProxyExpected(Temporary):
    """A load balancer of ``smtp.proxy_from`` did not begin with a PROXY header."""

    code = 421
    status = "4.3.5"
    text = "A PROXY header is expected from this host; see smtp.proxy_from."
    thai = "ต้องเริ่มด้วยส่วนหัว PROXY โปรดตรวจ smtp.proxy_from"


class LongSession(Temporary):
    """The session has lasted as long as one may."""

    code = 421
    status = "4.4.2"
    text = "The session has lasted too long; please connect again."
    thai = "การเชื่อมต่อนานเกินไป โปรดเชื่อมต่อใหม่"


class TooSlow(Temporary):
    """Nothing came for too long, or the letter trickled."""

    code = 421
    status = "4.4.2"
    text = "Timeout: nothing came for too long; closing the connection."
    thai = "ไม่มีข้อมูลเข้ามานานเกินไป ปิดการเชื่อมต่อ"


class ClosingDown(Temporary):
    """The service stops; what was promised has been kept."""

    code = 421
    status = "4.3.2"
    text = "The service is closing down; please try again in a moment."
    thai = "ระบบกำลังปิดปรับปรุง โปรดลองใหม่อีกครู่หนึ่ง"
