/** The panel: header, conversation or history, input. */
import { html, nothing, type TemplateResult } from "lit";
import { composer } from "./composer";
import { history } from "./history";
import { icon, type IconName, mark } from "./icons";
import { log } from "./log";
import type { Surface } from "./surface";

/** A button that is a drawing; its words are read out and shown on hovering. */
export function iconButton(name: IconName, label: string, act: () => void, part = ""): TemplateResult {
  return html`<button class="icon-button" part=${part || nothing} aria-label=${label} title=${label} @click=${act}>
    ${icon(name)}
  </button>`;
}

function header(surface: Surface): TemplateResult {
  const { t, page, wide, full } = surface;
  return html`<header class="top" part="header">
    ${page === "history"
      ? iconButton("back", t.back, () => surface.show("talk"))
      : html`<span class="badge">${mark()}</span>`}
    <h2 id="title">${page === "history" ? t.history : t.title}</h2>
    <div class="tools">
      ${page === "talk" ? iconButton("history", t.history, () => surface.show("history")) : nothing}
      ${iconButton("plus", t.newConversation, () => surface.startNew())}
      ${full ? nothing : iconButton(wide ? "narrow" : "wide", wide ? t.narrow : t.widen, () => surface.toggleWide())}
      ${iconButton("close", t.close, () => surface.close())}
    </div>
  </header>`;
}

/** The open panel. On a phone it is a dialog that keeps the focus; elsewhere the page beside it stays usable. */
export function panel(surface: Surface): TemplateResult {
  return html`<div
    class="panel ${surface.wide ? "wide" : ""}"
    part="panel"
    role="dialog"
    aria-modal=${surface.full ? "true" : nothing}
    aria-labelledby="title"
  >
    ${header(surface)}
    ${surface.page === "history" ? history(surface) : html`${log(surface)} ${composer(surface)}`}
  </div>`;
}
