"""Measured ratios: a cold synth against the plain way, and against checking the configuration only."""
