/** What a list with filters does beyond htmx: short addresses, and focus that is never lost. */

const listing = document.querySelector(".listing");
const form = document.querySelector("#filter-form");

/** An empty field asks for nothing, so it stays out of the address. */
listing.addEventListener("htmx:configRequest", ({ detail }) => {
  const filled = [...detail.formData].filter(([, value]) => value !== "");
  for (const name of new Set(detail.formData.keys())) {
    detail.formData.delete(name);
  }
  for (const [name, value] of filled) {
    detail.formData.append(name, value);
  }
});

/** Typed text is asked for with Enter or the button: leaving its field must not ask once more. */
form.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("input:not([type='checkbox'], [type='date'])")) {
      event.stopPropagation();
    }
  },
  { capture: true },
);

// Focus ---------------------------------------------------------------------------------------------------------------

let submitted = false;

form.addEventListener("submit", () => {
  submitted = true;
});

function bringIntoView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) {
    element.scrollIntoView();
  }
}

listing.addEventListener("htmx:afterSettle", () => {
  const refused = document.querySelector("#problems > *");
  if (refused) {
    bringIntoView(refused);
  } else if (submitted) {
    // On a phone the results lie below the filters: the button leads to them.
    bringIntoView(document.querySelector("#result-count"));
  }
  // What was pressed may be gone, as a filter that was taken away is.
  if (document.activeElement === document.body || (submitted && !refused)) {
    document.querySelector("#results").focus({ preventScroll: true });
  }
  submitted = false;
});
