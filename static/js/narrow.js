/** Long lists of options are narrowed by typing: a `.narrow` field names its list in `aria-controls`. */

/** Letters and digits only, without accents: "tif 1" finds "TIF1-γ" and "Tif1 gamma" alike. */
function plain(text) {
  return text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function narrow(box) {
  const wanted = plain(box.value);
  const list = document.getElementById(box.getAttribute("aria-controls"));
  for (const option of list.querySelectorAll(".option")) {
    const chosen = option.querySelector("input").checked;
    option.hidden = wanted !== "" && !chosen && !plain(option.querySelector("span").textContent).includes(wanted);
  }
  const none = list.querySelector(".options-none");
  if (none) {
    none.open = wanted !== "" && none.querySelector(".option:not([hidden])") !== null;
  }
}

document.addEventListener("input", ({ target }) => {
  if (target.matches(".narrow")) {
    narrow(target);
  }
});

// It narrows options, not results: neither Enter nor leaving the field asks for anything.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".narrow")) {
    event.preventDefault();
  }
});
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches(".narrow")) {
      event.stopPropagation();
    }
  },
  { capture: true },
);

document.addEventListener("htmx:afterSettle", () => {
  for (const box of document.querySelectorAll(".narrow")) {
    if (box.value) {
      narrow(box);
    }
  }
});
