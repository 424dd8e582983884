"""AWS Signer: the list of signing profiles.

moto 5.2.5 describes a profile by its name, and has no action to list them.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.signer.responses import SignerResponse
from moto.signer.urls import url_paths

from local.extensions.patching import add_action, add_path


def install() -> None:
    """Extend moto."""
    add_action(SignerResponse, list_signing_profiles)
    add_path(url_paths, "{0}/signing-profiles$", SignerResponse)


def list_signing_profiles(response: Any) -> str:
    """Describe the profiles, on one page; cancelled ones only when asked for."""
    wants_canceled = response.querystring.get("includeCanceled", ["false"])[0] == "true"
    profiles = [profile.to_dict() for profile in response.signer_backend.signing_profiles.values()]
    return json.dumps({"profiles": [p for p in profiles if wants_canceled or p["status"] == "Active"]})
