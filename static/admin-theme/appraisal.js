// The evidence that an appraisal can rest on: asked for within the treatment, manifestation, antibody and population
// that the form names at that moment.

const SCOPE = ["treatment", "manifestation", "autoantibody", "population"];

window.django.jQuery.ajaxPrefilter((options) => {
  const asked = new URLSearchParams(options.data);
  if (asked.get("model_name") !== "appraisalevidence") return;
  for (const name of SCOPE) {
    const value = document.getElementById(`id_${name}`)?.value;
    if (value) asked.set(name, value);
  }
  options.data = asked.toString();
});
