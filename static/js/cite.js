/** Keeps the citation of a page true when htmx changes its address in place. */

function renew() {
  const shown = document.querySelector(".cite [data-page-address]");
  if (!shown) {
    return;
  }
  const before = shown.textContent;
  const after = new URL(location.pathname + location.search, before).href;
  const button = document.querySelector(".cite [data-copy]");
  button.dataset.copy = button.dataset.copy.replace(before, () => after);
  shown.textContent = after;
}

document.addEventListener("htmx:pushedIntoHistory", renew);
document.addEventListener("htmx:replacedInHistory", renew);
