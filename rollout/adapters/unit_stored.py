"""Plans as they stand in the store: kept whole, and taken only as they were reviewed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from rollout.adapters.terraform_plan import Plan
from rollout.domain.digest import plan_digest
from rollout.domain.errors import StoreError
from rollout.domain.model import PlanFacts, Run, RunTarget
from rollout.domain.plan_facts import facts_of
from rollout.domain.ports import AllowedDestroy, Part, RunStore
from rollout.domain.serialized import facts_as_json


@dataclass(frozen=True)
class Stored:
    """A reviewed plan.

    Attributes:
        root: the packed root.
        plan: the plan file.
        document: output of `terraform show -json` for the plan.
        is_empty: whether it changes nothing.
    """

    root: bytes = field(repr=False)
    plan: bytes = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    is_empty: bool


def kept(
    store: RunStore,
    run: Run,
    target: RunTarget,
    plan: Plan,
    *,
    root: bytes,
    planned_at: datetime,
    expires_at: datetime,
    allowed: Iterable[AllowedDestroy],
) -> PlanFacts:
    """Keep a plan with its root, and tell its facts, which are kept last.

    Raises:
        StoreError: the store cannot be written.
    """
    content = plan.path.read_bytes()
    plan_json = json.dumps(plan.document, separators=(",", ":"), sort_keys=True).encode()
    digest = plan_digest(
        plan=content,
        plan_json=plan_json,
        root=root,
        suite_version=run.suite_version,
        planned_at=planned_at,
        expires_at=expires_at,
    )
    facts = facts_of(
        plan.document,
        target=target.name,
        digest=digest,
        planned_at=planned_at,
        expires_at=expires_at,
        allowed=allowed,
    )
    parts = {
        Part.ROOT: root,
        Part.PLAN: content,
        Part.PLAN_JSON: plan_json,
        Part.FACTS: json.dumps(facts_as_json(facts), sort_keys=True).encode(),
    }
    for part, bytes_of in parts.items():
        store.put(run.id, target.name, part, bytes_of)
    return facts


def stored(
    store: RunStore, run: Run, target: RunTarget, facts: PlanFacts, *, allowed: Iterable[AllowedDestroy]
) -> Stored:
    """The plan that has these facts.

    Raises:
        StoreError: a part is missing, or plan, root or facts are not those reviewed.
    """
    root, plan, plan_json = (store.get(run.id, target.name, part) for part in (Part.ROOT, Part.PLAN, Part.PLAN_JSON))
    digest = plan_digest(
        plan=plan,
        plan_json=plan_json,
        root=root,
        suite_version=run.suite_version,
        planned_at=facts.planned_at,
        expires_at=facts.expires_at,
    )
    if digest != facts.digest:
        raise StoreError(
            f"{target.name}: what the store holds as its plan has the digest {digest[:12]}…, and {facts.digest[:12]}… "
            "was reviewed; only the reviewed plan is applied; plan it again and review it"
        )
    document = json.loads(plan_json)
    found = facts_of(
        document,
        target=target.name,
        digest=digest,
        planned_at=facts.planned_at,
        expires_at=facts.expires_at,
        allowed=allowed,
    )
    if found.protected:
        raise StoreError(
            f"{target.name}: its plan destroys {', '.join(found.protected)}; what holds data is destroyed only where "
            "allow_destroy of environments/rollout.yaml says so with a reason; add that, and plan it again"
        )
    wrong = [each.name for each in fields(PlanFacts) if getattr(found, each.name) != getattr(facts, each.name)]
    if set(wrong) - {"protected"}:
        raise StoreError(
            f"{target.name}: {', '.join(wrong)} of its reviewed plan are not those of the plan in the store; only the "
            "reviewed plan is applied; plan it again and review it"
        )
    return Stored(root, plan, document, facts.is_empty)
