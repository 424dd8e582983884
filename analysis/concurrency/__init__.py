"""Concurrency ledger: what the functions of an account and region reserve and keep ready, against its quota."""

from __future__ import annotations

from analysis.concurrency.checks import AccountConcurrency, place_of, snapshot_warnings
from analysis.concurrency.configurations import functions_of_config
from analysis.concurrency.documents import functions_of_document
from analysis.concurrency.ledger import AccountLedger, FunctionConcurrency, ledgers

__all__ = [
    "AccountConcurrency",
    "AccountLedger",
    "FunctionConcurrency",
    "functions_of_config",
    "functions_of_document",
    "ledgers",
    "place_of",
    "snapshot_warnings",
]
