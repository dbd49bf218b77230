// Says in words what happened when the browser's passkey dialog ends without a passkey. allauth's own scripts do the talking
// to the authenticator and send "allauth.error" when it fails.

const sentences = {
  NotAllowedError: "No passkey was given. The dialog was closed, took too long, or this device holds no passkey for this site.",
  InvalidStateError: "This device already holds a key of your account.",
  SecurityError: "Passkeys work only over a secure connection to this site's own address.",
  NotSupportedError: "This device cannot make such a key. Try another one.",
};

// Where one is being added, nothing is missing from the device; but the device may be too plain for a passkey.
if (document.querySelector("[data-passkey-adding]")) {
  sentences.NotAllowedError =
    "Nothing was added. The dialog was closed, took too long, or this key cannot be a passkey: choose “Security key” for it.";
}

function say(sentence) {
  for (const place of document.querySelectorAll("[data-passkey-status]")) {
    const text = document.createElement("p");
    text.className = "status-line status-line-bad";
    text.textContent = sentence;
    place.replaceChildren(text);
  }
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(sentences[event.detail.exception?.name] ?? "That did not work. Try again, or use your password.");
});

if (!window.PublicKeyCredential) {
  say("This browser cannot use passkeys here. They need a secure connection and a current browser.");
}
