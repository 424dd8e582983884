"""Texts with `${…}` in them: where expressions begin and end, and what of an expression is code and what is text."""

from __future__ import annotations

from collections.abc import Iterator

_PAIRS = {"(": ")", "[": "]", "{": "}"}


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each outermost `${…}` begins and ends; `$${` is a literal `${`."""
    at = 0
    while (start := text.find("${", at)) >= 0:
        if start and text[start - 1] == "$":
            at = start + 2
            continue
        at = bracket_end(text, start + 1)
        yield start, at


def bracket_end(text: str, start: int) -> int:
    """The position after the bracket that closes the one at `start`; quotes hide brackets, but not `${…}`."""
    return _end(text, start + 1, _PAIRS[text[start]])


def quote_end(text: str, start: int) -> int:
    """The position after the quote that closes the one at `start`."""
    return _end(text, start + 1, '"')


def _end(text: str, start: int, closing: str) -> int:
    """The position after `closing`; one beyond the end of the text where it never comes."""
    open_until, at = [closing], start
    while open_until and at < len(text):
        mark, step = text[at], 1
        if mark == open_until[-1]:
            open_until.pop()
        elif open_until[-1] != '"':
            if mark in _PAIRS or mark == '"':
                open_until.append(_PAIRS.get(mark, mark))
        elif mark == "\\":
            step = 2
        elif text.startswith("${", at) and text[at - 1] != "$":
            open_until.append("}")
            step = 2
        at += step
    return at if not open_until else len(text) + 1


def code(expression: str) -> Iterator[str]:
    """The parts of an expression that are code: without quoted texts, but with the `${…}` in these, and with keys."""
    at = begin = 0
    while at < len(expression):
        if expression[at] != '"':
            at += 1
            continue
        end = quote_end(expression, at)
        if not _is_key(expression, at):
            yield expression[begin:at]
            for start, stop in spans(expression[at + 1 : end - 1]):
                yield from code(expression[at + 1 + start + 2 : at + stop])
            begin = end
        at = end
    yield expression[begin:]


def _is_key(expression: str, quote: int) -> bool:
    """Whether the quoted text is the key of an index, as in `module.net["b"]`."""
    before = expression[quote - 2] if quote > 1 else ""
    return expression[quote - 1 : quote] == "[" and (before.isalnum() or before in ("_", "-", "]", "*"))
