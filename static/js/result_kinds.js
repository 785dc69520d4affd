// Of a result, shows the figures that its kind usually has. What holds something stays in sight, whatever its kind.
const GROUP = "results-group";
const group = document.getElementById(GROUP);

const figuresOf = (select) => JSON.parse(select.dataset.figures);

const arrange = (select) => {
  const row = select.closest(".inline-related");
  const byKind = figuresOf(select);
  const usual = byKind[select.value];
  const known = new Set(Object.values(byKind).flat());
  const prefix = select.name.slice(0, -"kind".length);
  let hidden = 0;
  for (const name of known) {
    const input = row.querySelector(`[name="${prefix}${name}"]`);
    const box = input?.closest(".fieldBox")?.parentElement;
    if (!box) continue;
    const shown = !usual || row.dataset.all === "yes" || usual.includes(name) || input.value !== "";
    box.hidden = !shown;
    box.classList.toggle("unusual-figure", Boolean(usual) && !usual.includes(name) && input.value !== "");
    if (!shown) hidden += 1;
  }
  for (const set of row.querySelectorAll("fieldset")) {
    const boxes = [...set.querySelectorAll(".fieldBox")].map((box) => box.parentElement);
    set.hidden = boxes.length > 0 && boxes.every((box) => box.hidden);
  }
  const more = row.querySelector(".more-figures");
  if (more) more.hidden = hidden === 0;
};

const prepare = (select) => {
  const row = select.closest(".inline-related");
  if (!row || row.classList.contains("empty-form") || row.querySelector(".more-figures")) return;
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more-figures";
  more.textContent = "Show all figures";
  more.addEventListener("click", () => {
    row.dataset.all = "yes";
    arrange(select);
    row.querySelector("[name$='treated_events']")?.focus();
  });
  row.append(more);
  arrange(select);
};

if (group) {
  const all = () => group.querySelectorAll("select[data-figures]").forEach(prepare);
  all();
  group.addEventListener("change", (event) => {
    if (event.target.matches("select[data-figures]")) arrange(event.target);
  });
  document.addEventListener("formset:added", all);
}
