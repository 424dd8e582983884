"""Checkov's checks, run in Checkov's own environment: `python -m policies.runner` judges one input after the other.

What it imports of Checkov is imported nowhere else. `policies.checkov` starts it and holds its answers against what
was given.
"""
