// While a claim is typed, asks the server what looks wrong with it. The rules are the server's; this only shows them.
const PAUSE = 600;
const panel = document.getElementById("plausible");
const form = panel?.closest("form");

if (form && panel.dataset.check) {
  const status = document.getElementById("plausible-status");
  let timer;
  let asking;

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const response = await fetch(panel.dataset.check, {
        method: "POST",
        body: new FormData(form),
        signal: asking.signal,
      });
      if (response.redirected) {
        status.textContent = "You are signed out. Sign in in another window before you save here.";
        status.hidden = false;
        return;
      }
      if (!response.ok) return;
      const said = await response.text();
      // Never under the hands of somebody who is typing a reason.
      if (panel.contains(document.activeElement)) return;
      const reasons = new Map([...panel.querySelectorAll("textarea")].map((area) => [area.name, area.value]));
      panel.innerHTML = said;
      for (const area of panel.querySelectorAll("textarea")) area.value = reasons.get(area.name) ?? area.value;
      const found = panel.querySelectorAll("li").length;
      status.querySelector("a").textContent = found ? `${found} to look at: implausible or contradictory` : "";
      status.hidden = !found;
    } catch (problem) {
      if (problem.name !== "AbortError") status.hidden = true; // offline: the checks come with saving
    }
  };

  const soon = (event) => {
    if (panel.contains(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // What is chosen by searching tells only jQuery.
  window.django?.jQuery(form).on("select2:select select2:clear", soon);
}
