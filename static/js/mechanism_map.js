/** Makes the mechanism map easier to follow: the pathway in use shows its arrows, and the legend picks out stages.
    Without scripts the map has the same content and links. */

/** Marks the arrows of the pathway called `slug`, both ways, and the pathways at their other ends; none for null. */
function trace(figure, slug) {
  const joined = new Set();
  for (const arrow of figure.querySelectorAll(".arrow")) {
    const near = slug !== null && [arrow.dataset.from, arrow.dataset.to].includes(slug);
    arrow.classList.toggle("near", near);
    if (near) {
      joined.add(arrow.dataset.from).add(arrow.dataset.to);
    }
  }
  for (const frame of figure.querySelectorAll(".frame")) {
    frame.classList.toggle("near", joined.has(frame.dataset.pathway));
  }
  figure.classList.toggle("tracing", joined.size > 0);
}

// On the document: a drawing that listens for focus itself would become a stop of the Tab key.
let traced = null;
function follow(event) {
  const pathway = event.target.closest?.("[data-pathway]");
  const figure = pathway?.closest("svg") ?? null;
  if (traced && traced !== figure) {
    trace(traced, null);
  }
  if (figure) {
    trace(figure, pathway.dataset.pathway);
  }
  traced = figure;
}
document.addEventListener("pointerover", follow);
document.addEventListener("focusin", follow);

/** Turns the legend's stages into buttons: treatments of the stages pressed stay, the others step back. */
function offerStages(legend) {
  const treatments = document.querySelectorAll(".mechmap-figure .treatment");
  const chosen = new Set();
  for (const item of legend.querySelectorAll("[data-stage]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.append(...item.childNodes);
    button.addEventListener("click", () => {
      const pressed = chosen.delete(item.dataset.stage) ? false : Boolean(chosen.add(item.dataset.stage));
      button.setAttribute("aria-pressed", String(pressed));
      for (const treatment of treatments) {
        treatment.classList.toggle("back", chosen.size > 0 && !chosen.has(treatment.dataset.stage));
      }
    });
    item.append(button);
  }
}

document.querySelectorAll("[data-stages]").forEach(offerStages);
