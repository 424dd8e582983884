"""A rollout as pure data: targets in waves, what happened to each, and what is to happen next.

Nothing here reads a clock, a file or a network; `rollout.adapters` does, and `rollout.running` puts both together.
"""
