// A slider that stands beside a field of numbers: each says what the other does, and the form asks again.
"use strict";
document.documentElement.classList.add("scripted");
document.addEventListener("input", ({ target }) => {
  const other = document.getElementById(target.dataset?.with ?? target.dataset?.slider);
  if (other) other.value = target.value;
});
