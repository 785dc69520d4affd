/* Shows the schema in Swagger UI. Nothing of it is sent to a validator elsewhere. */
const place = document.getElementById("documentation");
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  docExpansion: "none",
  tryItOutEnabled: true,
});
