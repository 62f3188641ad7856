/** Forms in place: Enter keeps (in a list of choices too), Escape gives up. The server answers with the cell. */
import { island } from "./islands";
import { fieldChanged } from "./widget";

island("cell", (cell) => {
  // A field saved here makes a new version: other forms of the record on this screen would think it somebody else's.
  const { record, version, label, value } = cell.dataset;
  if (record && label !== undefined && value !== undefined) fieldChanged(record, label, value);
  if (record && version) {
    for (const form of document.querySelectorAll<HTMLFormElement>(`form[data-version-of="${CSS.escape(record)}"]`)) {
      const field = form.querySelector<HTMLInputElement>("input[name='version']");
      if (field) field.value = version;
    }
  }
  cell.addEventListener("keydown", (event) => {
    const cancel = cell.querySelector<HTMLElement>("[data-cancel]");
    if (event.key === "Escape" && cancel) {
      event.preventDefault();
      event.stopPropagation();
      cancel.click();
    } else if (event.key === "Enter" && event.target instanceof HTMLSelectElement && cell instanceof HTMLFormElement) {
      event.preventDefault();
      cell.requestSubmit();
    }
  });
});
