"""Sentences that both forms of the page share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from analysis.cost import usd
from rollout.review.model import Action, Amounts, BudgetRow, Group, Level, Loss, Review, Section

SIGNS = {Action.CREATE: "+", Action.UPDATE: "~", Action.REPLACE: "±", Action.DESTROY: "-", Action.FORGET: "○"}
"""A sign for each action, so that no color alone tells it."""

_NAMED = 3
_GRAVE = ("CRITICAL", "HIGH")


def counted(number: int, word: str, words: str = "") -> str:
    """Such as `1 target` and `2 targets`."""
    return f"{number:,} {word if number == 1 else words or f'{word}s'}"


def are(number: int, word: str, words: str = "") -> str:
    """Such as `1 target is` and `2 targets are`."""
    return f"{counted(number, word, words)} {'is' if number == 1 else 'are'}"


def named(texts: Sequence[str], most: int = _NAMED) -> str:
    """The first few, and how many more there are."""
    shown = ", ".join(texts[:most])
    return shown if len(texts) <= most else f"{shown} and {len(texts) - most:,} more"


def where(targets: Sequence[str], of: int) -> str:
    """Such as `37 of 40 targets`; the name where there is only one of several."""
    if len(targets) == of:
        return f"all {of:,} targets" if of > 1 else targets[0]
    return targets[0] if len(targets) == 1 else f"{len(targets):,} of {of:,} targets"


def headline(group: Group, of: int) -> str:
    """Such as `37 of 40 targets: the same 3 changes`."""
    same = "the same " if len(group.targets) > 1 else ""
    return f"{where(group.targets, of)}: {same}{counted(len(group.changes), 'change')}"


def by_action(review: Review) -> str:
    """Such as `2 destroyed, 3 changed`."""
    return ", ".join(f"{count:,} {action}" for action, count in review.counts.items() if count)


def level_of(review: Review) -> Level:
    """How much of a decision the page asks for."""
    worst = {row.kind for row in review.policies.new} if review.policies else set()
    stops = (
        any(loss.is_error for loss in review.losses),
        bool(worst & set(_GRAVE)),
        any(row.kind == "unreachable" for row in review.reach.new),
        any(row.verdict == "over" for row in review.budget),
        any(row.kind == "error" for row in review.forecast.new),
    )
    looks = (
        review.losses,
        worst,
        review.reach.new,
        review.forecast.new,
        [r for r in review.budget if r.verdict != "fits"],
    )
    return Level.STOP if any(stops) else Level.LOOK if any(looks) else Level.QUIET


def verdict(review: Review) -> str:
    """One line: what speaks against the change, the gravest first."""
    if not review.groups:
        return f"Nothing changes in {where(review.targets, len(review.targets))}."
    reasons = list(_reasons(review))
    head = {Level.STOP: "Needs a decision", Level.LOOK: "Worth a look", Level.QUIET: "Nothing was found against it"}
    total = len(review.targets)
    changed = [name for group in review.groups for name in group.targets]
    what = f"{by_action(review)} in {where(sorted(changed), total)}"
    unjudged = "; the policies were not judged" if review.policies is None else ""
    return f"{head[level_of(review)]}: {'; '.join(reasons) or what}{unjudged}."


def _reasons(review: Review) -> list[str]:
    destroyed, replaced = review.counts[Action.DESTROY], review.counts[Action.REPLACE]
    failing = sum(len(loss.targets) for loss in review.losses if loss.is_error)
    found = [
        _gone(destroyed, replaced, failing),
        _policies(review.policies),
        _verdicts(review.reach, "unreachable", "newly unreachable"),
        _verdicts(review.reach, "undecidable", "no longer decidable"),
        _over(review.budget),
        f"{counted(len(review.forecast.new), 'new warning')} of the forecast" if review.forecast.new else "",
    ]
    return [text for text in found if text]


def _gone(destroyed: int, replaced: int, failing: int) -> str:
    """Such as `2 resources are destroyed and 1 replaced, of which 2 lose data or fail`."""
    texts = [f"{destroyed:,} destroyed" if destroyed else "", f"{replaced:,} replaced" if replaced else ""]
    told = " and ".join(text for text in texts if text)
    first, _, rest = told.partition(" ")
    told = f"{first} {'resource is' if first == '1' else 'resources are'} {rest}" if told else ""
    return (
        f"{told}, of which {failing:,} {'loses data or fails' if failing == 1 else 'lose data or fail'}"
        if failing
        else told
    )


def _policies(section: Section | None) -> str:
    if section is None or not section.new:
        return ""
    worst = section.new[0].kind
    number = sum(len(row.targets) for row in section.new)
    return f"{counted(number, 'new policy finding')}, up to {worst}"


def _verdicts(section: Section, kind: str, words: str) -> str:
    number = sum(len(row.targets) for row in section.new if row.kind == kind)
    return f"{are(number, 'destination')} {words}" if number else ""


def _over(rows: Sequence[BudgetRow]) -> str:
    over = sum(len(row.scopes) for row in rows if row.verdict == "over")
    near = sum(len(row.scopes) for row in rows if row.verdict == "nearly used")
    texts = [f"{are(over, 'limit')} exceeded" if over else "", f"{are(near, 'limit')} nearly used up" if near else ""]
    return "; ".join(text for text in texts if text)


def totals(review: Review) -> tuple[tuple[str, str], ...]:
    """What stands in numbers at the top."""
    changed = sum(len(group.targets) for group in review.groups)
    found = [
        ("targets that change", f"{changed:,} of {len(review.targets):,}"),
        *((f"resources {action}", f"{count:,}") for action, count in review.counts.items() if count),
    ]
    if review.policies:
        found.append(("new policy findings", f"{sum(len(row.targets) for row in review.policies.new):,}"))
    if review.costs:
        found.append(("USD a month", signed(review.costs.total.change)))
    return tuple(found)


def signed(amount: Decimal) -> str:
    """An amount with its sign, in cents."""
    text = usd(abs(amount))
    return f"+{text}" if amount > 0 else f"-{text}" if amount < 0 else text


def from_to(amounts: Amounts) -> str:
    """Such as `10.00 → 12.50 (+2.50)`."""
    return f"{usd(amounts.before)} → {usd(amounts.after)} ({signed(amounts.change)})"


def loss_notes(loss: Loss) -> str:
    """What a loss means, in one cell."""
    wait = f"documented wait of up to {counted(loss.minutes, 'minute')}" if loss.minutes else ""
    return "; ".join(text for text in (*loss.notes, wait) if text) or "nothing that the plan tells"


def reason(loss: Loss) -> str:
    """Why it is destroyed or replaced."""
    if loss.action is Action.REPLACE:
        return ", ".join(loss.forced_by) or "the plan does not name the attribute"
    return "Terraform forgets it, AWS keeps it" if loss.action is Action.FORGET else "no longer configured"


def standing(section: Section, word: str = "finding") -> str:
    """What is not new, by number."""
    texts = [
        f"{counted(section.open, word)} still open" if section.open else "",
        f"{counted(section.mended, word)} mended" if section.mended else "",
        f"{counted(section.undecided, word)} not decidable" if section.undecided else "",
        section.note,
    ]
    found = "; ".join(text for text in texts if text)
    return f"{found[0].upper()}{found[1:]}." if found else ""


def no_amounts(review: Review) -> str:
    """What the sums leave out."""
    costs = review.costs
    if costs is None or not (costs.unpriced or costs.undeclared):
        return ""
    texts = [
        f"{counted(costs.unpriced, 'line')} without a known price or quantity" if costs.unpriced else "",
        f"{counted(costs.undeclared, 'line')} whose usage is not declared (--usage)" if costs.undeclared else "",
    ]
    return f"Not in the sums: {' and '.join(text for text in texts if text)}."


NO_POLICIES = "No findings of the policies were given: name the JSON of `lambdanet check --format json` with --check."
NO_COSTS = "No prices were given: name their folder with --prices."
