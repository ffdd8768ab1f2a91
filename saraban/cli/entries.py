"""How an entry is printed by the commands: its number, its JSON, its lines."""

from typing import Any

from registry.letter.entry import Entry


def number_of(one: Entry) -> str:
    """Give the number as people say it, with ว or ลับ in front, in Arabic digits."""
    if one.series == "secret":
        return f"ลับ {one.number}"
    circular = one.series == "circular" or (one.book == "sent" and "/ว" in one.letter_number)
    return f"ว {one.number}" if circular else str(one.number)


def as_data(one: Entry, links_url: str) -> dict[str, Any]:
    """Give the entry as JSON, with whole addresses of its enclosures' pages."""
    data = one.as_json()
    for file in data["enclosures"]:
        if file["url"]:
            file["url"] = links_url + file["url"]
    return data
