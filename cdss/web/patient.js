// The patient: the facts that rules use, where they are from, and fields for those that nobody recorded.

import { byId, el, fill } from "./dom.js";

const NUMBERS = [
  ["age_years", "Age, years"], ["weight_kg", "Weight, kg"], ["height_cm", "Height, cm"], ["creatinine_mg_dl", "Creatinine, mg/dL"],
  ["egfr", "eGFR"], ["gestation_weeks", "Weeks pregnant"],
];
const LABS = [["potassium", "Potassium, mmol/L"], ["inr", "INR"], ["qtc_ms", "QTc, ms"]];
const CHOICES = [
  ["sex", "Sex", [["female", "female"], ["male", "male"]]], ["pregnant", "Pregnant", [["true", "yes"], ["false", "no"]]],
  ["lactating", "Breast-feeding", [["true", "yes"], ["false", "no"]]], ["dialysis", "Dialysis", [["true", "yes"], ["false", "no"]]],
  ["child_pugh", "Child-Pugh", [["A", "A"], ["B", "B"], ["C", "C"]]],
];
const LISTS = [["allergies", "Allergies"], ["conditions", "Conditions"], ["medications", "Medicines"]];
const NONE = /^\s*(none|no known.*|nkda|nil)\s*$/i;

let chart = { patient: {}, facts: [], gaps: [], partial: {} };

/** Call `onChange` whenever a fact is filled in or changed. */
export function wirePatient(onChange) {
  byId("facts").addEventListener("submit", (event) => event.preventDefault());
  byId("facts").addEventListener("input", () => { summary(); onChange(); });
}

/** Show the chart that the EHR gave; without one every fact is open. */
export function showChart(given) {
  chart = { ...chart, ...given };
  const known = chart.patient ?? {};
  const labs = known.labs ?? {};
  fill(
    byId("facts"),
    NUMBERS.map(([name, label]) => number(name, label, known[name])),
    CHOICES.map(([name, label, options]) => choice(name, label, options, known[name])),
    LABS.map(([name, label]) => number(`labs.${name}`, label, labs[name])),
    LISTS.map(([name, label]) => list(name, label, known[name])),
  );
  fill(byId("recorded"), (chart.facts ?? []).flatMap((fact) => [el("dt", {}, plain(fact.name)), el("dd", {}, described(fact))]));
  const gaps = [...(chart.gaps ?? []).map((gap) => `${plain(gap.fact)}: ${gap.reason}`),
    ...Object.entries(chart.partial ?? {}).map(([name, why]) => `${name}: not the whole list, ${why}`)];
  fill(byId("gaps"), gaps.length ? [el("h3", {}, "Recorded, and not usable"), el("ul", {}, gaps.map((gap) => el("li", {}, gap)))] : []);
  summary();
}

const plain = (name) => name.replace(/^labs\./, "").replace(/_(mg_dl|g_dl|kg|cm|ml_min|u_l|ms|mm_hg|meq_l|ng_ml|mcg_ml|umol_l)$/, "").replaceAll("_", " ");
const value = (fact) => (fact.value === true ? "yes" : fact.value === false ? "no" : typeof fact.value === "number" ? String(Math.round(fact.value * 100) / 100) : fact.value);
const described = (fact) => [value(fact), fact.unit, fact.on ? `(${fact.on})` : "", fact.note ?? ""].filter(Boolean).join(" ");

function number(name, label, known) {
  return field(name, label, known, el("input", { name, type: "text", inputmode: "decimal", value: shortened(known), placeholder: "unknown" }));
}

/** Two decimals, never rounded up: nobody gets over a birthday or a limit by being shown. */
const shortened = (known) => (typeof known === "number" ? String(Math.floor(known * 100) / 100) : known ?? "");

function choice(name, label, options, known) {
  const chosen = known === undefined || known === null ? "" : String(known);
  const all = [["", "unknown"], ...options].map(([code, words]) => el("option", { value: code, selected: code === chosen }, words));
  return field(name, label, known, el("select", { name }, all));
}

function list(name, label, known) {
  const shown = Array.isArray(known) ? (known.length ? known.join("\n") : "none") : "";
  const box = el("textarea", { name, rows: 2, placeholder: "unknown; one a line, or: none" }, shown);
  const made = field(name, label, known, box);
  made.classList.add("wide");
  return made;
}

function field(name, label, known, input) {
  const unknown = known === undefined || known === null;
  return el("label", { "data-recorded": !unknown }, el("span", {}, label), input);
}

/** Say of every field whether it is recorded, given here, or unknown. */
function standing(input) {
  const label = input.closest("label");
  const isKnown = input.value.trim() !== "";
  label.classList.toggle("unknown", !isKnown);
  label.querySelector("span").dataset.standing = isKnown ? (label.hasAttribute("data-recorded") ? "" : "given here") : "not recorded";
}

/** The facts as they stand in the form now; what is left empty is unknown and is left out. */
export function currentPatient() {
  const known = chart.patient ?? {};
  const patient = {};
  const labs = { ...(known.labs ?? {}) };
  for (const input of byId("facts").elements) {
    const given = input.value.trim();
    const name = input.name;
    if (name.startsWith("labs.")) {
      if (given) labs[name.slice(5)] = amount(given, input); else delete labs[name.slice(5)];
    } else if (!given) {
      continue;
    } else if (LISTS.some(([one]) => one === name)) {
      patient[name] = NONE.test(given) ? [] : given.split("\n").map((line) => line.trim()).filter(Boolean);
    } else if (["pregnant", "lactating", "dialysis"].includes(name)) {
      patient[name] = given === "true";
    } else {
      patient[name] = NUMBERS.some(([one]) => one === name) ? amount(given, input) : given;
    }
  }
  if (known.crcl_ml_min !== undefined && known.crcl_ml_min !== null) patient.crcl_ml_min = known.crcl_ml_min;
  if (Object.keys(labs).length) patient.labs = labs;
  return Object.keys(patient).length ? patient : null;
}

/** A number as written; a comma is a decimal point. What is no number is sent as it is, and refused with its field's name. */
function amount(given, input) {
  const read = Number(given.replace(",", "."));
  input.setAttribute("aria-invalid", String(Number.isNaN(read)));
  return Number.isNaN(read) ? given : read;
}

const age = (years) => (years === undefined ? "age unknown" : years < 2 ? `${Math.floor(years * 12)} months` : `${Math.floor(years)} y`);

function summary() {
  const patient = currentPatient();
  const line = byId("patient-line");
  [...byId("facts").elements].forEach(standing);
  const isMale = byId("facts").elements.namedItem("sex")?.value === "male";
  ["pregnant", "gestation_weeks", "lactating"].forEach((name) => { byId("facts").elements.namedItem(name).closest("label").hidden = isMale; });
  const open = [...byId("facts").elements].filter((input) => !input.value.trim() && !input.closest("label").hidden).length;
  byId("facts-count").textContent = open ? `(${open} not known)` : "(all known)";
  if (!patient) { line.textContent = "No patient: facts are unknown until you give them."; return; }
  const listed = (name, label) => (patient[name] === undefined ? `${label} unknown` : patient[name].length ? `${label}: ${patient[name].slice(0, 3).join(", ")}${patient[name].length > 3 ? " …" : ""}` : `no ${label}`);
  line.textContent = [
    age(patient.age_years),
    patient.sex ?? "sex unknown",
    patient.weight_kg === undefined ? "weight unknown" : `${Math.round(patient.weight_kg * 10) / 10} kg`,
    patient.pregnant ? "pregnant" : "",
    patient.egfr !== undefined ? `eGFR ${Math.round(patient.egfr)}` : patient.creatinine_mg_dl !== undefined ? `creatinine ${patient.creatinine_mg_dl.toFixed?.(2) ?? ""} mg/dL` : "kidney function unknown",
    listed("allergies", "allergies"),
  ].filter(Boolean).join(" · ");
}

/** Open the field of a fact that an answer asks for. */
export function openFact(fact) {
  const name = { renal: "creatinine_mg_dl", level: "labs.potassium" }[fact] ?? fact;
  byId("patient-facts").open = true;
  const input = byId("facts").elements.namedItem(name) ?? byId("facts").elements.namedItem(`labs.${name}`);
  (input ?? byId("facts").elements[0]).focus();
}
