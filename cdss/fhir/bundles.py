"""Bundles: what a search found, and whether that is all of it. Source: hl7.org/fhir/R4/bundle.html and search.html.

A search is whole when it has no "next" link, holds as many matches as its ``total`` says, and tells of no error among its
entries. What is not whole is never treated as if it were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_RESOURCES = 5_000
"""Of one list. What is beyond is not read, and the list is then not whole."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its resources, where the next is, and why it cannot be whole even with all pages."""

    resources: tuple[Mapping[str, Any], ...] = ()
    following: str | None = None
    total: int | None = None
    flaw: str | None = None


def page(value: object) -> Page:
    """What ``value`` (a bundle, a lone resource, or whatever a client sends instead) holds."""
    if not isinstance(value, Mapping):
        return Page(flaw="it was not given" if value is None else "it is no FHIR resource")
    kind = value.get("resourceType")
    if kind == "OperationOutcome":
        return Page(flaw="the FHIR server answered with an error")
    if kind != "Bundle":
        return Page(resources=(value,)) if isinstance(kind, str) else Page(flaw="it is no FHIR resource")
    entries = value.get("entry")
    if entries is not None and not isinstance(entries, list):
        return Page(flaw="its entries cannot be read")
    entries = entries or []
    found: list[Mapping[str, Any]] = []
    flaw = "it is longer than is read" if len(entries) > MAX_RESOURCES else None
    for entry in entries[:MAX_RESOURCES]:
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if not isinstance(resource, Mapping) or resource.get("resourceType") == "OperationOutcome":
            flaw = flaw or "an entry of it cannot be read"
        else:
            found.append(resource)
    total = value.get("total")
    return Page(tuple(found), _next(value.get("link")), total if isinstance(total, int) else None, flaw)


def _next(links: object) -> str | None:
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("relation") == "next":
            address = link.get("url")
            return address if isinstance(address, str) else ""
    return None


def matches(resources: tuple[Mapping[str, Any], ...], kind: str) -> int:
    """How many of ``resources`` are of ``kind``: a total counts those, and not what was included with them."""
    return sum(one.get("resourceType") == kind for one in resources)
