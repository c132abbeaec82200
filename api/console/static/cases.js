// Cases by keyboard, live while the focus is within one; the sums of what is ticked; a form that is sent is sent once.
"use strict";
document.documentElement.classList.add("scripted");
const form = document.querySelector("form.cases");
const cases = [...document.querySelectorAll("tbody.case")];
const box = (one) => one?.querySelector("input[name^='case.']");
const number = (one) => one?.id.slice("case-".length) ?? "";

function yuan(fen) {
  const digits = String(fen < 0n ? -fen : fen).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0n ? "−" : ""}${whole}.${digits.slice(-2)}`;
}

function tell() {
  const place = form.querySelector("[data-ticked]");
  if (!place) return;
  const sum = (side) => [...form.querySelectorAll(`input[data-side="${side}"]:checked`)]
    .reduce((total, one) => total + BigInt(one.dataset.fen), 0n);
  const figures = [sum("ours"), sum("theirs")];
  figures.push(figures[0] - figures[1]);
  place.textContent = place.dataset.ticked.replace(/\{\}/g, () => yuan(figures.shift()));
}

function press(event) {
  const at = cases.findIndex((one) => one.contains(event.target));
  if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  const one = cases[at];
  const acts = {
    j: () => box(cases[at + 1])?.focus(), ArrowDown: () => box(cases[at + 1])?.focus(),
    k: () => box(cases[at - 1])?.focus(), ArrowUp: () => box(cases[at - 1])?.focus(),
    a: () => one.querySelector("button[name=accept]")?.click(),
    u: () => one.querySelector("button[name=apart]")?.click(),
    x: () => box(one)?.click(),
    e: () => { if (box(one)) box(one).checked = true; document.getElementById("reason")?.focus(); },
  };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
}

function send(event) {
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  const acted = event.submitter?.closest("tbody.case") ?? cases.find((one) => box(one)?.checked);
  event.target.elements.next.value = number(cases[cases.indexOf(acted) + 1] ?? acted);
}

if (form) {
  form.addEventListener("keydown", press);
  form.addEventListener("change", tell);
  for (const sent of [form, document.getElementById("act")]) sent.addEventListener("submit", send);
  addEventListener("pageshow", () => { delete form.dataset.sent; });
  tell();
  const first = document.getElementById(location.hash.slice(1));
  if (first) addEventListener("load", () => setTimeout(() => box(first)?.focus())); // after the browser went there itself
}
