"""Policies that are constant texts with `${…}` in them, as CDKTF writes them: JSON, or `jsonencode` of an object."""

from __future__ import annotations

import json
import re
from typing import Any

from analysis.plan.templates import bracket_end, quote_end, spans

_ENCODED = re.compile(r"^\s*\$\{\s*jsonencode\((?P<body>.*)\)\s*\}\s*$", re.DOTALL)
_MARK = "\u0000%d\u0000"
_MARKED = re.compile("\u0000(\\d+)\u0000")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
_WORDS = {"true": True, "false": False, "null": None}


def parsed(text: str) -> Any:
    """What a text with `${…}` holds, these left in its texts; None when it is neither JSON nor an encoded object."""
    encoded = _ENCODED.match(text)
    try:
        return _Object(encoded["body"]).whole() if encoded else _json(text)
    except (ValueError, IndexError, RecursionError):
        return None


def _json(text: str) -> Any:
    """JSON whose expressions may hold quotes of their own, which the text does not escape."""
    kept: list[str] = []
    out, at = [], 0
    for start, end in spans(text):
        out += [text[at:start], _MARK.replace("\u0000", "\\u0000") % len(kept)]
        kept.append(text[start:end])
        at = end
    return _restored(json.loads("".join((*out, text[at:]))), kept)


def _restored(value: Any, kept: list[str]) -> Any:
    if isinstance(value, str):
        return _MARKED.sub(lambda found: kept[int(found[1])], value)
    if isinstance(value, dict):
        return {_restored(name, kept): _restored(inner, kept) for name, inner in value.items()}
    return [_restored(inner, kept) for inner in value] if isinstance(value, list) else value


class _Object:
    """A value in HCL's own spelling: objects, lists, texts, numbers; anything else is kept as an expression."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def whole(self) -> Any:
        value = self._value()
        self._skip()
        if self._at < len(self._text):
            raise ValueError(self._text[self._at :])
        return value

    def _value(self) -> Any:
        self._skip()
        mark = self._text[self._at]
        if mark == "{":
            return self._object()
        if mark == "[":
            return self._list()
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in ",}]\n":
            inner = self._text[self._at]
            self._at = (
                bracket_end(self._text, self._at)
                if inner in "([{"
                else quote_end(self._text, self._at)
                if inner == '"'
                else self._at + 1
            )
        return _scalar(self._text[start : self._at].strip())

    def _object(self) -> dict[str, Any]:
        self._at += 1
        found: dict[str, Any] = {}
        while self._more("}"):
            start = self._at
            self._at = quote_end(self._text, start) if self._text[start] == '"' else self._until("=:")
            name = self._text[start : self._at].strip().strip('"')
            self._skip()
            if self._text[self._at] not in "=:":
                raise ValueError(name)
            self._at += 1
            found[name] = self._value()
        return found

    def _list(self) -> list[Any]:
        self._at += 1
        found = []
        while self._more("]"):
            found.append(self._value())
        return found

    def _more(self, closing: str) -> bool:
        self._skip(",")
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False

    def _until(self, marks: str) -> int:
        at = self._at
        while self._text[at] not in marks:
            at += 1
        return at

    def _skip(self, also: str = "") -> None:
        while self._at < len(self._text) and (self._text[self._at].isspace() or self._text[self._at] in also):
            self._at += 1


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.match(text):
        return float(text) if "." in text else int(text)
    if text.startswith('"') and quote_end(text, 0) == len(text):
        return _json(text)
    return f"${{{text}}}"
