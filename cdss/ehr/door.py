"""What the EHR's door needs, opened once: settings, trust, the HTTP client, the journal, and what was found for drugs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2

from cdss.ehr import fhir_client
from cdss.ehr.call import HookCall
from cdss.ehr.cards import rendered
from cdss.ehr.fhir_client import FhirServer
from cdss.ehr.gather import Deadline, Gathered, gather
from cdss.ehr.journal import Journal
from cdss.ehr.order_cards import Asking, order_cards
from cdss.ehr.orders import Drafted, drafted, judge_order
from cdss.ehr.patient_view import patient_cards
from cdss.ehr.recommend import Recommendations
from cdss.ehr.smart import Smart
from cdss.ehr.trust import Trust
from cdss.patient import read_chart
from cdss.pipeline import Service
from cdss.reviews import Reviews
from cdss.settings import EhrSettings, Settings
from checkers.types import Patient

log = logging.getLogger(__name__)
_FETCHING = 0.6
"""Share of a call's time that fetching may take; the rest is for the rules."""


@dataclass(slots=True)
class Ehr:
    """Built at the entry point, closed with the application."""

    settings: EhrSettings
    trust: Trust
    http: httpx2.AsyncClient
    journal: Journal
    recommendations: Recommendations
    reviews: Reviews
    smart: Smart

    @classmethod
    def open(cls, settings: Settings) -> Ehr:
        """Raises ``NotRecorded`` if the journal cannot be opened."""
        if not settings.ehr.clients:
            log.warning(
                "ANYBODY WHO REACHES THIS ADDRESS MAY CALL THE CDS SERVICES: no client is listed in CDSS_EHR__CLIENTS. "
                "That is for demonstrations only."
            )
        http = fhir_client.client()
        journal = Journal.open(settings.home, tenant=settings.tenant)
        return cls(
            settings.ehr,
            Trust(settings.ehr.clients, http),
            http,
            journal,
            Recommendations(),
            Reviews.open(settings.home, tenant=settings.tenant),
            Smart(settings.ehr, http),
        )

    async def close(self) -> None:
        """Let go of connections and the database."""
        await self.http.aclose()
        self.journal.close()
        self.reviews.close()

    async def answer(
        self, call: HookCall, service: Service, *, actor: str, today: date, app_url: str
    ) -> dict[str, Any]:
        """The cards for ``call``, written down before they are given."""
        deadline = Deadline(self.settings.deadline_s)
        base = fhir_client.allowed(call.fhir_server, self.settings.fhir_servers)
        server = FhirServer(base, self.http, call.token) if base else None
        reason = (
            "no FHIR server was named" if call.fhir_server is None else "the FHIR server is not on the operator's list"
        )
        fetching = Deadline(self.settings.deadline_s * _FETCHING)
        gathered = await gather(call, server, deadline=fetching, reason=reason)
        return await service.work(self._answer, call, gathered, service, actor, today, app_url, deadline)

    def _answer(
        self,
        call: HookCall,
        gathered: Gathered,
        service: Service,
        actor: str,
        today: date,
        app_url: str,
        deadline: Deadline,
    ) -> dict[str, Any]:
        chart = read_chart(gathered.resources, as_of=today, partial=gathered.partial)
        asking = Asking(service, self.recommendations, chart, today, deadline)
        if call.service.hook == "patient-view":
            cards = patient_cards(asking)
        else:
            drafts = drafted(call.drafts, gathered.resources)
            cards = list(order_cards(drafts, call.selected, asking))
        response = rendered(cards, app_url=app_url)
        self.journal.write_call(service=call.service.id, instance=call.instance, actor=actor, cards=response["cards"])
        return response


def warm_up_rules() -> None:
    """Load the tables of the rules, which takes a second or more, before a clinician waits for it."""
    order = Drafted("amoxicillin 500 mg by mouth 3 times a day", "amoxicillin", {}, None)
    judge_order(order, Patient(age_years=40.0), as_of=date(2026, 1, 1))
