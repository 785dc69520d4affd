/* Shows the schema in ReDoc. */
const place = document.getElementById("documentation");

// ReDoc loads its maker's logo from another site, and has no option against it.
const setAttribute = HTMLImageElement.prototype.setAttribute;
HTMLImageElement.prototype.setAttribute = function (name, value) {
  if (name === "src" && new URL(value, location.href).origin !== location.origin) return;
  setAttribute.call(this, name, value);
};

// Its search works in a worker made from a blob, which the site's policy does not allow.
window.Redoc.init(place.dataset.schema, { disableSearch: true }, place);
