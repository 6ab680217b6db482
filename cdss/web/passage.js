// A passage in its document, with the quoted sentence marked.

import { getJson } from "./api.js";
import { byId, el, fill } from "./dom.js";

const AROUND = 1500;

export async function openPassage(quote) {
  const dialog = byId("passage");
  byId("passage-title").textContent = quote.title;
  byId("passage-place").textContent = [quote.section, quote.edition ? `edition ${quote.edition}` : "", quote.page === null ? "" : `page ${quote.page}`].filter(Boolean).join(" · ");
  fill(byId("passage-text"), "Loading …");
  dialog.showModal();
  try {
    const passage = await getJson(`../v1/passages/${encodeURIComponent(quote.passage_id)}`);
    const signs = Array.from;
    const start = passage.start + (quote.start ?? 0);
    const end = passage.start + (quote.end ?? signs(passage.text).length);
    const from = Math.max(0, passage.start - AROUND);
    const around = await getJson(`../v1/documents/${encodeURIComponent(passage.document)}/text?start=${from}&end=${passage.end + AROUND}`);
    const text = signs(around.text);
    const cut = (a, b) => text.slice(Math.max(0, a - around.start), Math.max(0, b - around.start)).join("");
    const mark = el("mark", {}, cut(start, end));
    fill(byId("passage-text"), around.start > 0 ? "… " : "", cut(around.start, start), mark, cut(end, around.end), around.end < around.length ? " …" : "");
    mark.scrollIntoView({ block: "center" });
  } catch (error) {
    fill(byId("passage-text"), `The passage cannot be shown: ${error.message}`);
  }
}

export function wirePassage() {
  byId("passage-close").addEventListener("click", () => byId("passage").close());
  byId("passage").addEventListener("click", (event) => { if (event.target === byId("passage")) byId("passage").close(); });
}
