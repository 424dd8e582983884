"use strict";
const field = document.getElementById("filter"), told = document.getElementById("shown");
const rows = [...document.querySelectorAll("[data-row]")];
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
const filter = () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    const outer = row.parentElement.closest("[data-row]");
    const shows = words.every((word) => texts.get(row).includes(word));
    row.hidden = !shows;
    count += shows && !outer;
  }
  for (const part of document.querySelectorAll("details.fitting")) part.open = words.length > 0;
  told.textContent = words.length ? `${count} shown` : "";
};
field.addEventListener("input", filter);
addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  }
});
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
