/** The evidence map as a grid: arrow keys go from entry to entry, and a cell shows its entries in place.

Without scripts the map is a table of links, and each opens the evidence list. */

const table = document.querySelector("table.map");
const dialog = document.querySelector("#map-entries");

/** The links of the map, row by row; rows without any are left out. */
const rows = [...(table?.rows ?? [])].map((row) => [...row.querySelectorAll("a")]).filter((links) => links.length > 0);

const columnOf = (link) => link.closest("th, td").cellIndex;

/** The place of `link` among the rows: [row, place in it]. */
function placeOf(link) {
  const row = rows.findIndex((links) => links.includes(link));
  return [row, rows[row].indexOf(link)];
}

/** The next link above or below in the column of `link`; a column ends where nothing follows. */
function along(link, step) {
  const column = columnOf(link);
  const [from] = placeOf(link);
  for (let row = from + step; row >= 0 && row < rows.length; row += step) {
    const found = rows[row].find((other) => columnOf(other) === column);
    if (found) {
      return found;
    }
  }
  return null;
}

/** Where a key leads from `link`: null where the map ends, undefined where the key is not ours. */
function target(key, whole, link) {
  const [row, place] = placeOf(link);
  switch (key) {
    case "ArrowRight":
      return rows[row][place + 1] ?? null;
    case "ArrowLeft":
      return rows[row][place - 1] ?? null;
    case "ArrowDown":
      return along(link, 1);
    case "ArrowUp":
      return along(link, -1);
    case "Home":
      return whole ? rows[0][0] : rows[row][0];
    case "End":
      return whole ? rows.at(-1).at(-1) : rows[row].at(-1);
    default:
      return undefined;
  }
}

/** One link of the map can be reached with Tab: the one used last. */
function keep(link) {
  table.querySelector('a[tabindex="0"]')?.setAttribute("tabindex", "-1");
  link.setAttribute("tabindex", "0");
}

function onKey(event) {
  const link = event.target.closest("a");
  if (!link || event.altKey || event.metaKey || event.shiftKey) {
    return;
  }
  const found = target(event.key, event.ctrlKey, link);
  if (found === undefined) {
    return;
  }
  event.preventDefault();
  found?.focus();
}

function becomeGrid() {
  table.setAttribute("role", "grid");
  for (const cell of table.querySelectorAll("td")) {
    cell.setAttribute("role", "gridcell");
  }
  for (const link of rows.flat()) {
    link.setAttribute("tabindex", "-1");
  }
  const first = table.querySelector("tbody td a") ?? rows[0][0];
  keep(first);
  table.addEventListener("keydown", onKey);
  table.addEventListener("focusin", (event) => keep(event.target.closest("a")));
  document.querySelector("#map-keys").hidden = false;
}

/** What the page behind a cell lists; null where it cannot be read. */
async function entriesAt(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.ok ? page.querySelector("main .entries") : null;
  } catch {
    return null;
  }
}

/** The cell whose entries the dialog shows; null while it is closed. */
let shown = null;

async function show(link) {
  const body = dialog.querySelector(".map-dialog-body");
  const [cell, counts] = link.getAttribute("aria-label").split(/: (?=\d|no entry)/);
  dialog.querySelector("h2").textContent = cell;
  dialog.querySelector("#map-entries-counts").textContent = counts;
  body.textContent = "Loading …";
  body.setAttribute("aria-busy", "true");
  dialog.querySelector(".map-dialog-foot a").href = link.href;
  dialog.showModal();
  shown = link;
  const entries = await entriesAt(link.href);
  if (shown !== link) {
    return; // closed meanwhile, or another cell was opened
  }
  if (!entries) {
    location.assign(link.href);
    return;
  }
  body.replaceChildren(document.adoptNode(entries));
  body.removeAttribute("aria-busy");
  const here = entries.children.length;
  if (here < Number(link.dataset.count)) {
    dialog.querySelector("#map-entries-counts").textContent += `. These are the first ${here} of ${link.dataset.count}.`;
  }
}

function onClick(event) {
  const link = event.target.closest("a.map-cell");
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  event.preventDefault();
  show(link);
}

if (table && rows.length > 0) {
  becomeGrid();
  table.addEventListener("click", onClick);
  dialog.addEventListener("close", () => {
    shown = null;
  });
  dialog.addEventListener("click", (event) => {
    // The dialog itself is only hit beside its content.
    if (event.target === dialog) {
      dialog.close();
    }
  });
}
