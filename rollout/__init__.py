"""Bringing reviewed plans to their targets: waves, gates and a journal."""
