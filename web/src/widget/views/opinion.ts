/** Under a reply: copy it, say whether it helped and why not, or take it to a person. */
import { html, nothing, type TemplateResult } from "lit";
import type { Rating } from "../../api";
import type { ReplyItem } from "../talk/items";
import { icon, iconButton } from "./icons";

import type { Surface } from "./surface";

const LONGEST = 1000;
const REASONS = ["wrong", "outdated", "incomplete", "not_understood", "other"] as const;

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

function person(surface: Surface): TemplateResult {
  return html`<button type="button" class="plain" part="ask-person" @click=${() => surface.show("handover")}>${icon("person")}${surface.t.handOver}</button>`;
}

function form(item: ReplyItem, surface: Surface): TemplateResult | typeof nothing {
  const { opinion, t } = surface;
  if (opinion === null || opinion.id !== item.id) return nothing;
  const { state } = opinion;
  if (state === "failed") return html`<p class="bad" role="alert">${t.troubles.server}</p>`;
  if (state === "thanks") {
    return html`<p class="remark" role="status" tabindex="-1" data-focus="thanks">${t.thanks}</p>${item.rating === -1 ? html`<div>${person(surface)}</div>` : nothing}`;
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const choice = REASONS.find((reason) => reason === given.get("choice")) ?? null;
    surface.giveReason(item, choice, String(given.get("reason") ?? "").trim());
  };
  return html`<form class="reason" @submit=${submit}>
    <fieldset>
      <legend>${t.reasonBad}</legend>
      ${REASONS.map(
        (reason, at) => html`<label class="chip">
          <input type="radio" name="choice" value=${reason} data-focus=${at === 0 ? item.id : nothing} .checked=${item.choice === reason} />${t.reasons[reason]}
        </label>`,
      )}
    </fieldset>
    <label for="reason-${item.id}">${t.reasonWords}</label>
    <textarea id="reason-${item.id}" class="entry" name="reason" rows="2" maxlength=${LONGEST} .value=${item.reason ?? ""}></textarea>
    <div class="row">
      <button class="plain">${t.reasonSend}</button>
      <button type="button" class="plain" @click=${() => surface.takeBack(item)}>${t.takeBack}</button>
    </div>
  </form>`;
}

/** The row of small buttons under a reply, and the form it opens. */
export function opinion(item: ReplyItem, surface: Surface): TemplateResult {
  const { t } = surface;
  const copied = surface.copied === item.id;
  const asking = surface.opinion?.id === item.id;
  return html`<div class="opinion">
      ${iconButton(copied ? "check" : "copy", t.copy, () => surface.copy(item), "", "small")} ${thumb(item, 1, surface)} ${thumb(item, -1, surface)}
      <span class="remark" role="status">${copied ? t.copied : ""}</span>
    </div>
    ${form(item, surface)} ${item.reply.abstained && !asking ? html`<div>${person(surface)}</div>` : nothing}`;
}
