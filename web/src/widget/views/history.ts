/** Earlier conversations, to open one again. */
import { html, type TemplateResult } from "lit";
import { moment } from "../numbers";
import type { Surface } from "./surface";

/** The list, newest first. */
export function history(surface: Surface): TemplateResult {
  const { history: rows, t, locale, session } = surface;
  if (rows === "loading") return html`<p class="remark padded" role="status">${t.loading}</p>`;
  if (rows === "failed") {
    return html`<div class="padded">
      <p class="bad" role="alert">${t.troubles.unreachable}</p>
      <button class="plain" @click=${() => surface.show("history")}>${t.retry}</button>
    </div>`;
  }
  if (rows.length === 0) return html`<p class="remark padded">${t.historyEmpty}</p>`;
  return html`<ul class="history" part="history" tabindex="0" data-focus="history" aria-label=${t.history}>
    ${rows.map(
      (row) => html`<li>
        <button
          aria-current=${row.id === session.chat?.conversation ? "true" : "false"}
          @click=${() => surface.openConversation(row.id)}
        >
          <span class="name">${row.title}</span>
          <time class="detail" datetime=${row.created_at}>${moment(row.created_at, locale)}</time>
        </button>
      </li>`,
    )}
  </ul>`;
}
