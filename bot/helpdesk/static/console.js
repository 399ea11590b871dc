/* The console: what is typed is kept, what is shown is live, and everything can be done by keyboard. */
import { keepFilters } from "./filtering.js";
import { keepTyping } from "./keeping.js";
import { keepLive } from "./live.js";
import { takeKeys } from "./keys.js";
import { helpWriting } from "./writing.js";

const trouble = document.getElementById("trouble");
let troubled = null;

/* Says what went wrong with what an element asked for; it is over when the same element gets an answer. */
function tell(text, element) {
  trouble.replaceChildren();
  troubled = element;
  const paragraph = document.createElement("p");
  paragraph.className = "notice refused";
  paragraph.textContent = text;
  if (element.matches("form")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Réessayer";
    button.addEventListener("click", () => element.requestSubmit());
    paragraph.append(" ", button);
  }
  trouble.append(paragraph);
}

keepTyping(document.body.dataset.agent);
keepFilters();
keepLive();
takeKeys();
helpWriting();

const LOST = "Pas de connexion. Rien n'est perdu : ce que vous avez écrit est gardé ici.";
const FAILED = "Le service ne répond pas comme prévu. Ce que vous avez écrit est gardé ici.";

document.addEventListener("htmx:sendError", ({ detail }) => tell(LOST, detail.elt));
document.addEventListener("htmx:timeout", ({ detail }) => tell(LOST, detail.elt));
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 401) {
    /* The page itself is not left: what is typed stays, and comes back after signing in. */
    document.getElementById("told").innerHTML = detail.xhr.responseText;
    document.getElementById("told").scrollIntoView({ block: "center" });
  } else tell(FAILED, detail.elt);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt === troubled && detail.xhr.status) trouble.replaceChildren();
});

/* What became of a deed is read where it stands. */
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "told" && detail.target.firstElementChild) {
    detail.target.scrollIntoView({ block: "nearest" });
  }
});

document.body.dataset.ready = "";
