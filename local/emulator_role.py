"""The role through which the emulator's users reach its further accounts."""

EMULATOR_ROLE = "lambdanet"
