"""openFDA drug labels: one JSON object a label, each section one run of text, tables beside it as HTML.

Format: https://open.fda.gov/apis/drug/label/searchable-fields/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

from guidelines.types import Metadata
from ingest.readers.compose import Composer, squeeze
from ingest.readers.dates import read_date
from ingest.readers.decode import decode, tidy
from ingest.readers.openfda_sections import Section, write_section
from ingest.types import NotAGuidelineError, Reading, UnreadableError

_NO_SECTIONS = frozenset("set_id id version effective_time openfda meta results".split())
_LISTINGS = frozenset(("spl_product_data_elements", "package_label_principal_display_panel"))
"""Ingredient codes and the printing on the box: no guidance in them."""
_LABEL_FIELDS = frozenset(
    "indications_and_usage dosage_and_administration contraindications warnings warnings_and_cautions boxed_warning purpose"
    " active_ingredient adverse_reactions drug_interactions".split()
)
_TABLE = "_table"
_MAX_TEXTS = 1000
"""The longest labels have some fifty sections and a hundred tables."""
_APPLICATION = re.compile(r"(?:NDA|ANDA|BLA)\d+")


def read(data: bytes, name: str) -> Reading:
    """Read one openFDA label. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    del name
    text, decoding = decode(data)
    if not text.strip():
        raise NotAGuidelineError("empty")
    label = _label(_parse(text))
    fields = {key: strings for key, value in label.items() if key not in _NO_SECTIONS and (strings := _strings(value))}
    if sum(map(len, fields.values())) > _MAX_TEXTS:
        raise UnreadableError(f"more than {_MAX_TEXTS} texts in one label; that is no drug label")
    notes = list(decoding)
    listings = [key for key in _LISTINGS if fields.pop(key, None)]
    if listings:
        notes.append(f"left out: {', '.join(sorted(listings))}")
    composer = Composer()
    sections = [
        Section(key, strings, fields.get(key + _TABLE, ()))
        for key, strings in fields.items()
        if not key.endswith(_TABLE)
    ]
    orphans = [key for key in fields if key.endswith(_TABLE) and key.removesuffix(_TABLE) not in fields]
    sections += [Section(key.removesuffix(_TABLE), (), fields[key]) for key in orphans]
    drug = _drug_names(label)
    repeated = [section.key for section in sections if not write_section(composer, section, sections, drug)]
    if repeated:
        notes.append(f"repeated within another section, kept there only: {', '.join(repeated)}")
    if not composer.blocks:
        raise NotAGuidelineError("a drug label without text")
    return Reading(
        text=composer.text,
        blocks=tuple(composer.blocks),
        metadata=_metadata(label),
        notes=(*notes, *composer.notes),
        media_type="application/json",
    )


def _parse(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except RecursionError:
        raise UnreadableError("JSON nested too deep") from None
    except ValueError as error:
        raise UnreadableError(f"not valid JSON: {str(error)[:120]}") from None
    return parsed


def _label(parsed: object) -> Mapping[str, object]:
    """The one label in a file: the object itself, or the only result of a saved query."""
    if isinstance(parsed, dict) and isinstance(parsed.get("results"), list):
        labels = [result for result in parsed["results"] if _is_label(result)]
        if len(labels) > 1:
            raise NotAGuidelineError(f"holds {len(labels)} drug labels; save each in a file of its own")
        parsed = labels[0] if labels else None
    if not isinstance(parsed, dict) or not _is_label(parsed):
        raise NotAGuidelineError("JSON, but no openFDA drug label")
    return parsed


def _is_label(value: object) -> bool:
    return isinstance(value, dict) and any(_strings(value.get(key)) for key in _LABEL_FIELDS)


def _strings(value: object) -> list[str]:
    """The texts of a field, which is a list of texts, or one."""
    values: Iterable[object] = value if isinstance(value, list) else (value,)
    return [text for item in values if isinstance(item, str) and (text := tidy(item).strip())]


def _drug_names(label: Mapping[str, object]) -> frozenset[str]:
    """Every word of the drug's names, in lower case."""
    names = label.get("openfda")
    listed = (
        [*_strings(names.get("brand_name")), *_strings(names.get("generic_name"))] if isinstance(names, dict) else []
    )
    return frozenset(word for name in listed for word in name.casefold().split() if len(word) > 3)


def _metadata(label: Mapping[str, object]) -> Metadata:
    names = label.get("openfda")
    names = names if isinstance(names, dict) else {}
    brand, generic, maker, application = (
        _line(names.get(key)) for key in ("brand_name", "generic_name", "manufacturer_name", "application_number")
    )
    approved = bool(application and _APPLICATION.fullmatch(application))
    version, effective = _line(label.get("version")), _effective(label.get("effective_time"))
    edition = ", ".join(part for part in (f"version {version}" if version else "", str(effective or "")) if part)
    set_id = _line(label.get("set_id")) or _line(names.get("spl_set_id"))
    identifier = set_id or application
    return Metadata(
        title=_title(brand, generic, approved=approved),
        work=f"drug-label-{identifier.casefold()}" if identifier else None,
        publisher=maker,
        edition=edition or None,
        effective_date=effective,
        jurisdiction="US" if approved else None,
        reference=f"set id {set_id}" if set_id else application,
    )


def _title(brand: str | None, generic: str | None, *, approved: bool) -> str | None:
    if generic and generic.isupper():
        generic = generic.lower()
    name = brand or generic
    if brand and generic and brand.casefold() != generic.casefold():
        name = f"{brand} ({generic})"
    return f"{name}: {'FDA label' if approved else 'drug label'}" if name else None


def _effective(value: object) -> date | None:
    text = _line(value)
    return read_date(text) if text and re.fullmatch(r"\d{8}", text) else None


def _line(value: object) -> str | None:
    """The first text of a field on one line, at most 200 characters of it; a whole number counts as its digits."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
        return str(value)
    return squeeze(next(iter(_strings(value)), ""))[:200].strip() or None
