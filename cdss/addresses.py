"""Addresses: which of them stay on this machine, and which may be sent what is known of a patient."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def trusted(url: str, *, may_receive_patient_data: bool, setting: str) -> str:
    """``url`` of a model, if it may be used: on this machine, or stated by the operator to be fit for patient data.

    ``setting`` names the variable by which the operator states it. Raises ``ValueError`` with what to do.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"a model's address begins with http:// or https:// and names a host, not {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a model's address holds no name and no password; there is a setting for its key")
    if not is_loopback(parts.hostname) and not may_receive_patient_data:
        raise ValueError(
            f"{parts.hostname} is another machine, and what is asked may hold facts about a patient. "
            f"State that it may receive them with {setting}=true, or name an address on this machine."
        )
    return url.rstrip("/")
