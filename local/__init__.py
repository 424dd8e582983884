"""The local emulator: moto's server with the extensions that Terraform's AWS provider needs.

Nothing outside this package and the tests knows that a target is emulated: `Emulator` yields the environment
in which the same synthesized configuration is planned, applied and destroyed.
"""
