/** The conversation. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { cardsOf } from "../cards/card";
import { cardView } from "../cards/registry";
import { textLink } from "../cards/simple";
import { markdown } from "../markdown/view";
import type { Item } from "../talk/items";
import type { Turn } from "../talk/turn";
import { handed } from "./handover";
import { opinion } from "./opinion";
import type { Surface } from "./surface";
import { suggestions, welcome } from "./welcome";

/** Whether a later reply shows the proposal of this one. */
function shownLater(item: Item, rest: readonly Item[]): boolean {
  const code = item.kind === "reply" ? item.reply.proposal?.code : undefined;
  return code !== undefined && rest.some((other) => other.kind === "reply" && other.reply.proposal?.code === code);
}

function itemView(item: Item, last: boolean, again: boolean, surface: Surface): TemplateResult {
  const { t } = surface;
  switch (item.kind) {
    case "mine":
      return html`<article class="mine" part="question"><span class="hidden">${t.you}: </span>${item.text}</article>`;
    case "reply": {
      const host = surface.cards(item);
      return html`<article class="robo" id="reply-${item.id}" part="reply">
        <span class="hidden">${t.robo}: </span>
        ${cardsOf(item, last, again).map((card) => cardView(card, host, item.id))} ${item.reply.kind === "clarification" ? nothing : opinion(item, surface)}
      </article>`;
    }
    case "handed":
      return handed(item.handover, surface, (words) => streamed(words, surface));
    case "said":
      return html`<article class="robo">
        <span class="hidden">${t.robo}: </span>
        ${item.text === "" ? nothing : streamed(item.text, surface)}
        ${item.stopped ? cardView({ type: "notice", text: t.stopped }, surface.plainCards(), item.id) : nothing}
      </article>`;
    case "trouble": {
      const again = item.again === null ? null : () => surface.sendAgain(item);
      return cardView({ type: "trouble", trouble: item.trouble, again }, surface.plainCards(), item.id);
    }
  }
}

/** A text without its sources, as while it comes: the numbers in it lead nowhere. */
function streamed(text: string, surface: Surface): TemplateResult {
  const marks = new Set(Array.from(text.matchAll(/\[(\d{1,2})\]/g), (found) => Number(found[1])));
  const cite = (n: number): TemplateResult => html`<span class="mark">${n}</span>`;
  return html`<div class="text" part="answer">
    ${markdown(text, marks, { link: textLink(surface.plainCards()), cite })}
  </div>`;
}

/** What is on its way. It stands outside the log, so that a screen reader is not read every word as it comes. */
function running(turn: Turn, surface: Surface): TemplateResult {
  const { t } = surface;
  const doing = turn.searching ? t.searching : turn.step || t.working;
  return html`<article class="robo running" aria-hidden="true">
    ${turn.text === "" ? nothing : streamed(turn.text, surface)}
    <p class="progress">
      <span class="dots"><i></i><i></i><i></i></span>${turn.text === "" || turn.searching ? doing : nothing}
    </p>
  </article>`;
}

/** The words said politely beside the log: what is being done, and that it is done. */
function status(surface: Surface): string {
  const chat = surface.session.chat;
  const turn = chat?.turn ?? null;
  if (chat?.loading) return surface.t.loading;
  if (turn !== null) return turn.searching ? surface.t.searching : (turn.step ?? surface.t.working);
  return chat?.items.at(-1)?.kind === "reply" ? surface.t.ready : "";
}

/** The scrolling part of the panel. */
export function log(surface: Surface): TemplateResult {
  const { session, t } = surface;
  const chat = session.chat;
  const items = chat?.items ?? [];
  const turn = chat?.turn ?? null;
  const empty = items.length === 0 && turn === null && !chat?.loading;
  return html`<div class="scroller" part="messages" tabindex="0" role="region" aria-label=${t.title}>
    ${empty ? welcome(surface) : nothing}
    <div class="log" role="log" aria-live="polite" aria-relevant="additions" aria-busy=${String(chat?.loading ?? false)}>
      ${repeat(
        items,
        (item) => item.id,
        (item, index) => itemView(item, index === items.length - 1 && turn === null, shownLater(item, items.slice(index + 1)), surface),
      )}
    </div>
    ${turn === null ? nothing : running(turn, surface)}
    ${chat?.loading ? html`<p class="progress" aria-hidden="true"><span class="dots"><i></i><i></i><i></i></span>${t.loading}</p>` : nothing}
    ${!empty && turn === null && surface.newScreen ? suggestions(surface) : nothing}
    ${session.trouble === null
      ? nothing
      : html`${cardView({ type: "trouble", trouble: session.trouble, again: null }, surface.plainCards(), "start")}
          <button class="plain retry" @click=${() => surface.retry()}>${t.retry}</button>`}
    <p class="hidden" role="status">${status(surface)}</p>
  </div>`;
}
