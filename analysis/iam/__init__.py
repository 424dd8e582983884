"""What an IAM role may do, as far as a plan tells: every policy of it, in whatever form it is written."""

from analysis.iam.roles import Policies, RolePolicies, allowed
from analysis.iam.statement import Statement, covers, overlaps

__all__ = ["Policies", "RolePolicies", "Statement", "allowed", "covers", "overlaps"]
