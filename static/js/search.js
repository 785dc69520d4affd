/** Suggestions under the search box: an editable combobox with a list, as the WAI-ARIA Authoring Practices describe it.
 *
 * Without this script the box is a plain form. The options come from the server as links, so opening one in a new tab
 * works as with any link.
 */

const WAIT = 120; // milliseconds without a key before the server is asked
const SHORTEST = 2; // letters or digits

const form = document.querySelector("[data-suggestions]");
const box = form.querySelector("input");
const list = document.createElement("div");
const said = document.createElement("p");

let waiting; // the timer that will ask
let asking; // what aborts the request under way
let answered = ""; // the text that the options belong to

list.className = "suggestions";
list.id = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Suggestions");
said.className = "visually-hidden";
said.setAttribute("role", "status");
form.append(list, said);

box.setAttribute("role", "combobox");
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-controls", list.id);
box.setAttribute("aria-expanded", "false");

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

/** Makes `option` the active one, or none. The focus itself stays in the box. */
function activate(option) {
  active()?.setAttribute("aria-selected", "false");
  if (!option) {
    box.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function open() {
  if (options().length) {
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  }
}

function close() {
  clearTimeout(waiting);
  asking?.abort();
  activate(null);
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  said.textContent = "";
}

/** Tells screen readers what came; the last option is always the search itself. */
function announce() {
  const count = options().length - 1;
  if (count < 0) {
    said.textContent = "";
  } else if (count === 0) {
    said.textContent = "No suggestions. Enter searches everything.";
  } else {
    said.textContent = `${count} ${count === 1 ? "suggestion" : "suggestions"}. Go through them with the arrow keys.`;
  }
}

async function ask(text) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const url = `${form.dataset.suggestions}?${new URLSearchParams({ q: text })}`;
    const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
    const options = response.ok ? await response.text() : "";
    if (signal.aborted) {
      return;
    }
    list.innerHTML = options;
    list.scrollTop = 0;
    answered = text;
    activate(null);
    if (list.childElementCount) {
      open();
    } else {
      close();
    }
    announce();
  } catch {
    // A newer text is on its way, or there is no network: the box still works as a form.
  }
}

function typed() {
  const text = box.value.trim();
  clearTimeout(waiting);
  asking?.abort();
  if ((text.match(/[\p{L}\p{N}]/gu) ?? []).length < SHORTEST) {
    list.replaceChildren();
    answered = "";
    close();
  } else if (text === answered) {
    open();
  } else {
    waiting = setTimeout(ask, WAIT, text);
  }
}

/** Up and down go round, through the options and back to the first or last. */
function step(by) {
  const all = options();
  const at = all.indexOf(active());
  activate(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
}

box.addEventListener("input", (event) => {
  activate(null);
  if (!event.isComposing) {
    typed();
  }
});
box.addEventListener("compositionend", typed);

box.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey) {
    return;
  }
  switch (event.key) {
    case "ArrowDown":
    case "ArrowUp":
      if (event.altKey && event.key === "ArrowUp") {
        close();
      } else if (list.hidden && answered !== box.value.trim()) {
        typed();
      } else {
        open();
        if (!list.hidden && !event.altKey) {
          step(event.key === "ArrowDown" ? 1 : -1);
        }
      }
      event.preventDefault();
      break;
    case "Enter":
      if (!list.hidden && active()) {
        event.preventDefault();
        active().click();
      } else {
        close();
      }
      break;
    case "Escape":
      if (list.hidden) {
        box.value = "";
        typed();
      } else {
        close();
      }
      event.preventDefault();
      break;
    case "Home":
    case "End":
    case "ArrowLeft":
    case "ArrowRight":
      activate(null); // back to the text, where the key then does what it always does
      break;
  }
});

// Pressing an option must not take the focus away, or the list would be gone before the click.
list.addEventListener("mousedown", (event) => event.preventDefault());
box.addEventListener("blur", close);
// A page that comes back as it was left begins anew.
addEventListener("pageshow", close);
