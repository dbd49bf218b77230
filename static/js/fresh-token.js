/* Signing in, in whatever tab, changes the token of every form. So a form takes it from its cookie when it is sent, be it
   by the browser, by htmx or by a module of ours. Not where somebody else has signed in since: then the old token has the
   form refused, or it would be sent as theirs. */

const FIELD = "csrfmiddlewaretoken";
const STORED = "person";
const person = document.querySelector("meta[name=person]")?.content;

function remember() {
  try {
    if (person) {
      localStorage.setItem(STORED, person);
    } else {
      localStorage.removeItem(STORED);
    }
  } catch {
    return;
  }
}

function isSomebodyElses() {
  try {
    const newest = localStorage.getItem(STORED);
    return Boolean(person && newest && newest !== person);
  } catch {
    return false;
  }
}

document.addEventListener("formdata", ({ formData }) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1];
  if (token && formData.has(FIELD) && !isSomebodyElses()) formData.set(FIELD, token);
});
remember();
