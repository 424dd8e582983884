"""What AWS itself says after an apply, read with boto3 and independently of Terraform's state."""

from rollout.readback.check import Check, Clients
from rollout.readback.expected import Expected
from rollout.readback.leftovers import leftovers, scheduled
from rollout.readback.orders_api import read_back

__all__ = ["Check", "Clients", "Expected", "leftovers", "read_back", "scheduled"]
