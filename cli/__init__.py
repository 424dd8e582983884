"""The command `lambdanet`."""
