// Cases by keyboard, live while the focus is within one; the sums of what is ticked, which goes along to other pages; a form that is
// sent is sent once. Pages of the list come and go without the page being loaded again, so everything is looked up as it is asked for.
"use strict";
document.documentElement.classList.add("scripted");
const form = () => document.querySelector("form.cases");
const cases = () => [...document.querySelectorAll("tbody.case")];
const box = (one) => one?.querySelector("input[name^='case.']");
const number = (one) => one?.id.slice("case-".length) ?? "";
const ticked = () => [...form()?.querySelectorAll("input[data-side]:checked") ?? []];

function yuan(fen) {
  const digits = String(fen < 0n ? -fen : fen).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0n ? "−" : ""}${whole}.${digits.slice(-2)}`;
}

function tell() {
  const place = form()?.querySelector("[data-ticked]");
  if (!place) return;
  const sum = (side) => ticked().filter((one) => one.dataset.side === side)
    .reduce((total, one) => total + BigInt(one.dataset.fen), 0n);
  const figures = [sum("ours"), sum("theirs")];
  figures.push(figures[0] - figures[1]);
  place.textContent = place.dataset.ticked.replace(/\{\}/g, () => yuan(figures.shift()));
}

// An address of this list, with what is ticked.
function holding(address) {
  const to = new URL(address, location.href);
  const names = ticked().map((one) => one.name).join(",");
  if (names) to.searchParams.set("held", names); else to.searchParams.delete("held");
  return to.href;
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || !form() || link.hasAttribute("download") || new URL(link.href).pathname !== location.pathname) return;
  link.href = holding(link.href);
  if (!link.hasAttribute("hx-get") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  location.assign(link.href);
}

function press(event) {
  const all = cases(), at = all.findIndex((one) => one.contains(event.target));
  if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  const one = all[at];
  const acts = {
    j: () => box(all[at + 1])?.focus(), ArrowDown: () => box(all[at + 1])?.focus(),
    k: () => box(all[at - 1])?.focus(), ArrowUp: () => box(all[at - 1])?.focus(),
    a: () => one.querySelector("button[name=accept]")?.click(),
    u: () => one.querySelector("button[name=apart]")?.click(),
    x: () => box(one)?.click(),
    e: () => { if (box(one)) box(one).checked = true; document.getElementById("reason")?.focus(); },
  };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
}

function send(event) {
  const sent = event.target;
  if (!form()) return;
  if (sent.method === "get" && sent.matches("main form")) {
    sent.elements.held?.remove();
    const names = new URL(holding(location.href)).searchParams.get("held");
    if (names) sent.append(Object.assign(document.createElement("input"), { type: "hidden", name: "held", value: names }));
  }
  if (sent !== form() && sent.id !== "act") return;
  if (form().dataset.sent) return event.preventDefault();
  form().dataset.sent = "true";
  const all = cases(), acted = event.submitter?.closest("tbody.case") ?? all.find((one) => box(one)?.checked);
  sent.elements.next.value = number(all[all.indexOf(acted) + 1] ?? acted);
}

addEventListener("keydown", press);
addEventListener("change", tell);
addEventListener("submit", send);
addEventListener("click", follow, true);
addEventListener("pageshow", () => { if (form()) delete form().dataset.sent; tell(); });
tell();
const first = document.getElementById(location.hash.slice(1));
if (first) addEventListener("load", () => setTimeout(() => box(first)?.focus())); // after the browser went there itself
