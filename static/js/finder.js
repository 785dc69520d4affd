/** Says what the finder found, and takes a reader who pressed Find to the answer.
 *
 * The answer itself is fetched by htmx; without scripts the form does the same by loading the page.
 */

const status = document.getElementById("finder-status");

function say(text, visibly) {
  status.className = visibly ? "notice notice-warning" : "visually-hidden";
  status.textContent = text;
}

document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "answer") {
    return;
  }
  say(document.getElementById("answer-summary")?.textContent ?? "Nothing is asked.", false);
  if (detail.requestConfig.triggeringEvent?.type === "submit") {
    document.getElementById("answer-title").focus();
  }
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(failure, () => say("That could not be fetched. Please try again.", true));
}
