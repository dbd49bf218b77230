/* Signing in, in whatever tab, changes the token of every form. So a form takes it from its cookie when it is sent, be it
   by the browser, by htmx or by a module of ours. */

const FIELD = "csrfmiddlewaretoken";

document.addEventListener("formdata", ({ formData }) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1];
  if (token && formData.has(FIELD)) formData.set(FIELD, token);
});
