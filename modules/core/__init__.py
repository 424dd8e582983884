"""What every module shares: names, tags, tokens, errors, AWS limits, and the engine."""
