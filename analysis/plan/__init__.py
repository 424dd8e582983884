"""A Terraform plan, read: resources, what they refer to, and what is unknown. Any AWS plan, written by hand or not."""

from analysis.plan.json_file import MAX_MEGABYTES
from analysis.plan.links import Links
from analysis.plan.plan import Change, Plan
from analysis.plan.read import read_plan, read_plans
from analysis.plan.resource import Block, Resource
from analysis.plan.synthesized import read_synthesized, synthesized_plan
from analysis.plan.values import UNKNOWN, Unknown

__all__ = [
    "MAX_MEGABYTES",
    "UNKNOWN",
    "Block",
    "Change",
    "Links",
    "Plan",
    "Resource",
    "Unknown",
    "read_plan",
    "read_plans",
    "read_synthesized",
    "synthesized_plan",
]
