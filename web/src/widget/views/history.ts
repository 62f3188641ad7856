/** Earlier conversations: to find one, go on with it, give it another title, or erase it. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Conversation } from "../../api";
import { sentence } from "../cards/trouble";
import { onEscape } from "../focus";
import { moment } from "../numbers";
import { fill } from "../strings";
import { icon, iconButton } from "./icons";

import type { Surface } from "./surface";

const LONGEST_TITLE = 80;

function renaming(row: Conversation, surface: Surface): TemplateResult {
  const { t, past } = surface;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const title = String(new FormData(event.target as HTMLFormElement).get("title") ?? "").trim();
    if (title !== "") void past.rename(row.id, title);
  };
  return html`<form class="asking" @submit=${submit} @keydown=${onEscape(() => past.cancel())}>
    <input name="title" aria-label=${t.titleOf} maxlength=${LONGEST_TITLE} .value=${row.title} required data-focus="${row.id}/rename" />
    <div class="row">
      <button class="plain" ?disabled=${past.open?.working}>${t.save}</button>
      <button type="button" class="plain" @click=${() => past.cancel()}>${t.cancel}</button>
    </div>
  </form>`;
}

function erasing(row: Conversation, surface: Surface): TemplateResult {
  const { t, past } = surface;
  return html`<div class="asking" role="group" aria-label=${t.eraseAsk} @keydown=${onEscape(() => past.cancel())}>
    <p><strong>${t.eraseAsk}</strong> ${t.eraseWhat}</p>
    <div class="row">
      <button class="plain bad" data-focus="${row.id}/erase" ?disabled=${past.open?.working} @click=${() => void past.erase(row.id)}>${t.eraseYes}</button>
      <button class="plain" @click=${() => past.cancel()}>${t.cancel}</button>
    </div>
  </div>`;
}

function line(row: Conversation, surface: Surface): TemplateResult {
  const { t, past, locale, session } = surface;
  const open = past.open?.id === row.id ? past.open.for : null;
  return html`<li aria-current=${row.id === session.chat?.conversation ? "true" : nothing}>
    <button class="open" data-focus=${row.id} @click=${() => surface.openConversation(row.id)}>
      <span class="name">${row.title || t.untitled}</span>
      <span class="detail">
        <time datetime=${row.created_at}>${moment(row.created_at, locale)}</time>${row.handover ? html` · ${t.handed[row.handover]}` : nothing}
      </span>
    </button>
    ${iconButton("edit", fill(t.rename, { title: row.title }), () => past.ask(row.id, "rename"))}
    ${iconButton("bin", fill(t.erase, { title: row.title }), () => past.ask(row.id, "erase"))}
    ${open === "rename" ? renaming(row, surface) : open === "erase" ? erasing(row, surface) : nothing}
  </li>`;
}

/** The page of earlier conversations, the last one talked in first. */
export function history(surface: Surface): TemplateResult {
  const { past, t, locale, session } = surface;
  const { rows, loading, trouble, search } = past;
  const none = rows.length === 0 && !loading && trouble === null;
  const count = loading ? t.loading : none ? (search.trim() === "" ? t.historyEmpty : t.nothingFound) : "";
  return html`<div class="history" part="history">
    <label class="find">
      ${icon("search")}<span class="hidden">${t.find}</span>
      <input
        type="search"
        class="entry"
        data-focus="history"
        placeholder=${t.find}
        .value=${live(search)}
        @input=${(event: Event) => past.find((event.target as HTMLInputElement).value)}
      />
    </label>
    <p class="remark padded" role="status">${count}</p>
    ${trouble === null
      ? nothing
      : html`<div class="padded">
          <p class="bad" role="alert">${sentence(trouble, t, locale, session.client.url)}</p>
          <button class="plain" @click=${() => void past.load()}>${t.retry}</button>
        </div>`}
    <ul aria-label=${t.history} aria-busy=${String(loading)}>
      ${rows.map((row) => line(row, surface))}
    </ul>
    ${past.more ? html`<button class="plain more" ?disabled=${loading} @click=${() => void past.load(true)}>${t.more}</button>` : nothing}
  </div>`;
}
