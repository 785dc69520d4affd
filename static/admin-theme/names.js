// Names what the admin's own scripts and templates leave without one: the boxes that stand for autocompletes, and
// headings of columns that have no text.

const labelOf = (select) => select.getAttribute("aria-label") ?? select.labels[0]?.textContent.replace(/:$/, "").trim();

function nameBox(box) {
  const select = box.closest(".select2-container")?.previousElementSibling;
  const name = select?.matches("select") && labelOf(select);
  if (!name) return;
  const shown = box.querySelector(".select2-selection__rendered");
  box.setAttribute("aria-label", name);
  box.removeAttribute("aria-labelledby");
  if (shown?.id) {
    box.setAttribute("aria-describedby", shown.id); // what is chosen now
    shown.setAttribute("aria-label", name);
  }
}

function nameAll(root) {
  root.querySelectorAll(".select2-selection").forEach(nameBox);
  for (const heading of root.querySelectorAll(".inline-group th")) {
    if (heading.textContent.trim()) continue;
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = heading.classList.contains("original") ? "Row" : "Removal";
    heading.append(name);
  }
}

nameAll(document);
new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node instanceof Element);
  added.forEach((node) => nameAll(node.parentElement ?? node));
}).observe(document.body, { childList: true, subtree: true });
