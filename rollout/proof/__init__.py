"""A stack proven from Python to a running account: plan, scan, apply, read back, plan again, change, destroy."""

from rollout.proof.model import Observer, Outcome, ProofReport, StepResult
from rollout.proof.pipeline import Proof, Subject
from rollout.proof.step import run_step

__all__ = ["Observer", "Outcome", "Proof", "ProofReport", "StepResult", "Subject", "run_step"]
