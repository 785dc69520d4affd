/** Copies text: a button with `data-copy="the text"` puts it on the clipboard and says so.
 *
 * The button may come later than this script. Its label becomes "Copied" for a moment; screen readers are told.
 * site.css hides such buttons where scripts do not run.
 */

const SHOWN_FOR = 2000;
const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.body.append(said);

/** Copies by selecting: pages served without TLS have no clipboard of their own. */
function copyBySelecting(text) {
  const area = document.createElement("textarea");
  const before = document.activeElement;
  area.value = text;
  area.className = "visually-hidden";
  // Inside an open dialog nothing outside of it can be selected.
  (before?.closest("dialog") ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus({ preventScroll: true });
  return copied;
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by the reader or the browser: the other way may still work.
    }
  }
  return copyBySelecting(text);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const copied = await copy(button.dataset.copy);
  button.dataset.label ??= button.textContent;
  button.textContent = copied ? "Copied" : "Could not copy";
  said.textContent = "";
  setTimeout(() => {
    said.textContent = button.textContent;
  }, 50);
  setTimeout(() => {
    button.textContent = button.dataset.label;
  }, SHOWN_FOR);
});
