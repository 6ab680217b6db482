// The page: question and patient in, stages and claims as they come, the whole answer, the decision.

import { ask, getJson, postJson, useKey } from "./api.js";
import { asText, claimItem, conflictBlock, showAnswer, showNotices } from "./answer.js";
import { byId, el, fill } from "./dom.js";
import { wirePassage } from "./passage.js";
import { currentPatient, showChart, wirePatient } from "./patient.js";
import { reviewOf, wireReview } from "./review.js";

const EXAMPLES = [
  "What dose of amoxicillin for a child with acute otitis media?",
  "First drug and dose in anaphylaxis?",
  "Anticoagulant in atrial fibrillation with poor kidney function?",
  "How long to treat an uncomplicated urinary infection in a woman?",
];
const STAGES = { retrieve: "Looking in the library", draft: "Drafting", repair: "Drafting again what the rules stopped", "fall back": "The model failed: taking sentences of the guidelines", decide: "Deciding what may be shown" };

let asking = null;
let last = null;

function stage(words, busy = false) {
  byId("stage").textContent = words;
  byId("stage").classList.toggle("busy", busy);
}

function begin() {
  fill(byId("alert"));
  fill(byId("claims"));
  fill(byId("beside"));
  byId("answer").hidden = byId("after").hidden = byId("review").hidden = true;
  byId("stop").hidden = false;
  byId("patient-facts").open = byId("examples").open = false;
  byId("provenance").textContent = byId("answer-line").textContent = "";
}

function on(event, data) {
  if (event === "stage") stage(`${STAGES[data.stage] ?? data.stage} …`, true);
  if (event === "passages") stage(`Found ${data.passages.length} passages …`, true);
  if (event === "claim") {
    byId("answer").hidden = false;
    byId("answer-line").textContent = "So far; each claim has passed the rules";
    byId("claims").append(claimItem(data.claim));
    byId("beside").append(...(data.conflicts ?? []).map(conflictBlock));
  }
}

async function submit(question) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const patient = currentPatient();
  begin();
  stage("Asking …", true);
  postJson("../v1/notices", { question }).then((found) => { if (mine === asking && !byId("alert").childElementCount) showNotices(found.notices); }, () => {});
  try {
    const answer = await ask({ question, ...(patient ? { patient } : {}) }, (event, data) => mine === asking && on(event, data), mine.signal);
    if (mine !== asking) return;
    last = { answer, question };
    showAnswer(answer);
    reviewOf(answer, question);
    stage("");
    byId("answer-heading").focus({ preventScroll: true });
    byId(byId("alert").childElementCount ? "alert" : "answer").scrollIntoView({ block: "start" });
  } catch (error) {
    if (mine !== asking) return;
    if (error.status === 401 || error.status === 403) askForKey();
    stage(whyNot(error));
  } finally {
    if (mine === asking) byId("stop").hidden = true;
  }
}

function whyNot(error) {
  if (error.name === "AbortError") return "Stopped. What stands here is not the whole answer.";
  if (error.status === 401) return "No answer yet: give your API key above, and the question is asked again.";
  return `No answer: ${error.message}`;
}

function askForKey() {
  byId("key").hidden = false;
  byId("key-field").value = "";
  byId("key-field").focus();
}

function takeKey(event) {
  event.preventDefault();
  useKey(byId("key-field").value);
  byId("key-field").value = "";
  byId("key").hidden = true;
  submit(byId("question").value.trim());
}

function wire() {
  const form = byId("ask");
  byId("key").addEventListener("submit", takeKey);
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(byId("question").value.trim()); });
  byId("question").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });
  byId("stop").addEventListener("click", () => asking?.abort());
  fill(byId("examples").querySelector("ul"), EXAMPLES.map((words) => el("li", {}, el("button", { type: "button", class: "link", on: { click: () => { byId("question").value = words; submit(words); } } }, words))));
  byId("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(asText(last.answer, last.question));
      stage("Copied with its citations.");
    } catch {
      stage("The browser does not allow copying here; select the text instead.");
    }
  });
  byId("print").addEventListener("click", () => window.print());
  wirePatient(factsChanged);
  wirePassage();
  wireReview();
}

function factsChanged() {
  if (last) stage("A fact has changed: ask again, the answer may change.");
}

async function start() {
  wire();
  showChart({});
  try {
    const session = await getJson("session");
    if (!session) return;
    showChart(session.chart);
    byId("patient-facts").open = session.chart.gaps.length > 0;
    if (session.question) byId("question").value = session.question;
  } catch {
    stage("The chart could not be had; the page works without a patient.");
  }
}

start();
