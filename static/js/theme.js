/** Lets a reader keep light or dark whatever the system says. Without scripts the system decides. */

const KEY = "theme";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

/** The stored choice, or null; a browser may refuse storage altogether. */
function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function shown() {
  return root.dataset.theme ?? (system.matches ? "dark" : "light");
}

const choice = stored();
if (choice === "light" || choice === "dark") {
  root.dataset.theme = choice;
}

function addToggle() {
  const place = document.querySelector("[data-theme-toggle]");
  if (!place) {
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "theme-toggle";
  const name = () => {
    button.textContent = shown() === "dark" ? "Switch to light" : "Switch to dark";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // The choice then lasts for this page only.
    }
    name();
  });
  system.addEventListener("change", name);
  name();
  place.append(button);
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", addToggle);
} else {
  addToggle();
}
