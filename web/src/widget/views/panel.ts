/** The panel: header, conversation or history, input. */
import { html, nothing, type TemplateResult } from "lit";
import { composer } from "./composer";
import { handover } from "./handover";
import { history } from "./history";
import { iconButton, mark } from "./icons";
import { log } from "./log";
import type { Surface } from "./surface";

function header(surface: Surface): TemplateResult {
  const { t, page, wide, full, session } = surface;
  const titles = { talk: t.title, history: t.history, handover: t.handOver };
  return html`<header class="top" part="header">
    ${page === "talk" ? html`<span class="badge">${mark()}</span>` : iconButton("back", t.back, () => surface.show("talk"))}
    <h2 id="title">${titles[page]}</h2>
    <div class="tools">
      ${page === "talk" ? iconButton("history", t.history, () => surface.show("history")) : nothing}
      ${iconButton("plus", t.newConversation, () => surface.startNew())}
      ${page === "talk" && session.chat?.conversation ? iconButton("person", t.handOver, () => surface.show("handover")) : nothing}
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
    ${surface.page === "history" ? history(surface) : surface.page === "handover" ? handover(surface) : html`${log(surface)} ${composer(surface)}`}
  </div>`;
}
