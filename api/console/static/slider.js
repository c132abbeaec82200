// A slider that stands beside a field of numbers: each says what the other does, the form asks again, and the address says so.
"use strict";
document.documentElement.classList.add("scripted");
document.addEventListener("input", ({ target }) => {
  const other = document.getElementById(target.dataset?.with ?? target.dataset?.slider);
  if (other) other.value = target.value;
});
document.addEventListener("htmx:after:swap", () => {
  const asking = document.querySelector("form[data-address]");
  if (asking) history.replaceState(history.state, "", asking.dataset.address);
});
