"""Records as lines of a journal, and back: one JSON object a line, with a checksum, whole or not there at all.

A line counts once its line feed is written. What follows the last one was torn when its writer was killed, has never
been acknowledged, and is left out; everything else that is not as it was written is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rollout.domain.errors import StoreError
from rollout.domain.records import Draft, Record

_CHECKSUM = b',"checksum":"'
_CHECKSUM_DIGITS = 16
_FIX = "nothing of this run can be trusted; restore the journal from a copy, or plan a new run"


@dataclass(frozen=True)
class Records:
    """What a journal holds.

    Attributes:
        records: in the order of the lines.
        torn_bytes: length of the last line, where its writer was killed before its end; 0 otherwise.
        lines: how many lines there are, those before included.
        numbers: number of each subject's last record.
    """

    records: tuple[Record, ...]
    torn_bytes: int = 0
    lines: int = 0
    numbers: Mapping[str, int] = field(default_factory=dict)


def record_line(record: Record) -> bytes:
    """The record as a line, with its checksum and line feed.

    Raises:
        ValueError: it has no time zone, or its details are not plain JSON values.
        TypeError: as above.
    """
    if record.at.tzinfo is None:
        raise ValueError(f"{record.subject}: a record's time has a time zone")
    fields = {
        "number": record.number,
        "at": record.at.isoformat(),
        "by": record.by,
        "subject": record.subject,
        "state": record.state,
        "reason": record.draft.reason,
        "details": dict(record.draft.details),
    }
    body = json.dumps(fields, separators=(",", ":"), allow_nan=False).encode()
    return body[:-1] + _CHECKSUM + _checksum(body[:-1]) + b'"}\n'


def read_records(
    data: bytes, *, where: str = "journal", lines_before: int = 0, numbers: Mapping[str, int] | None = None
) -> Records:
    """The records of a journal, or of what was added to one.

    Args:
        data: whole lines, and perhaps a torn one at the end.
        where: the journal, as people know it.
        lines_before: how many lines were read before.
        numbers: number of each subject's last record among those.

    Raises:
        StoreError: a line is not as it was written, or one before it is missing.
    """
    whole, _, torn = data.rpartition(b"\n")
    last = dict(numbers or {})
    records = []
    lines = whole.split(b"\n") if b"\n" in data else []
    for line_number, line in enumerate(lines, lines_before + 1):
        record = _record(line, f"{where} line {line_number}")
        expected = last.get(record.subject, 0) + 1
        if record.number != expected:
            raise StoreError(
                f"{where} line {line_number}: record {record.number} of {record.subject} stands where record "
                f"{expected} belongs; records are numbered without gaps; {_FIX}"
            )
        last[record.subject] = record.number
        records.append(record)
    return Records(tuple(records), len(torn), lines_before + len(lines), last)


def _record(line: bytes, where: str) -> Record:
    body, mark, rest = line.rpartition(_CHECKSUM)
    if not mark or rest != _checksum(body) + b'"}':
        raise StoreError(f"{where}: its checksum does not match; the line is not as it was written; {_FIX}")
    try:
        fields: dict[str, Any] = json.loads(body + b"}")
        at = datetime.fromisoformat(fields["at"])
        draft = Draft(fields["subject"], fields["state"], fields["reason"], fields["details"])
        record = Record(fields["number"], at, fields["by"], draft)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{where}: is no record of a rollout; another program wrote it; {_FIX}") from error
    return record


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:_CHECKSUM_DIGITS].encode()
