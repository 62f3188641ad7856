/** Proposed changes: what exactly changes, and the person's decision about it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Proposal } from "../../api";
import { onEscape } from "../focus";
import { fill, plural } from "../strings";
import { resultKey } from "../talk/decisions";
import { chosen, type Pending } from "../talk/pending";
import { icon } from "../views/icons";
import type { CardOf } from "./card";
import { deadline } from "./deadline";
import type { CardHost } from "./host";
import { proposalItem } from "./proposal-item";
import { sentence } from "./trouble";

type View = TemplateResult | typeof nothing;

/** The key of the reason's field. */
function reasonKey(code: string): string {
  return `${code}/reason`;
}

function rejecting(proposal: Proposal, host: CardHost, working: boolean): TemplateResult {
  const { t } = host;
  const { code } = proposal;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const reason = String(new FormData(event.target as HTMLFormElement).get("reason") ?? "").trim();
    host.decide(proposal, "reject", reason);
  };
  const cancel = (): void => host.change(proposal, (pending) => ({ ...pending, rejecting: false }), `${code}/reject`);
  return html`<form class="confirm" @submit=${submit} @keydown=${onEscape(cancel)}>
    <label for="reject-${code}">${t.rejectReason}</label>
    <textarea id="reject-${code}" name="reason" rows="2" maxlength="500" data-focus=${reasonKey(code)}></textarea>
    <div class="row">
      <button class="plain" ?disabled=${working}>${working ? t.rejecting : t.rejectYes}</button>
      <button type="button" class="plain" ?disabled=${working} @click=${cancel}>${t.cancel}</button>
    </div>
  </form>`;
}

/** The buttons of a proposal that waits. */
function choices(proposal: Proposal, host: CardHost): TemplateResult {
  const { t } = host;
  const { code, items } = proposal;
  const pending = host.pending(proposal);
  const { doing } = pending;
  if (pending.rejecting) return rejecting(proposal, host, doing === "reject");
  const count = chosen(proposal, pending).length;
  const many = items.length > 1;
  const label = many ? fill(t.confirmMany, { n: String(count) }) : t.confirm;
  return html`<button class="main" part="confirm" ?disabled=${doing !== null || count === 0} @click=${() => host.decide(proposal, "confirm")}>
      ${doing === "confirm" ? t.confirming : label}
    </button>
    <button
      class="plain"
      part="reject"
      data-focus="${code}/reject"
      ?disabled=${doing !== null}
      @click=${() => host.change(proposal, (old) => ({ ...old, rejecting: true, trouble: null }), reasonKey(code))}
    >
      ${t.reject}
    </button>
    ${count === 0 ? html`<p class="remark">${t.nothingChosen}</p>` : nothing}`;
}

function undo(proposal: Proposal, host: CardHost): View {
  if (!proposal.can_undo) return nothing;
  const { doing } = host.pending(proposal);
  return html`<button class="plain" part="undo" ?disabled=${doing !== null} @click=${() => host.decide(proposal, "undo")}>
    ${icon("undo")}${doing === "undo" ? host.t.undoing : host.t.undo}
  </button>`;
}

/** What came of it, in one sentence; the keyboard is brought here after a decision. */
function result(proposal: Proposal, host: CardHost): View {
  const { t } = host;
  const { state, items } = proposal;
  if (state === "open") return nothing;
  const asked = items.filter((item) => item.state !== "rejected");
  const done = asked.filter((item) => item.state === "done").length;
  // What was done of a proposal that then ran out, or that was refused in part, stays done.
  const partly = (state === "confirmed" || (state === "expired" && done > 0)) && done < asked.length;
  const amount = { n: String(done), all: String(asked.length) };
  const text = partly ? (done === 0 ? t.notDone : fill(t.doneOf, amount)) : t.results[state];
  const look = partly ? "remark warned" : state === "confirmed" ? "done" : "remark";
  return html`<p class=${look} role="status" tabindex="-1" data-focus=${resultKey(proposal.code)}>
    ${icon(partly ? "alert" : state === "confirmed" ? "check" : state === "undone" ? "undo" : "close")}<span>${text}</span>
  </p>`;
}

function trouble(proposal: Proposal, host: CardHost): View {
  const failed = host.pending(proposal).trouble;
  if (failed === null) return nothing;
  return html`<p class="bad" role="alert" tabindex="-1" data-focus=${resultKey(proposal.code)}>
    ${sentence(failed, host.t, host.locale, host.server)}
  </p>`;
}

function again(proposal: Proposal, host: CardHost): View {
  const failed = proposal.items.some(({ state }) => state === "failed");
  if (proposal.state !== "expired" && !failed) return nothing;
  const { doing } = host.pending(proposal);
  return html`<button class="plain" part="ask-again" ?disabled=${doing !== null} @click=${() => host.askAgain(proposal)}>
    ${doing === "again" ? host.t.working : host.t.askAgain}
  </button>`;
}

const SHOWN = { confirm: "confirming", reject: "rejecting", undo: "undoing", again: "working" } as const satisfies Record<
  NonNullable<Pending["doing"]>,
  string
>;

/** What the card is called in a word: done only where something was. */
function badge({ state, items }: Proposal, doing: Pending["doing"], { t }: CardHost): TemplateResult {
  const failed = state === "confirmed" && !items.some((item) => item.state === "done");
  const text = doing !== null ? t[SHOWN[doing]] : failed ? t.itemStates.failed : t.proposalStates[state];
  return html`<span class="state ${failed ? "failed" : state}">${text}</span>`;
}

/** The whole card. `id` is that of the message it belongs to. */
export function proposalCard({ proposal, id }: CardOf<"proposal">, host: CardHost): TemplateResult {
  const { state, items, code } = proposal;
  const { doing } = host.pending(proposal);
  const name = plural(host.locale, host.t.proposals, items.length);
  return html`<div class="offer proposal" part="proposal" role="group" aria-labelledby="proposal-${code}-${id}" aria-busy=${String(doing !== null)}>
    <header>
      <strong id="proposal-${code}-${id}">${name}</strong>
      ${badge(proposal, doing, host)}
    </header>
    ${state === "open" ? html`<p class="hidden" tabindex="-1" data-focus=${resultKey(code)}>${name}</p>` : nothing}
    ${items.length > 1
      ? html`<ol class="items">${items.map((item) => html`<li>${proposalItem(proposal, item, host)}</li>`)}</ol>`
      : items.map((item) => proposalItem(proposal, item, host))}
    ${state === "open" ? deadline(proposal, host) : nothing}
    <div class="actions">
      ${result(proposal, host)} ${trouble(proposal, host)} ${state === "open" ? choices(proposal, host) : nothing}
      ${undo(proposal, host)} ${again(proposal, host)}
    </div>
  </div>`;
}
