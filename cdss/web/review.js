// The clinician's decision about an answer, kept with it.

import { postJson } from "./api.js";
import { byId } from "./dom.js";
import { asText } from "./answer.js";

let shown = null;

export function reviewOf(answer, question) {
  shown = answer;
  byId("review").reset();
  byId("review-said").textContent = "";
  byId("review-text").value = asText(answer, question);
  choose("");
}

function choose(decision) {
  byId("text-field").hidden = decision !== "edit";
  byId("review-text").required = decision === "edit";
  byId("reason-field").hidden = decision !== "edit" && decision !== "reject";
  byId("review-reason").required = decision === "reject";
}

export function wireReview() {
  byId("review").addEventListener("change", (event) => { if (event.target.name === "decision") choose(event.target.value); });
  byId("review").addEventListener("submit", async (event) => {
    event.preventDefault();
    const decision = new FormData(event.target).get("decision");
    const reason = byId("review-reason").value.trim();
    const body = { decision, ...(reason ? { reason } : {}), ...(decision === "edit" ? { text: byId("review-text").value } : {}) };
    try {
      const kept = await postJson(`../v1/answers/${encodeURIComponent(shown.id)}/review`, body);
      byId("review-said").textContent = `Saved: ${kept.decision}, ${new Date(kept.created_at).toLocaleTimeString()}.`;
    } catch (error) {
      byId("review-said").textContent = `Not saved: ${error.message}`;
    }
  });
}
