/** A field with a text to take along, and the button that copies it. */
import { island } from "./islands";

island("copy", (box) => {
  const field = box.querySelector("input");
  const button = box.querySelector("button");
  if (!field || !button) return;
  field.focus();
  field.select();
  button.addEventListener("click", () => {
    field.select();
    void navigator.clipboard?.writeText(field.value).then(() => {
      button.textContent = button.dataset["copied"] ?? "";
    });
  });
});
