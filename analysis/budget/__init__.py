"""Budgets: what plans use of quotas, addresses, concurrency and connections, before anything exists."""

from __future__ import annotations

from analysis.budget.budget import budget
from analysis.budget.limits import WARN_PERCENT
from analysis.budget.model import Budget, Limit, Row, Share, Verdict

__all__ = ["WARN_PERCENT", "Budget", "Limit", "Row", "Share", "Verdict", "budget"]
