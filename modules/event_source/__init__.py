"""Functions invoked by what they poll: queues, streams, tables."""
