/** The offer editor: lines added, removed and moved by mouse and keyboard, and a warning before typed things are lost. */
import htmx from "htmx.org";
import { island } from "./islands";

let made = 0;

island("offer-editor", (element) => {
  const form = element as HTMLFormElement;
  const list = form.querySelector<HTMLElement>("[data-lines]");
  const blank = form.querySelector<HTMLTemplateElement>("template[data-blank-line]");
  const said = form.querySelector<HTMLElement>("[data-said]");
  if (!list || !blank || !said) return;
  let dirty = "dirty" in form.dataset;

  const say = (what: "added" | "removed" | "moved"): void => {
    dirty = true;
    said.textContent = form.dataset[what] ?? "";
    form.dispatchEvent(new CustomEvent("lines-changed"));
  };
  const lines = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-line]")];

  function add(): void {
    made += 1;
    const holder = document.createElement("template");
    holder.innerHTML = blank!.innerHTML.replaceAll("KEY", `j${Date.now().toString(36)}${made}`);
    const line = holder.content.querySelector<HTMLElement>("[data-line]");
    if (!line) return;
    list!.append(line);
    htmx.process(line);
    line.querySelector<HTMLInputElement>("input:not([type=hidden])")?.focus();
    say("added");
  }

  function remove(line: HTMLElement): void {
    const all = lines();
    const place = all.indexOf(line);
    line.remove();
    const next = all[place + 1] ?? all[place - 1];
    (next?.querySelector<HTMLElement>("[name=product]") ?? form.querySelector<HTMLElement>("[data-line-op=add]"))?.focus();
    say("removed");
  }

  function move(line: HTMLElement, up: boolean): void {
    const focused = document.activeElement;
    const other = up ? line.previousElementSibling : line.nextElementSibling;
    if (!other) return;
    if (up) other.before(line);
    else other.after(line);
    if (focused instanceof HTMLElement && line.contains(focused)) focused.focus();
    say("moved");
  }

  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-line-op]") : null;
    if (!button) return;
    event.preventDefault();
    const line = button.closest<HTMLElement>("[data-line]");
    const what = button.dataset["lineOp"];
    if (what === "add") add();
    else if (line && what === "remove") remove(line);
    else if (line) move(line, what === "up");
  });

  form.addEventListener("keydown", (event) => {
    const line = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-line]") : null;
    if (!line) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(line, event.key === "ArrowUp");
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      // The next line, or a new one after the last: nothing is sent by mistake.
      event.preventDefault();
      const next = line.nextElementSibling?.querySelector<HTMLElement>("[name=product]");
      if (next) next.focus();
      else add();
    }
  });

  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });

  // What is wrong with a line is marked at its field, when the answer to typing says so.
  form.addEventListener("htmx:afterSettle", () => {
    for (const line of lines()) {
      const wrong = line.querySelector<HTMLElement>("[data-field]")?.dataset["field"];
      for (const [name, field] of [["product", "product"], ["quantity", "quantity"], ["discount", "discount_percent"]]) {
        const input = line.querySelector(`[name=${field}]`);
        if (wrong === name) input?.setAttribute("aria-invalid", "true");
        else input?.removeAttribute("aria-invalid");
      }
    }
  });

  const gone = (): boolean => {
    if (form.isConnected) return false;
    window.removeEventListener("beforeunload", leaving);
    document.removeEventListener("htmx:beforeRequest", following);
    return true;
  };
  const leaving = (event: BeforeUnloadEvent): void => {
    if (!gone() && dirty) event.preventDefault();
  };
  const following = (event: Event): void => {
    if (gone() || !dirty) return;
    const { elt, target } = (event as CustomEvent<{ elt: Element; target: Element }>).detail;
    if (target.id !== "page" || form === elt) return;
    if (window.confirm(form.dataset["unsaved"] ?? "")) dirty = false;
    else event.preventDefault();
  };
  window.addEventListener("beforeunload", leaving);
  document.addEventListener("htmx:beforeRequest", following);
});
