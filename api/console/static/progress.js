// How far long work is, as it goes: server-sent events go on after the last one; whoever comes back sees it as it stands then.
"use strict";
const WAIT = 5000;
const spoken = (names) => names[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];

function tell(place, job) {
  const bar = place.querySelector("progress");
  if (job.total > 0) { bar.max = job.total; bar.value = job.done; } else bar.removeAttribute("value");
  const share = job.total > 0 ? ` ${Math.floor((100 * job.done) / job.total)} %` : "";
  place.querySelector("[data-says]").textContent = `${spoken(job.step ?? job.state_name)}${share}`;
}

function follow(place) {
  const address = place.dataset.job;
  const events = new EventSource(`${address}/events`);
  events.addEventListener("job", ({ data }) => {
    const job = JSON.parse(data);
    if (job.ended_at) { events.close(); location.reload(); } else tell(place, job);
  });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(() => lookAgain(place, address), WAIT);
  });
}

async function lookAgain(place, address) {
  try {
    const answer = await fetch(address);
    const job = await answer.json();
    if (answer.ok && (job.ended_at || job.state === "LOST")) return location.reload();
  } catch { /* not to be reached just now: asked again below */ }
  follow(place);
}

for (const place of document.querySelectorAll("[data-job]")) follow(place);
