// An answer: claims with quotes and findings, what was withheld and why, sources that disagree, what was not checked.

import { byId, el, fill, sentence } from "./dom.js";
import { openPassage } from "./passage.js";
import { openFact } from "./patient.js";

const VERDICTS = { release: "All rules passed", review: "For your review", withhold: "Withheld" };
const EMERGENCY = /call for help/i;

/** The section without the title that many documents repeat as their first heading. */
const section = (quote) => (quote.section.startsWith(`${quote.title} > `) ? quote.section.slice(quote.title.length + 3) : quote.section === quote.title ? "" : quote.section);

const place = (quote) =>
  [quote.title, section(quote), quote.edition ? `edition ${quote.edition}` : "edition not stated", quote.page === null ? "" : `page ${quote.page}`]
    .filter(Boolean).join(" · ");

/** The notices of an answer: an emergency comes first and is an alert of its own. */
export function showNotices(notices) {
  fill(byId("alert"), notices.filter((notice) => EMERGENCY.test(notice)).map((notice) => el("p", { class: "emergency" }, notice)));
  return notices.filter((notice) => !EMERGENCY.test(notice)).map((notice) => el("p", { class: "notice" }, notice));
}

const bare = (words) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

export function claimItem(claim) {
  const calculations = new Set(claim.doses.filter((dose) => dose.for_patient).map((dose) => dose.for_patient.calculation));
  const said = bare(claim.text ?? "");
  return el(
    "li",
    { class: `claim ${claim.verdict}`, "data-claim": claim.id },
    el("p", { class: "verdict" }, VERDICTS[claim.verdict]),
    claim.text === null ? el("p", {}, "The rules do not let this through. Its text is not shown.") : el("p", { class: "text" }, claim.text),
    [...calculations].map((words) => el("p", { class: "dose" }, `For this patient: ${words}`)),
    claim.quotes.map((quote) => quoteBlock(quote, said.includes(bare(quote.quote)))),
    claim.findings.length ? el("ul", { class: "findings" }, claim.findings.map(findingItem)) : null,
  );
}

/** A quote with its place; its words are left out where the claim is those very words. */
function quoteBlock(quote, isSaid = false) {
  return el(
    "blockquote",
    {},
    isSaid ? null : `“${quote.quote}”`,
    el("cite", {}, place(quote), quote.status === "active" || quote.status === "unknown" ? "" : ` · ${quote.status}`),
    el("button", { type: "button", class: "link", on: { click: () => openPassage(quote) } }, "Show in the document"),
  );
}

function findingItem(finding) {
  const [message, source] = finding.message.split(/ (?=Source: |\(Unverified entry)/);
  const mark = { block: "Stopped", review: "Check", info: "Note" }[finding.severity];
  return el("li", {}, el("strong", {}, `${mark}: `), message, source ? el("span", { class: "source" }, source.replace(/^\(|\)$/g, "")) : null);
}

function side(statement, label) {
  return el(
    "div",
    {},
    el("p", {}, el("strong", {}, label)),
    quoteBlock({ ...statement, quote: statement.text }),
    el("p", { class: "hint" }, [statement.effective_date ? `in force since ${statement.effective_date}` : "", statement.population.length ? `for ${statement.population.join(", ")}` : ""].filter(Boolean).join(" · ")),
  );
}

export const conflictBlock = (conflict) =>
  el(
    "section",
    { class: "conflict" },
    el("h3", {}, conflict.kind === "editions" ? `Changed between editions: ${conflict.drug}, ${conflict.parameter}` : `Sources disagree: ${conflict.drug}, ${conflict.parameter}`),
    el("div", { class: "sides" }, conflict.statements.map((statement, number) => side(statement, number ? `Another source: ${statement.figure}` : `Quoted above: ${statement.figure}`))),
  );

const asked = (missing) =>
  el("li", {}, `${missing.question} `, el("button", { type: "button", class: "link", on: { click: () => openFact(missing.fact) } }, "Fill in"));

const nearest = (place_) =>
  el("li", {}, el("button", { type: "button", class: "link", on: { click: () => openPassage(place_) } }, place(place_)), place_.reason ? ` (${place_.effect}: ${place_.reason})` : "");

const group = (title, items) => (items.length ? el("section", {}, el("h3", {}, title), el("ul", {}, items)) : null);

const STATUS = {
  answered: "Answered from the library",
  partly_withheld: "Answered in part; the rest is withheld",
  withheld: "Withheld: nothing passed the rules",
  abstained: "Not answered",
};

/** The whole answer, as it is on record. */
export function showAnswer(answer) {
  byId("answer").hidden = false;
  byId("answer-line").textContent = STATUS[answer.status] ?? sentence(answer.status);
  fill(byId("claims"), answer.claims.map(claimItem));
  fill(
    byId("beside"),
    showNotices(answer.notices),
    answer.conflicts.map(conflictBlock),
    group("Not checked, for want of a fact", answer.not_checked.map(asked)),
    group("Nearest sections", answer.nearest.map(nearest)),
    group("Left aside, for others than this patient", (answer.left_out ?? []).map(nearest)),
  );
  byId("after").hidden = byId("review").hidden = false;
  byId("provenance").textContent = [
    `Answer ${answer.id}`, answer.model ? `model ${answer.model}` : `backend ${answer.backend}`, `as of ${answer.as_of}`,
    answer.generation ? `library ${answer.generation}` : "", answer.timings_ms?.total ? `${(answer.timings_ms.total / 1000).toFixed(2)} s` : "",
  ].filter(Boolean).join(" · ");
}

/** The answer as text to paste into a record: only what was released, each claim with its places. */
export function asText(answer, question) {
  const lines = [question, ""];
  answer.claims.forEach((claim, number) => {
    if (claim.text === null) return lines.push(`${number + 1}. [withheld]`, "");
    lines.push(`${number + 1}. ${claim.text}${claim.verdict === "review" ? " [for review]" : ""}`);
    new Set(claim.quotes.map(place)).forEach((where) => lines.push(`   ${where}`));
    lines.push("");
  });
  lines.push(...answer.notices, `cdss, answer ${answer.id}, as of ${answer.as_of}. Decision support; the clinician decides.`);
  return lines.join("\n");
}
