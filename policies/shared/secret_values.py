"""What looks like a secret: names of variables, forms of known keys, and values that are random."""

from __future__ import annotations

import math
import re
from collections import Counter

from analysis.plan import Plan

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_STRONG = re.compile(r"(?:^|_)(?:PASSWORD|PASSWD|PWD|PASSPHRASE)(?:_|$)")
_WEAK = re.compile(
    r"(?:^|_)(?:SECRET|TOKEN|CREDENTIALS?|API_?KEY|(?:PRIVATE|ACCESS|SECRET|ENCRYPTION|SIGNING|AUTH|MASTER)_?KEY)(?:_|$)"
)
_OF_SOMETHING_ELSE = re.compile(
    r"_(?:ALGORITHM|ALIAS|ARNS?|AUDIENCE|BUCKET|COUNT|DAYS|ENABLED|ENDPOINT|EXPIRATION|EXPIRY|FIELD|FILE|HEADER|HOST|"
    r"IDS?|ISSUER|LENGTH|LIFETIME|LIMIT|LOCATION|MANAGER|MINUTES|NAMES?|NAMESPACE|PARAM|PARAMETER|PATHS?|POLICY|PREFIX|"
    r"PROVIDER|REF|REGION|REQUIRED|ROTATION|SCOPES?|SECONDS|SIZE|STORE|TABLE|TTL|TYPE|URI|URL|VERSION)$"
)
"""Endings of names that say where a secret is, or something of it, and not what it is."""

_FORMS = {
    re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"): "an access key ID of AWS",
    re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"): "a private key",
    re.compile(r"[a-zA-Z][\w+.-]*://[^/\s:@]*:[^/\s@]+@"): "a URL with a password",
    re.compile(r"(?<!\w)gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,}"): "a token of GitHub",
    re.compile(r"(?<!\w)glpat-[\w-]{20,}"): "a token of GitLab",
    re.compile(r"(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,}"): "a token of Slack",
    re.compile(r"(?<!\w)(?:sk|rk)_live_[A-Za-z0-9]{16,}"): "a key of Stripe",
    re.compile(r"(?<!\w)AIza[\w-]{35}(?!\w)"): "an API key of Google",
    re.compile(r"(?<!\w)eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"): "a JSON web token",
    re.compile(r"(?i)(?:^|[;\s])(?:password|pwd)=[^;\s]+"): "a connection string with a password",
}
_PUBLIC = re.compile(
    r"(?:^|_)(?:CERT|CERTIFICATE|CHECKSUM|CLASS|CODE|COMMIT|DIGEST|ETAG|FINGERPRINT|HANDLER|HASH|ID|IDS|KID|NAME|NAMES|"
    r"PUBLIC|SHA|SHA1|SHA256|SHA512|SITE_KEY|URL|VERSION)(?:_|$)"
)
_RANDOM = re.compile(r"[A-Za-z0-9+/=]{32,}")
_OF_AWS = 40
"""Characters of a secret access key (IAM guide, manage access keys)."""
_LEAST_BITS, _LEAST_DIGITS = 4.4, 3
"""Entropy for each character, and digits, of what is random; names and paths have less."""


def secret_name(name: str) -> bool:
    """Whether a variable's name says that it holds a secret, and not where one is."""
    return _says(_STRONG, name) or _says(_WEAK, name)


def secret_in(plan: Plan, name: str, value: str) -> str:
    """What secret the value of a variable is; empty where it is none. The value itself is never told."""
    if not value or value.startswith(("arn:", "{{resolve:")):
        return ""
    form = next((what for form, what in _FORMS.items() if form.search(value)), "")
    if form:
        return form
    if _is_address(plan, value):
        return ""
    if _says(_STRONG, name):
        return "what its name says, a password"
    if _says(_WEAK, name) and not _is_harmless(value):
        return "what its name says, a secret"
    return "a random value, as secrets are" if _is_random(name, value) else ""


def _says(pattern: re.Pattern[str], name: str) -> bool:
    words = _WORDS.sub("_", name).upper()
    return pattern.search(words) is not None and _OF_SOMETHING_ELSE.search(words) is None


def _is_address(plan: Plan, value: str) -> bool:
    """Whether a value names a secret or a parameter, or where one lies."""
    named = plan.owner(value, "aws_secretsmanager_secret", "aws_ssm_parameter")
    return named is not None or value.startswith(("/", "./")) or value.lower() in {"true", "false", "null", "none"}


def _is_harmless(value: str) -> bool:
    """A number, a URL without a password, or a name with a path, as secrets of Secrets Manager have."""
    return value.isdecimal() or "://" in value or re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+", value) is not None


def _is_random(name: str, value: str) -> bool:
    words = _WORDS.sub("_", name).upper()
    if _PUBLIC.search(words) or ("/" in value and len(value) != _OF_AWS):
        return False
    least = 1 if len(value) == _OF_AWS else _LEAST_DIGITS
    if not _RANDOM.fullmatch(value) or sum(map(str.isdigit, value)) < least:
        return False
    is_mixed = any(map(str.islower, value)) and any(map(str.isupper, value))
    return is_mixed and _bits(value) >= _LEAST_BITS


def _bits(value: str) -> float:
    """Entropy for each character."""
    shares = (count / len(value) for count in Counter(value).values())
    return -sum(share * math.log2(share) for share in shares)
