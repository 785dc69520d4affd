/** Remembers which treatments a reader wants to compare, and shows them in a tray at the bottom of every page.
 *
 * Without scripts, or where a browser refuses storage, the links behind the switches lead to the comparison all the
 * same. The choice is kept in this browser for a day, for all its windows.
 */

const KEY = "comparison";
const MOST = 4;
const KEPT_FOR = 24 * 60 * 60 * 1000;

const place = document.querySelector("[data-compare-tray]");
const said = make("p", { className: "visually-hidden", role: "status" });
const tray = make("aside", { className: "tray", id: "compare-tray", tabIndex: -1, ariaLabel: "Comparison" });
const skip = make("a", { className: "skip", href: "#compare-tray" }, "Skip to comparison");
let chosen = [];
let message = "";

function make(name, properties = {}, ...content) {
  const { role, ariaLabel, ...others } = properties;
  const element = Object.assign(document.createElement(name), others);
  if (role) {
    element.setAttribute("role", role);
  }
  if (ariaLabel) {
    element.setAttribute("aria-label", ariaLabel);
  }
  element.append(...content);
  return element;
}

// What is kept -------------------------------------------------------------------------------------------------------

/** Whether this is a treatment as `keep` writes it. Anything may stand in storage: it is checked, never trusted. */
function isTreatment(found) {
  return (
    typeof found === "object" &&
    found !== null &&
    typeof found.slug === "string" &&
    /^[\w-]{1,80}$/.test(found.slug) &&
    typeof found.name === "string" &&
    found.name.length > 0 &&
    found.name.length <= 300
  );
}

function kept() {
  try {
    const { at, treatments } = JSON.parse(localStorage.getItem(KEY)) ?? {};
    if (!Array.isArray(treatments) || typeof at !== "number" || Math.abs(Date.now() - at) > KEPT_FOR) {
      return [];
    }
    const found = treatments.filter(isTreatment).map(({ slug, name }) => ({ slug, name }));
    return [...new Map(found.map((treatment) => [treatment.slug, treatment])).values()].slice(0, MOST);
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (chosen.length) {
      localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), treatments: chosen }));
    } else {
      localStorage.removeItem(KEY);
    }
  } catch {
    // The choice then lasts for this page only.
  }
}

// What is shown ------------------------------------------------------------------------------------------------------

function isChosen(slug) {
  return chosen.some((treatment) => treatment.slug === slug);
}

function address() {
  return `${place.dataset.url}?${new URLSearchParams(chosen.map(({ slug }) => ["treatment", slug]))}`;
}

/** Whether the page is the comparison of just these, so that the tray would only repeat it. */
function isOnPage() {
  const compared = document.querySelector("[data-compared]")?.dataset.compared.split(" ") ?? [];
  return compared.length === chosen.length && compared.every(isChosen);
}

function chip(treatment) {
  const remove = make(
    "button",
    { type: "button", className: "tray-remove" },
    make("span", { className: "visually-hidden" }, "Remove "),
    treatment.name,
    make("span", { className: "visually-hidden" }, " from comparison"),
  );
  remove.dataset.trayRemove = treatment.slug;
  return make("li", {}, remove);
}

function showTray() {
  const shown = chosen.length > 0 && !isOnPage();
  document.documentElement.classList.toggle("has-tray", shown);
  if (!shown) {
    tray.remove();
    skip.remove();
    return;
  }
  const many = chosen.length > 1;
  const go = make(
    "a",
    { className: "button", href: address() },
    many ? `Compare ${chosen.length} treatments` : "Choose another to compare",
  );
  const clear = make("button", { type: "button", className: "tray-clear" }, "Clear");
  const list = make(
    "details",
    { className: "tray-list", open: tray.querySelector("details")?.open ?? false },
    make("summary", {}, `${chosen.length} chosen`),
    make(
      "ul",
      { ariaLabel: "Treatments to compare", className: "tray-chips" },
      ...chosen.map(chip),
      make("li", {}, clear),
    ),
  );
  const bar = make("div", { className: "wrap tray-bar" }, list, go);
  if (message) {
    bar.prepend(make("p", { className: "tray-message" }, message));
  }
  tray.replaceChildren(bar);
  if (!tray.isConnected) {
    place.append(tray);
    document.querySelector(".skip")?.after(skip);
  }
}

/** The links that choose a treatment become switches. Some come later, with a part of the page. */
function showSwitches() {
  for (const link of document.querySelectorAll("[data-compare]")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", String(isChosen(link.dataset.compare)));
  }
}

function show() {
  showSwitches();
  showTray();
}

// What is done -------------------------------------------------------------------------------------------------------

/** Says `text` to screen readers, once the change it is about has been shown. */
function say(text) {
  said.textContent = "";
  setTimeout(() => {
    said.textContent = text;
  }, 100);
}

function change(treatments, text) {
  chosen = treatments;
  message = "";
  keep();
  show();
  const count = chosen.length === 1 ? "1 treatment" : `${chosen.length} treatments`;
  say(chosen.length ? `${text} ${count} to compare.` : `${text} The comparison is empty.`);
}

function add(treatment) {
  if (chosen.length >= MOST) {
    message = `${MOST} treatments at most: remove one to add ${treatment.name}.`;
    showTray();
    say(message);
    return;
  }
  change([...chosen, treatment], `${treatment.name} added to comparison.`);
}

function remove(slug) {
  const name = chosen.find((treatment) => treatment.slug === slug)?.name;
  if (name) {
    change(chosen.filter((treatment) => treatment.slug !== slug), `${name} removed from comparison.`);
  }
}

/** Keeps the focus near where it was when the control that had it is gone. */
function focusAfterRemoval(position) {
  const left = [...tray.querySelectorAll("[data-tray-remove]")];
  const next = tray.isConnected ? (left[Math.min(position, left.length - 1)] ?? tray) : document.querySelector("main");
  next?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  const link = event.target.closest("[data-compare]");
  if (link) {
    event.preventDefault();
    const { compare: slug, compareName: name } = link.dataset;
    if (isChosen(slug)) {
      remove(slug);
    } else {
      add({ slug, name });
    }
    return;
  }
  const gone = event.target.closest("[data-tray-remove]");
  if (gone) {
    const position = [...tray.querySelectorAll("[data-tray-remove]")].indexOf(gone);
    remove(gone.dataset.trayRemove);
    focusAfterRemoval(position);
    return;
  }
  if (event.target.closest(".tray-clear")) {
    change([], "All treatments removed from comparison.");
    focusAfterRemoval(0);
    return;
  }
  const column = event.target.closest("[data-compare-remove]");
  if (column) {
    // The link itself leads to the comparison without it.
    chosen = chosen.filter((treatment) => treatment.slug !== column.dataset.compareRemove);
    keep();
  }
});

// A switch is pressed with the space bar too, which does nothing for a link.
document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target instanceof Element && event.target.matches("[data-compare]")) {
    event.preventDefault();
    event.target.click();
  }
});

function readAgain() {
  chosen = kept();
  message = "";
  show();
}

window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) {
    readAgain();
  }
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    readAgain();
  }
});
document.addEventListener("htmx:afterSettle", showSwitches);

if (place) {
  document.body.append(said);
  readAgain();
}
