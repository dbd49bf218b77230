// Sends the time zone of this device along with a form, so that nobody has to choose one at sign-up.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-device-time-zone]")) field.value = zone ?? "";
