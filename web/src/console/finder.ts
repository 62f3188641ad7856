/** Ctrl+K: a dialog that finds anything; arrows choose, Enter goes there. */
import htmx from "htmx.org";

/** Wire the finder's dialog, where the page has one. */
export function startFinder(): void {
  const dialog = document.getElementById("finder");
  const field = dialog?.querySelector<HTMLInputElement>("input");
  const list = document.getElementById("findings");
  if (!(dialog instanceof HTMLDialogElement) || !field || !list) return;

  const open = (): void => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    htmx.trigger(field, "find-opened", {});
  };
  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("a[role=option]")];
  const choose = (place: number): void => {
    const all = options();
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const chosen = all[place];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const chosen = (): number => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-find]")) open();
  });
  dialog.addEventListener("click", (event) => {
    // Following a finding closes the dialog; so does a click beside it.
    if (event.target === dialog || (event.target instanceof Element && event.target.closest("a"))) dialog.close();
  });
  field.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = chosen() + (event.key === "ArrowDown" ? 1 : -1);
      choose(next > last ? 0 : next < 0 ? last : next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      options()[Math.max(0, chosen())]?.click();
    }
  });
  list.addEventListener("htmx:afterSettle", () => choose(options().length ? 0 : -1));
}
