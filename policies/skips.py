"""Checks that a resource skips, written on the construct and carried into `cdk.tf.json`.

    construct.add_override("//.checkov", {"skip": [{"id": "CKV_AWS_117", "comment": "why it is right here"}]})

`//.lambdanet.skip` has the same form. A plan does not hold them, so they are read from the `cdk.tf.json` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.core.errors import PolicyError

SKIP_KEYS = ("checkov", "lambdanet")
"""What below `//` holds skips."""
_FORM = 'a skip reads {"id": "CKV_AWS_117", "comment": "the reason"}'


@dataclass(frozen=True, order=True)
class Skip:
    """One check that one resource skips.

    Attributes:
        id: id of the check.
        reason: why.
    """

    id: str
    reason: str


Skips = Mapping[str, tuple[Skip, ...]]
"""Skips by address of the resource, without instance keys; data sources begin with `data.`."""


def read_skips(document: Mapping[str, Any], place: str) -> dict[str, tuple[Skip, ...]]:
    """The skips in one file of synthesized JSON.

    Args:
        document: such as the content of `cdk.tf.json`.
        place: what it is, for messages.

    Raises:
        PolicyError: a skip has another form, or no reason.
    """
    found: dict[str, tuple[Skip, ...]] = {}
    for address, body in _bodies(document):
        notes = body.get("//")
        if not isinstance(notes, Mapping):
            continue
        skips = [skip for key in SKIP_KEYS if key in notes for skip in _read(notes[key], f"{place} {address} //.{key}")]
        if skips:
            found[address] = tuple(sorted(skips))
    return found


def _bodies(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block, prefix in (("resource", ""), ("data", "data.")):
        types = document.get(block)
        for kind, named in types.items() if isinstance(types, Mapping) else ():
            for name, body in named.items() if isinstance(named, Mapping) else ():
                for part in body if isinstance(body, list) else [body]:
                    if isinstance(part, Mapping):
                        yield f"{prefix}{kind}.{name}", part


def _read(note: object, where: str) -> Iterator[Skip]:
    skips = note.get("skip", []) if isinstance(note, Mapping) else None
    if not isinstance(skips, list):
        raise PolicyError(f"{where}: holds no list of skips; {_FORM}; write skip as a list of such")
    for number, entry in enumerate(skips, 1):
        fields = entry if isinstance(entry, Mapping) else {}
        check, reason = fields.get("id"), fields.get("comment")
        if not isinstance(check, str) or not check.strip():
            raise PolicyError(f"{where}.skip {number}: names no check; {_FORM}; write its id")
        if not isinstance(reason, str) or not reason.strip():
            raise PolicyError(
                f"{where}.skip {number}: {check} is skipped without a reason; whoever reads the findings must see "
                f"why; {_FORM}; write the comment"
            )
        yield Skip(check.strip(), " ".join(reason.split()))
