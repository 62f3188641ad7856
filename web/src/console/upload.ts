/** Forms that send a file: one too large is told at once, and a bar shows how far sending is. */
import { island } from "./islands";

interface Sent {
  lengthComputable: boolean;
  loaded: number;
  total: number;
}

island("upload", (form) => {
  const file = form.querySelector<HTMLInputElement>("input[type='file']");
  const box = form.querySelector<HTMLElement>(".upload-progress");
  const bar = box?.querySelector("progress");
  const label = box?.querySelector("span");
  const button = form.querySelector<HTMLButtonElement>("button[type='submit']");
  if (!file || !box || !bar || !label) return;

  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    const tooLarge = chosen !== undefined && chosen.size > Number(file.dataset["most"]);
    file.setCustomValidity(tooLarge ? (file.dataset["tooLarge"] ?? "").replace("%file%", chosen.name) : "");
    file.reportValidity();
  });

  form.addEventListener("htmx:beforeRequest", () => {
    box.hidden = false;
    bar.value = 0;
    label.textContent = box.dataset["sending"] ?? "";
    if (button) button.disabled = true;
  });
  form.addEventListener("htmx:xhr:progress", (event) => {
    const sent = (event as CustomEvent<Sent>).detail;
    // The answer's own progress comes under the same name, after the file is through.
    if (!sent.lengthComputable || !bar.hasAttribute("value")) return;
    bar.value = Math.round((100 * sent.loaded) / sent.total);
    if (sent.loaded >= sent.total) {
      bar.removeAttribute("value");
      label.textContent = box.dataset["reading"] ?? "";
    }
  });
  form.addEventListener("htmx:afterRequest", () => {
    box.hidden = true;
    bar.value = 0;
    if (button) button.disabled = false;
  });
});
