// A chosen file's columns are shown beside it before it is taken; without script the button does so.
"use strict";
document.documentElement.classList.add("scripted");
const form = document.querySelector("form[data-statement]");
const file = form?.querySelector("input[type=file]");

async function look() {
  const place = document.getElementById("columns");
  if (!file.files.length) return place.replaceChildren();
  const sent = new FormData(form);
  for (const name of [...sent.keys()]) if (name.startsWith("column.")) sent.delete(name);
  sent.set("look", "1");
  const answer = await fetch(form.action, { method: "POST", body: sent });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("columns");
  place.replaceChildren(...(answer.ok && found ? found.childNodes : page.querySelectorAll("[role=alert]")));
}

file?.addEventListener("change", look);
form?.addEventListener("submit", (event) => {
  if (event.submitter?.name === "look") { event.preventDefault(); look(); }
});
