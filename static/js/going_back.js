/** Shows the page that the address names, even when somebody goes back faster than it loads.
 *
 * Addresses that htmx added belong to one document. Going back among them while that document is still loading changes
 * the address alone: nothing listens yet that would load what belongs to it.
 */

document.addEventListener("DOMContentLoaded", () => {
  const [loaded] = performance.getEntriesByType("navigation");
  if (history.state?.htmx && loaded && new URL(loaded.name).search !== location.search) {
    location.reload();
  }
});
