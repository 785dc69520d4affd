// Nothing that was typed into the form of a claim is lost by leaving its page, or by signing in anew meanwhile.
const form = document.querySelector("form[id$='_form']");

if (form) {
  const fields = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const opened = `${fields()}`;
  // What was refused is on the page and nowhere else.
  const refused = form.querySelector(".errornote, .errorlist") !== null;
  let sent = false;

  form.addEventListener("submit", () => {
    // Signing in, also in another window, makes the token that came with the page worthless.
    const now = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (now) form.elements.csrfmiddlewaretoken.value = now;
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
  addEventListener("beforeunload", (event) => {
    if (!sent && (refused || `${fields()}` !== opened)) event.preventDefault();
  });
}
