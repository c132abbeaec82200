"""Addresses: which of them name this machine, and to which one may speak in confidence."""

import re
from ipaddress import ip_address
from typing import TypeGuard
from urllib.parse import urlsplit

_PLAIN = re.compile(r"[!-\[\]^-~]+", re.ASCII)
"""No blanks, controls or backslashes: parsers differ about where a host ends in those."""


def is_loopback(host: str) -> bool:
    """Whether a host names this machine and nothing else."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_confidential(url: object) -> TypeGuard[str]:
    """Whether nobody on the way can read or change what is said there: https, or http on this machine."""
    if not isinstance(url, str) or not _PLAIN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or "#" in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_issuer(url: str) -> bool:
    """Whether it can name an OpenID provider (OpenID Connect Discovery 1.0, section 3)."""
    return is_confidential(url) and "?" not in url
