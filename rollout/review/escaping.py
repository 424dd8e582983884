"""Text from plans in which neither Markdown, HTML nor GitHub finds anything to do."""

from __future__ import annotations

import re

_SYNTAX = re.compile(r"[\\`*_\[\]{}~|!$]")
_REFERENCE = re.compile(r"([@#]|\bGH-)(?=\w)", re.IGNORECASE)
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto)(?=:)|\bwww(?=\.)")
_BEGIN = re.compile(r"^(?:\d+(?=[.)])|[-+](?=\s|$)|[-=]{2,}|#+(?=\s|$))")
_READ = 4  # of a value of megabytes, no more than this many times what is shown is looked at
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_IN_CODE = re.compile(r"[^A-Za-z0-9 .,:;()/+=-]")


def inline(text: str) -> str:
    """Text on one line, also within a table: no markup, no mention, no reference to an issue, no link."""
    line = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _SYNTAX.sub(lambda found: f"\\{found[0]}", line)
    line = _REFERENCE.sub(lambda found: f"{found[0]}<!-- -->", line)
    line = _LINK.sub(lambda found: f"{found[0]}<!-- -->", line)
    return _BEGIN.sub(lambda found: f"<!-- -->{found[0]}", line)  # neither a list nor a heading


def code(text: str) -> str:
    """Text on one line as code, also within a table."""
    line = one_line(text)
    if not line:
        return ""
    if "`" in line or "|" in line or line.endswith("\\"):  # a table is split before code is found
        return html_code(line)
    return f"`{line}`"


def html_code(text: str) -> str:
    """The same where HTML stands, such as in a summary, and Markdown is not read."""
    return f"<code>{_IN_CODE.sub(lambda found: f'&#{ord(found[0])};', one_line(text))}</code>"


def one_line(text: str) -> str:
    """Text without line breaks, control characters and marks that turn its direction."""
    return " ".join(_CONTROL.sub(" ", text).split())


def shortened(text: str, most: int) -> str:
    """The beginning of a text on one line, with a mark where something was left out."""
    line = one_line(text[: _READ * most])
    return line if len(line) <= most else f"{line[: most - 1]}…"
