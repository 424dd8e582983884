"""Texts in which values that look like secrets are covered, before anything is printed or written."""

from __future__ import annotations

import re

COVERED = "***"

_WHOLE = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # access key ids of AWS
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{30,}\b|\bglpat-[\w-]{20,}"  # tokens of GitHub and GitLab
    r"|\bxox[abeoprs]-[\w-]{10,}"  # of Slack
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON web tokens
    r"|\b[rs]k_(?:live|test)_\w{16,}"  # of Stripe
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)
_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)([^\s/@]+)(@)", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"""((?:password|passwd|pwd|secret(?:_?access)?_?key|client_?secret|auth_?token|api_?key|private_?key)\b["']?"""
    r"""\s*(?:=|:)\s*)("[^"]+"|'[^']+'|[^\s"',;)]+)""",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"""["']?(?:\$\{.*|true|false|null|none|\*+)["']?""", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without what looks like a key, a token or a password."""
    text = _WHOLE.sub(COVERED, text)
    text = _IN_ADDRESS.sub(rf"\1{COVERED}\3", text)
    return _ASSIGNED.sub(_cover, text)


def _cover(found: re.Match[str]) -> str:
    name, value = found.groups()
    return found.group() if _NO_SECRET.fullmatch(value) else f"{name}{COVERED}"
