"""Releases: an alias is shifted to the newest version of its function by CodeDeploy, and back.

Python over boto3: no shell, no AWS command line. What is shifted stands in the stack's output `releases`.
"""

from rollout.release.aws import client_config
from rollout.release.errors import ReleaseError, UnsettledError
from rollout.release.model import Observer, Outcome, Result
from rollout.release.options import Clock, OnFailure, OnInterrupt, ShiftOptions
from rollout.release.plan_model import Action, ShiftPlan
from rollout.release.planning import plan
from rollout.release.pruning import PrunePlan, plan_prune, prune
from rollout.release.rolling_back import RollbackPlan, plan_rollback, rollback
from rollout.release.shifting import shift
from rollout.release.target import ReleaseTarget, release_targets

__all__ = [
    "Action",
    "Clock",
    "Observer",
    "OnFailure",
    "OnInterrupt",
    "Outcome",
    "PrunePlan",
    "ReleaseError",
    "ReleaseTarget",
    "Result",
    "RollbackPlan",
    "ShiftOptions",
    "ShiftPlan",
    "UnsettledError",
    "client_config",
    "plan",
    "plan_prune",
    "plan_rollback",
    "prune",
    "release_targets",
    "rollback",
    "shift",
]
