/** The console's script: htmx for parts of screens, the finder, the widget's context, and the islands. */
import htmx from "htmx.org";
import "./calendar";
import "./board";
import "./cell";
import "./copy";
import { startFinder } from "./finder";
import { mountIslands } from "./islands";
import "./offer-editor";
import "./upload";
import { bootWidget, tellWidget, wasRenewed } from "./widget";

document.addEventListener("DOMContentLoaded", () => {
  startFinder();
  bootWidget();
  mountIslands(document.body);
});

htmx.onLoad((added) => {
  if (added instanceof HTMLElement) mountIslands(added);
});

// A followed link swaps the page: the new screen takes the focus and is told to the widget.
document.addEventListener("htmx:afterSettle", (event) => {
  const target = (event as CustomEvent<{ target: Element }>).detail.target;
  if (target.id !== "page") return;
  tellWidget();
  if (wasRenewed()) return;
  const wrong = document.querySelector<HTMLElement>("#main [aria-invalid='true'], #main [autofocus]");
  (wrong ?? document.getElementById("main"))?.focus({ preventScroll: wrong === null });
});

document.addEventListener("click", (event) => {
  const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("button, a") : null;
  if (!pressed) return;
  if (pressed.hasAttribute("data-disabled")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (pressed.hasAttribute("data-menu")) {
    const open = document.getElementById("page")?.classList.toggle("menu-open") ?? false;
    pressed.setAttribute("aria-expanded", String(open));
  }
}, { capture: true });

// A form asked to be sure about (data-confirm) is sent only after a yes.
document.addEventListener("submit", (event) => {
  const question = event.target instanceof HTMLElement ? event.target.dataset["confirm"] : undefined;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, { capture: true });

document.addEventListener("change", (event) => {
  const field = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-submit-on-change]") : null;
  field?.closest("form")?.requestSubmit();
});
