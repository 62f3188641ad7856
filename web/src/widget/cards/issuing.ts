/** Issuing an offer: asked back once, in place, because it cannot be undone. */
import { html, nothing, type TemplateResult } from "lit";
import type { Offer } from "../../api";
import { fill } from "../strings";
import type { ReplyItem } from "../talk/items";
import { icon } from "../views/icons";
import type { CardHost } from "./host";
import { sentence } from "./trouble";

/** The key of what this card is doing. */
export function issueKey(number: string): string {
  return `${number}/issue`;
}

function asking(offer: Offer, item: ReplyItem, host: CardHost, working: boolean): TemplateResult {
  const { t } = host;
  return html`<div class="confirm" role="group" aria-label=${fill(t.issueAsk, { number: offer.number })}>
    <p><strong>${fill(t.issueAsk, { number: offer.number })}</strong> ${t.issueWhat}</p>
    <button class="main" data-focus=${issueKey(offer.number)} ?disabled=${working} @click=${() => host.issue(item)}>
      ${working ? t.issuing : t.issueYes}
    </button>
    <button class="plain" ?disabled=${working} @click=${() => host.setStage(issueKey(offer.number), null)}>
      ${t.cancel}
    </button>
  </div>`;
}

/** The button, the question and what came of it. */
export function issuing(offer: Offer, item: ReplyItem, host: CardHost): TemplateResult | typeof nothing {
  const { t } = host;
  const key = issueKey(offer.number);
  const stage = host.stage(key);
  const failed =
    stage?.at === "failed"
      ? html`<p class="bad" role="alert">${sentence(stage.trouble, t, host.locale, host.server)}</p>`
      : nothing;
  if (offer.state === "issued") {
    const where = offer.opportunity ? html` ${t.opportunity}: ${offer.opportunity.code}` : nothing;
    return stage?.at === "done"
      ? html`<p class="done" role="status" tabindex="-1" data-focus=${key}>${icon("check")}<span>${stage.text}${where}</span></p>`
      : failed;
  }
  if (offer.state === "awaiting_approval") {
    return offer.warnings.length > 0 ? failed : html`<p class="remark">${t.awaitingApproval}</p>${failed}`;
  }
  if (offer.state !== "draft") return failed;
  if (stage?.at === "asking" || stage?.at === "working") return asking(offer, item, host, stage.at === "working");
  return html`<button class="main" part="issue" @click=${() => host.setStage(key, { at: "asking" })}>${t.issue}</button>${failed}`;
}
