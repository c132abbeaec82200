// Options of a field while somebody types: those the server has for it, in the one list of the page. The browser shows them, by
// keyboard, too; without this script the field is a field.
const WAIT = 200;
let waiting = 0;
let asked = null;

async function fill(field) {
  const list = field.list;
  if (!list || asked?.field === field && asked.value === field.value) return;
  asked?.stop.abort();
  asked = { field, value: field.value, stop: new AbortController() };
  const about = new URLSearchParams({ of: field.dataset.lookUp, q: field.value.trim() });
  const project = field.form?.elements.namedItem("project");
  if (project && project !== field) about.set("project", project.value.trim());
  const here = new URLSearchParams(location.search);
  for (const name of ["lang", "grant"]) if (here.has(name)) about.set(name, here.get(name));
  for (const [name, value] of [...about]) if (!value) about.delete(name);
  try {
    const answer = await fetch(`/look-up?${about}`, { signal: asked.stop.signal, redirect: "error" });
    if (answer.ok && document.activeElement === field) list.innerHTML = await answer.text();
  } catch {
    // Nobody answers, or it is not wanted any more: what is typed counts.
  }
}

function later(event) {
  const field = event.target;
  if (!field.dataset?.lookUp) return;
  clearTimeout(waiting);
  waiting = setTimeout(fill, event.type === "input" ? WAIT : 0, field);
}

addEventListener("input", later);
addEventListener("focusin", (event) => {
  const field = event.target;
  if (!field.dataset?.lookUp) return;
  asked = null;
  field.list?.replaceChildren();
  later(event);
});
