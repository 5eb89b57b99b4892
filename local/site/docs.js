// Swagger UI over the local shop: one click signs in, and a missing Idempotency-Key is made up.
const people = document.getElementById("people");
const who = document.getElementById("who");
const place = document.getElementById("docs");

const ui = SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  persistAuthorization: true,
  tryItOutEnabled: true,
  tagsSorter: "alpha",
  requestInterceptor: (request) => {
    if (request.method === "POST" && !request.headers["idempotency-key"])
      request.headers["idempotency-key"] = crypto.randomUUID();
    return request;
  },
});

people.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { login, password } = event.submitter.dataset;
  who.textContent = "signing in …";
  try {
    const answer = await fetch(people.dataset.signIn, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ login, password }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.title);
    ui.preauthorizeApiKey("token", said.access_token);
    who.textContent = `${login} is signed in for ten minutes`;
  } catch (refused) {
    who.textContent = refused.message;
  }
});
