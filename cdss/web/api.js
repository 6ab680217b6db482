// The service, as this page asks it: streamed where it streams, whole where it does not.

const JSON_HEADERS = { "content-type": "application/json" };

/** What the service says when it cannot: the words of its problem document. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function refused(response) {
  let words = `The service answered with ${response.status}.`;
  try {
    const problem = await response.json();
    words = problem.detail || problem.title || words;
  } catch {
    // not a problem document: the status has to do
  }
  return new Refused(response.status, words);
}

let key = "";

/** Show `given` with every call from now on. It is kept in the memory of this page and nowhere else. */
export function useKey(given) {
  key = given.replace(/[^\x21-\x7e]/g, "");
}

async function send(path, { body, ...options } = {}) {
  const headers = { ...(body === undefined ? {} : JSON_HEADERS), ...(key ? { authorization: `Bearer ${key}` } : {}) };
  const given = body === undefined ? options : { method: "POST", body: JSON.stringify(body), ...options };
  const response = await fetch(path, { credentials: "same-origin", headers, ...given });
  if (!response.ok) throw await refused(response);
  return response;
}

/** The JSON at `path`; null where there is nothing (204). */
export async function getJson(path) {
  const response = await send(path);
  return response.status === 204 ? null : response.json();
}
export const postJson = async (path, body) => (await send(path, { body })).json();

/** Ask, and tell `on` of every event: stage, passages, claim, finding, answer. Resolves to the whole answer. */
export async function ask(question, on, signal) {
  try {
    return await asStream(question, on, signal);
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 404 && error.status !== 405)) throw error;
  }
  on("stage", { stage: "retrieve" });
  const answer = await (await send("../v1/ask", { body: question, signal })).json();
  on("answer", answer);
  return answer;
}

async function asStream(question, on, signal) {
  const response = await send("../v1/ask/stream", { body: question, signal });
  let answer = null;
  for await (const [event, data] of events(response.body)) {
    if (event === "done") return answer;
    if (event === "error") throw new Refused(data.status, data.detail || data.title);
    if (event === "answer") answer = data;
    on(event, data);
  }
  throw new Refused(0, "The answer was cut off. What stands here is not the whole of it; ask again.");
}

/** Server-sent events of a response body, as pairs of name and data. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held = (held + value).replaceAll("\r\n", "\n");
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      const of = (field) => lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ""));
      const data = of("data").join("\n");
      if (data) yield [of("event")[0] ?? "message", JSON.parse(data)];
    }
  }
}
