/* Shows the schema in ReDoc. */
const place = document.getElementById("documentation");

// ReDoc loads its maker's logo from another site and has no option against it. Images of other sites stay unloaded,
// whichever of the two ways their address is set.
const image = HTMLImageElement.prototype;
const isOurs = (address) => new URL(address, location.href).origin === location.origin;
const { get, set } = Object.getOwnPropertyDescriptor(image, "src");
Object.defineProperty(image, "src", { get, set(address) { if (isOurs(address)) set.call(this, address); } });
image.setAttribute = function (name, value) {
  if (name !== "src" || isOurs(value)) Element.prototype.setAttribute.call(this, name, value);
};

// Its search works in a worker made from a blob, which the site's policy does not allow.
window.Redoc.init(place.dataset.schema, { disableSearch: true }, place);
