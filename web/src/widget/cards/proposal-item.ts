/** One proposed change: the record, its values before and after, and the fields to correct them in. */
import { html, nothing, type TemplateResult } from "lit";
import type { Proposal, ProposalInput, ProposalItem } from "../../api";
import { onEscape } from "../focus";
import { day, decimal, moment } from "../numbers";
import { fill } from "../strings";
import { editKey } from "../talk/decisions";
import { closed, opened, toggled, valueOf } from "../talk/pending";
import { icon } from "../views/icons";
import type { CardHost } from "./host";
import { linkTo } from "./link";
import { proposalField } from "./proposal-field";

type View = TemplateResult | typeof nothing;

/** A value of an input as people read it. */
function printed(value: string, input: ProposalInput, { language }: CardHost): string {
  if (value === "") return "";
  switch (input.kind) {
    case "choice":
      return input.choices.find((choice) => choice.value === value)?.label ?? value;
    case "date":
      return day(value, language);
    case "datetime":
      return moment(value, language);
    case "number":
      return decimal(value, language);
    case "text":
      return value;
  }
}

interface Row {
  label: string;
  before: string | null;
  after: string | null;
  edited: boolean;
}

/** The rows of the table: the proposed changes with the person's corrections in them, then what else was filled in. */
function rows(proposal: Proposal, item: ProposalItem, host: CardHost): Row[] {
  const pending = host.pending(proposal);
  const corrected = (input: ProposalInput): string | null => {
    const value = valueOf(item, input, pending);
    return value === (input.value ?? "") ? null : printed(value, input, host);
  };
  const inputs = new Set(item.inputs);
  const changes = item.changes.map(({ field, label, before, after }) => {
    // An input is named after its form, a change after the record's field; both say the same to the person.
    const input = [...inputs].find((one) => one.name === field || one.label === label);
    if (input) inputs.delete(input);
    const own = input ? corrected(input) : null;
    return { label, before, after: own ?? after, edited: own !== null };
  });
  const added = [...inputs].flatMap((input) => {
    const own = corrected(input);
    return own === null ? [] : [{ label: input.label, before: null, after: own, edited: true }];
  });
  return [...changes, ...added];
}

function value(text: string | null): TemplateResult {
  return text === null || text === "" ? html`<span class="none" aria-hidden="true">–</span>` : html`${text}`;
}

/** What is new has no "before": its table has one column less. */
function table(proposal: Proposal, item: ProposalItem, host: CardHost): View {
  const { t } = host;
  const found = rows(proposal, item, host);
  if (found.length === 0) return nothing;
  const fresh = found.every(({ before }) => before === null);
  const mark = html` <span class="edited">${t.edited}</span>`;
  return html`<table class="changes">
    <caption class="hidden">${item.title}</caption>
    <thead class=${fresh ? "hidden" : nothing}>
      <tr><th scope="col">${t.field}</th>${fresh ? nothing : html`<th scope="col">${t.before}</th>`}<th scope="col">${t.after}</th></tr>
    </thead>
    <tbody>
      ${found.map(
        ({ label, before, after, edited }) => html`<tr>
          <th scope="row">${label}</th>
          ${fresh ? nothing : html`<td class="before">${value(before)}</td>`}
          <td class="after">${value(after)}${edited ? mark : nothing}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function editing(proposal: Proposal, item: ProposalItem, host: CardHost): TemplateResult {
  const { t } = host;
  const key = editKey(proposal.code, item.n);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    host.keepEdits(proposal, item.n);
  };
  const cancel = (): void => host.change(proposal, (old) => closed(old, item.n), key);
  return html`<form class="fields" aria-label=${fill(t.editOf, { title: item.title })} novalidate @submit=${submit} @keydown=${onEscape(cancel)}>
    ${item.inputs.map((input) => proposalField(proposal, item, input, host))}
    <div class="row">
      <button class="plain">${t.editDone}</button>
      <button type="button" class="plain" @click=${cancel}>${t.cancel}</button>
    </div>
  </form>`;
}

function title(proposal: Proposal, item: ProposalItem, host: CardHost): TemplateResult {
  const pending = host.pending(proposal);
  const name = html`<strong>${item.title}</strong>`;
  if (proposal.items.length === 1) return html`<p>${name}</p>`;
  if (proposal.state !== "open" || item.state !== "open") {
    return html`<p>${name} <span class="state ${item.state}">${host.t.itemStates[item.state]}</span></p>`;
  }
  return html`<label class="pick">
    <input
      type="checkbox"
      .checked=${!pending.leftOut.has(item.n)}
      ?disabled=${pending.doing !== null}
      @change=${() => host.change(proposal, (old) => toggled(old, item.n))}
    />
    ${name}
  </label>`;
}

function record(item: ProposalItem, host: CardHost): View {
  if (item.record === null) return nothing;
  const place = host.place(item.record.url);
  return html`<p class="small">${place === null ? item.record.label : linkTo(place, item.record.label, host, "record")}</p>`;
}

/** One item of the card. */
export function proposalItem(proposal: Proposal, item: ProposalItem, host: CardHost): TemplateResult {
  const { t } = host;
  const pending = host.pending(proposal);
  const open = proposal.state === "open" && item.state === "open";
  const edit = open && pending.typing.has(item.n);
  const key = editKey(proposal.code, item.n);
  const start = (): void => {
    const first = item.inputs[0]?.name ?? "";
    host.change(proposal, (old) => opened(old, item.n), `${key}/${first}`);
  };
  return html`<div class="item ${open && pending.leftOut.has(item.n) ? "left-out" : ""}" part="proposal-item">
    ${title(proposal, item, host)} ${record(item, host)} ${edit ? editing(proposal, item, host) : table(proposal, item, host)}
    ${item.problem === null ? nothing : html`<p class="note warn"><span class="hidden">${t.warning}: </span>${icon("alert")}<span>${item.problem}</span></p>`}
    ${open && !edit && item.inputs.length > 0
      ? html`<button class="plain" part="edit" data-focus=${key} aria-label=${fill(t.editOf, { title: item.title })} ?disabled=${pending.doing !== null} @click=${start}>
          ${icon("edit")}${t.edit}
        </button>`
      : nothing}
  </div>`;
}
