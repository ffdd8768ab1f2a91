"""In words: who vouches for the sender of a letter, or why nobody does, and what to do then.

Reads the verdict that was frozen with the letter (:meth:`registry.letter.message.Trust.as_dict`)
and judges nothing anew. The evidence itself is English and stays as it is; these are the words of
it for an officer, who decides what becomes of a letter that nobody vouches for.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

PROVEN: Final = "ยืนยันผู้ส่งแล้ว"
UNPROVEN: Final = "ยังยืนยันผู้ส่งไม่ได้"
ASK: Final = "โปรดโทรถามผู้ส่งตามหมายเลขที่มีอยู่เดิม (ไม่ใช่หมายเลขในจดหมาย) ก่อนลงรับ"
FORGED: Final = "น่าจะเป็นจดหมายปลอม อย่าลงรับก่อนสอบถามผู้ส่ง"

_SPF: Final = {
    "fail": "เครื่องที่ส่งไม่ใช่เครื่องที่ {d} อนุญาต (SPF)",
    "softfail": "เครื่องที่ส่งไม่อยู่ในรายการเครื่องของ {d} (SPF)",
    "neutral": "{d} ไม่ยืนยันว่าเครื่องที่ส่งเป็นของตน (SPF)",
    "permerror": "รายการเครื่องส่งที่ {d} ประกาศไว้เขียนผิด (SPF)",
    "temperror": "DNS ของ {d} ไม่ตอบ (SPF)",
    "none": "{d} ไม่ได้ประกาศว่าเครื่องใดส่งแทนได้ (SPF)",
    "pass": "เครื่องที่ส่งเป็นของ {d} ซึ่งไม่ใช่โดเมนของผู้ส่ง (SPF)",
}
_DKIM: Final = {
    "fail": "ลายเซ็น DKIM ของ {d} ไม่ถูกต้อง จดหมายถูกแก้ระหว่างทางหรือปลอมขึ้น",
    "policy": "ลายเซ็น DKIM ของ {d} ไม่รัดกุมพอที่จะเชื่อ",
    "permerror": "ลายเซ็นหรือกุญแจ DKIM ของ {d} ใช้ไม่ได้",
    "temperror": "DNS ของ {d} ไม่ตอบ จึงตรวจลายเซ็น DKIM ไม่ได้",
    "pass": "ลายเซ็น DKIM เป็นของ {d} ซึ่งไม่ใช่โดเมนของผู้ส่ง",
}
_ARC: Final = {
    "none": "ส่งต่อมาโดย {d} ซึ่งไม่ได้ตั้งไว้ให้เชื่อถือ (ARC)",
    "pass": "{d} ซึ่งส่งต่อมาก็ยืนยันผู้ส่งไม่ได้ (ARC)",
    "fail": "ตราที่ {d} ประทับเมื่อส่งต่อไม่ถูกต้อง (ARC)",
}
_MOST: Final = 4


def in_words(trust: Mapping[str, Any]) -> str:
    """Say who vouches for the sender, or why nobody does; "" for a letter without a verdict."""
    means = trust.get("means")
    if not means:
        return ""
    if means == "none":
        return f"{UNPROVEN}: {why_unproven(trust)}"
    return f"{PROVEN}: {_proof(trust, str(means), str(trust.get('domain', '')))}"


def what_to_do(trust: Mapping[str, Any]) -> str:
    """Say what an officer does before registering it; "" when the sender is proven."""
    if trust.get("means") != "none":
        return ""
    return FORGED if refused_by_owner(trust) else ASK


def refused_by_owner(trust: Mapping[str, Any]) -> str:
    """Give the author's domain if it asks that such a mail be refused (RFC 9989); else ""."""
    if trust.get("means") != "none":
        return ""
    for check in _checks(trust, "dmarc"):
        if check["result"] == "fail" and str(check.get("detail")).startswith("p=reject at "):
            return str(check["domain"])
    return ""


def why_unproven(trust: Mapping[str, Any]) -> str:
    """Say why nobody vouches for the sender, the weightiest first."""
    reasons = list(dict.fromkeys(_reasons(trust)))[:_MOST]
    return " · ".join(reasons) or "ไม่มีหลักฐานว่าส่งจากที่นั่นจริง"


def _proof(trust: Mapping[str, Any], means: str, domain: str) -> str:
    if means == "arc":
        sealer = next((c["domain"] for c in _checks(trust, "arc")), "")
        return f"{sealer} ซึ่งตั้งไว้ให้เชื่อถือ ตรวจแล้วว่าส่งจาก {domain} ก่อนส่งต่อมา (ARC)"
    server = _mailbox(trust)
    if server:
        return f"เครื่องของตู้จดหมาย ({server}) ตรวจแล้วว่าส่งจาก {domain}"
    return {
        "hosted": "ส่งจากหน่วยงานที่ใช้ระบบนี้",
        "signed_in": f"{trust.get('signed_in', '')} ลงชื่อเข้าใช้",
        "trusted_network": "ส่งผ่านเครื่องที่ตั้งไว้ให้เชื่อถือ",
        "dkim": f"ลายเซ็น DKIM ของ {domain} ถูกต้อง",
        "spf": f"ส่งจากเครื่องที่ {domain} อนุญาต (SPF)",
    }.get(means, domain)


def _mailbox(trust: Mapping[str, Any]) -> str:
    """Give the mailbox's own server where that is who vouches."""
    said = [str(c.get("detail")) for c in trust.get("checks") or ()]
    found = [one for one in said if one.startswith("as ") and one.endswith(" says")]
    return found[0][3:-5] if found else ""


def _reasons(trust: Mapping[str, Any]) -> Iterator[str]:
    detail = str(trust.get("detail", ""))
    if "forged in our name" in detail:
        yield "มีผู้เขียนผลการตรวจปลอมในชื่อระบบของเรา"
    if domain := refused_by_owner(trust):
        yield f"{domain} ประกาศไม่ให้รับจดหมายที่ยืนยันไม่ได้ (DMARC)"
    if "stands twice" in detail:
        yield f"หัวจดหมายมี {detail.partition(' ')[0]} ซ้ำกัน"
    if detail.startswith("DNS did not answer"):
        yield "DNS ไม่ตอบ จึงตรวจไม่ได้"
    signatures = _checks(trust, "dkim")
    for check in signatures:
        yield _DKIM.get(check["result"], "").format(d=check["domain"])
    author = next((c["domain"] for c in _checks(trust, "dmarc")), "")
    if author and not signatures:
        yield f"ไม่มีลายเซ็น DKIM ของ {author}"
    for method, words in (("spf", _SPF), ("arc", _ARC)):
        for check in _checks(trust, method):
            yield words.get(check["result"], "").format(d=check["domain"] or "ผู้ส่ง")


def _checks(trust: Mapping[str, Any], method: str) -> list[Mapping[str, Any]]:
    return [check for check in trust.get("checks") or () if check.get("method") == method]
