"""Rollouts carried out: planned, applied wave by wave, resumed, taken back."""
