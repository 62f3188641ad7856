/** Under a reply: copy it, say whether it helped, and why. */
import { html, nothing, type TemplateResult } from "lit";
import type { Rating } from "../../api";
import type { ReplyItem } from "../talk/items";
import { icon } from "./icons";
import type { Surface } from "./surface";

const LONGEST = 1000;

function thumb(item: ReplyItem, rating: Rating, surface: Surface): TemplateResult {
  const label = rating === 1 ? surface.t.helpful : surface.t.unhelpful;
  return html`<button
    class="icon-button small"
    aria-label=${label}
    title=${label}
    aria-pressed=${String(item.rating === rating)}
    @click=${() => surface.rate(item, rating)}
  >
    ${icon(rating === 1 ? "up" : "bad")}
  </button>`;
}

function form(item: ReplyItem, surface: Surface): TemplateResult | typeof nothing {
  const { opinion, t } = surface;
  if (opinion === null || opinion.id !== item.id) return nothing;
  if (opinion.state === "thanks") return html`<p class="remark" role="status">${t.thanks}</p>`;
  if (opinion.state === "failed") return html`<p class="bad" role="alert">${t.troubles.server}</p>`;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    surface.giveReason(item, String(new FormData(event.target as HTMLFormElement).get("reason") ?? "").trim());
  };
  return html`<form class="reason" @submit=${submit}>
    <label for="reason-${item.id}">${opinion.rating === 1 ? t.reasonGood : t.reasonBad}</label>
    <textarea id="reason-${item.id}" name="reason" rows="2" maxlength=${LONGEST} data-focus=${item.id}></textarea>
    <button class="plain">${t.reasonSend}</button>
  </form>`;
}

/** The row of small buttons under a reply, and the form it opens. */
export function opinion(item: ReplyItem, surface: Surface): TemplateResult {
  const { t } = surface;
  const copied = surface.copied === item.id;
  return html`<div class="opinion">
      <button class="icon-button small" aria-label=${t.copy} title=${t.copy} @click=${() => surface.copy(item)}>
        ${icon(copied ? "check" : "copy")}
      </button>
      ${thumb(item, 1, surface)} ${thumb(item, -1, surface)}
      <span class="remark" role="status">${copied ? t.copied : ""}</span>
    </div>
    ${form(item, surface)}`;
}
