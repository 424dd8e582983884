"""The statements of one policy: JSON that is known, a constant text, or a data source `aws_iam_policy_document`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.iam.statement import Statement
from analysis.iam.templates import parsed
from analysis.plan import UNKNOWN, Links, Plan, Resource

_DOCUMENT = "aws_iam_policy_document"
_JSON = frozenset({"json", "minified_json"})
_DEEPEST = 16


@dataclass(frozen=True)
class Policy:
    """What one policy says.

    Attributes:
        statements: as far as they are known.
        unknown: what of it is not known; empty when all is.
        named: resources that the unknown parts name.
    """

    statements: tuple[Statement, ...] = ()
    unknown: tuple[str, ...] = ()
    named: tuple[Resource, ...] = ()

    def __or__(self, other: Policy) -> Policy:
        """Both together."""
        return Policy(
            (*self.statements, *other.statements),
            tuple(dict.fromkeys((*self.unknown, *other.unknown))),
            tuple(dict.fromkeys((*self.named, *other.named))),
        )


def policy_at(plan: Plan, resource: Resource, path: str, depth: int = 0) -> Policy:
    """The policy that stands at a dotted path of a resource."""
    value = resource.get(path)
    if value is None or value in ("", []):
        return Policy()
    if isinstance(value, str):
        return policy_of(plan, resource, value, is_template=False) or _unknown(plan, resource, path)
    result, rest = Policy(), False
    for text in plan.texts(resource, path):
        found = policy_of(plan, resource, text, is_template=True)
        result, rest = (result, True) if found is None else (result | found, rest)
    if result.statements and not rest:
        return result
    links = plan.links(resource, path)
    documents = [entry for entry, attribute in links.sources if entry.type == _DOCUMENT and attribute in _JSON]
    others = any(entry.type != _DOCUMENT for entry, _ in links.sources)
    strangers = any(name != path for name in links.unresolved)
    if not documents or others or strangers or depth > _DEEPEST:
        return _unknown(plan, resource, path)
    for document in documents:
        result |= document_policy(plan, document, depth + 1)
    return result


def document_policy(plan: Plan, document: Resource, depth: int = 0) -> Policy:
    """What a data source `aws_iam_policy_document` says, with the documents it is built upon."""
    text = document.get("json")
    if isinstance(text, str) and (known := policy_of(plan, document, text, is_template=False)) is not None:
        return known
    result = Policy()
    for path in ("source_json", "source_policy_documents", "override_json", "override_policy_documents"):
        result |= _merged(plan, document, path, depth)
    if document.get("statement") is UNKNOWN:
        return result | _unknown(plan, document, "statement")
    own = tuple(
        _statement_block(plan, document, f"statement.{i}", block.values)
        for i, block in enumerate(document.blocks("statement"))
    )
    return result | Policy(own)


def policy_of(plan: Plan, resource: Resource, text: str, *, is_template: bool) -> Policy | None:
    """The policy in a text; None when it is none that can be read."""
    if is_template:
        body = parsed(text)
    else:
        try:
            body = json.loads(text)
        except ValueError:
            return None
    if not isinstance(body, Mapping) or "Statement" not in body:
        return None
    listed = body["Statement"]
    entries = listed if isinstance(listed, list) else [listed]
    unread = [entry for entry in entries if not isinstance(entry, Mapping)]
    statements = tuple(
        _statement_text(plan, resource, entry, is_template=is_template)
        for entry in entries
        if isinstance(entry, Mapping)
    )
    unknown = (f"{resource.address} has a statement that only Terraform can evaluate",) if unread else ()
    return Policy(statements, unknown)


def _merged(plan: Plan, document: Resource, path: str, depth: int) -> Policy:
    value = document.get(path)
    if not isinstance(value, list):
        return policy_at(plan, document, path, depth)
    known, result = [entry for entry in value if isinstance(entry, str)], Policy()
    if len(known) == len(value):
        for text in known:
            found = policy_of(plan, document, text, is_template=False)
            result |= found if found is not None else _unknown(plan, document, path)
        return result
    return policy_at(plan, document, path, depth)


def _unknown(plan: Plan, resource: Resource, path: str) -> Policy:
    links = plan.links(resource, path)
    reason = f"{resource.address}.{path} is known only after apply"
    if resource.get(path) is not UNKNOWN:
        reason = f"{resource.address}.{path} is not a policy that can be read"
    return Policy(unknown=(reason,), named=links.resources)


def _statement_block(plan: Plan, document: Resource, path: str, block: Mapping[str, Any]) -> Statement:
    unknown = tuple(name for name in ("effect", "actions", "not_actions") if block.get(name) is UNKNOWN)
    principals, unknown_principals = _principals(
        (entry.get("type"), entry.get("identifiers"))
        for name in ("principals", "not_principals")
        for entry in _entries(block.get(name))
        if isinstance(entry, Mapping)
    )
    conditions = [entry for entry in _entries(block.get("condition")) if isinstance(entry, Mapping)]
    not_resources = block.get("not_resources")
    return Statement(
        source=document.address,
        effect=str(block.get("effect") or "Allow") if block.get("effect") is not UNKNOWN else "Allow",
        actions=_known(block.get("actions")),
        not_actions=_known(block.get("not_actions")),
        resources=_suffixes(plan, plan.links(document, f"{path}.{'not_resources' if not_resources else 'resources'}")),
        not_resources=bool(not_resources) if not_resources is not UNKNOWN else True,
        conditions={str(entry.get("variable")).lower(): _strings(entry.get("values")) for entry in conditions},
        operators=tuple(str(entry.get("test")) for entry in conditions),
        sid=str(block.get("sid") or ""),
        unknown=(*unknown, *unknown_principals),
        principals=principals,
        not_principals=bool(_entries(block.get("not_principals"))),
    )


def _statement_text(plan: Plan, resource: Resource, entry: Mapping[str, Any], *, is_template: bool) -> Statement:
    parts = {str(name).lower(): value for name, value in entry.items()}
    actions, not_actions = _entries(parts.get("action")), _entries(parts.get("notaction"))
    condition = parts.get("condition")
    tests = condition if isinstance(condition, Mapping) else {}
    named = parts.get("principal", parts.get("notprincipal"))
    principals, unknown_principals = _principals(
        named.items() if isinstance(named, Mapping) else [(entry, entry) for entry in _entries(named)]
    )
    unknown = tuple(
        name
        for name, texts in (("Action", actions), ("NotAction", not_actions), ("Effect", [parts.get("effect")]))
        if is_template and any("${" in str(text) for text in texts)
    )
    return Statement(
        source=resource.address,
        effect=str(parts.get("effect") or "Allow"),
        actions=_known(actions),
        not_actions=_known(not_actions),
        resources=_text_links(
            plan, resource, _entries(parts.get("resource", parts.get("notresource"))), is_template=is_template
        ),
        not_resources="notresource" in parts,
        conditions={
            str(key).lower(): _strings(values)
            for test in tests.values()
            if isinstance(test, Mapping)
            for key, values in test.items()
        },
        operators=tuple(str(name) for name in tests) if tests or not condition else ("unknown",),
        sid=str(parts.get("sid") or ""),
        unknown=(*unknown, *unknown_principals),
        principals=principals,
        not_principals="notprincipal" in parts,
    )


def _principals(given: Iterable[tuple[Any, Any]]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Principals by their kind, and the name of this part where some are not known."""
    found = dict[str, tuple[str, ...]]()
    is_unknown = False
    for kind, names in given:
        is_unknown |= kind is UNKNOWN or names is UNKNOWN or any(entry is UNKNOWN for entry in _entries(names))
        listed = tuple(entry for entry in _entries(names) if isinstance(entry, str))
        found[str(kind)] = (*found.get(str(kind), ()), *listed)
    return found, ("Principal",) if is_unknown else ()


def _text_links(plan: Plan, resource: Resource, texts: Sequence[Any], *, is_template: bool) -> Links:
    result = Links()
    for text in texts:
        if is_template and "${" in str(text):
            result |= plan.text_links(resource, str(text))
        else:
            owner = plan.owner(str(text))
            result |= Links(literals=(str(text),)) if owner is None else Links((owner,))
    return _suffixes(plan, result)


def _suffixes(plan: Plan, links: Links) -> Links:
    """What belongs to a resource of the plan, such as `ARN/*`, is the resource."""
    owned = {text: plan.owner(text.rstrip("*").rstrip("/:")) for text in links.literals}
    found = [entry for entry in owned.values() if entry is not None]
    rest = tuple(text for text, entry in owned.items() if entry is None)
    return Links(tuple(dict.fromkeys((*links.resources, *found))), rest, links.unresolved, links.sources)


def _entries(value: Any) -> Sequence[Any]:
    if value is None or value is UNKNOWN:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(str(entry) for entry in _entries(value))


def _known(value: Any) -> tuple[str, ...]:
    return tuple(_iterated(value))


def _iterated(value: Any) -> Iterator[str]:
    for entry in _entries(value):
        if isinstance(entry, str) and "${" not in entry:
            yield entry
