"""``POST /v1/answers/{id}/review``: accept, edit or reject an answer; and what was decided."""

from __future__ import annotations

from fastapi import APIRouter

from cdss.api.problems import responses
from cdss.api.state import EhrNow, ServiceNow
from cdss.reviews import GivenReview, KeptReview

router = APIRouter(tags=["answers"])


@router.post("/v1/answers/{answer_id}/review", status_code=201, responses=responses(404, 422, 503))
def post_review(answer_id: str, review: GivenReview, service: ServiceNow, ehr: EhrNow) -> KeptReview:
    """Keep a decision with the answer."""
    service.record.read(answer_id)
    return ehr.reviews.write(answer_id, review, actor=service.settings.actor)


@router.get("/v1/answers/{answer_id}/reviews", responses=responses(404, 503))
def get_reviews(answer_id: str, service: ServiceNow, ehr: EhrNow) -> list[KeptReview]:
    """All decisions about an answer, the first first."""
    service.record.read(answer_id)
    return ehr.reviews.read(answer_id)
