/** A field to correct one value of a proposed change in. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Proposal, ProposalInput, ProposalItem } from "../../api";
import { fromField, toField } from "../numbers";
import { fieldKey } from "../talk/decisions";
import { typed, typedIn } from "../talk/pending";
import type { CardHost } from "./host";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A text longer than this is typed in more than one line. */
const ONE_LINE = 60;

function choices(input: ProposalInput, value: string): TemplateResult[] {
  const known = input.choices.some((choice) => choice.value === value);
  // What is not required can be emptied; a value that is no choice any more stays until another is picked.
  const none = input.choices.some((choice) => choice.value === "") || (input.required && value !== "");
  const rest = [...(none ? [] : [{ label: "–", value: "" }]), ...(known || value === "" ? [] : [{ label: value, value }])];
  return [...rest, ...input.choices].map(
    (choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`,
  );
}

/** The field with its label, filled with what was typed last. */
export function proposalField(proposal: Proposal, item: ProposalItem, input: ProposalInput, host: CardHost): TemplateResult {
  const { t } = host;
  const pending = host.pending(proposal);
  const { code } = proposal;
  const { n } = item;
  const value = typedIn(item, input, pending);
  const missing = pending.empty.has(`${n}/${input.name}`);
  const id = `field-${code}-${n}-${input.name}`;
  const key = fieldKey(code, n, input.name);
  const said = missing ? `${id}-empty` : nothing;
  const tell = (event: Event): void => {
    const { value: raw } = event.target as Field;
    host.change(proposal, (old) => typed(old, n, input.name, input.kind === "datetime" ? fromField(raw) : raw));
  };
  const field = (type: string, shown: string): TemplateResult =>
    html`<input
      id=${id}
      type=${type}
      step=${type === "number" ? "any" : nothing}
      data-focus=${key}
      aria-required=${String(input.required)}
      aria-invalid=${String(missing)}
      aria-describedby=${said}
      .value=${live(shown)}
      @change=${tell}
      @input=${type === "text" || type === "number" ? tell : nothing}
    />`;
  const control = (): TemplateResult => {
    switch (input.kind) {
      case "choice":
        return html`<select id=${id} data-focus=${key} aria-required=${String(input.required)} aria-invalid=${String(missing)} aria-describedby=${said} @change=${tell}>
          ${choices(input, value)}
        </select>`;
      case "datetime":
        return field("datetime-local", toField(value));
      case "text":
        if ((input.value ?? "").length <= ONE_LINE && !value.includes("\n")) return field("text", value);
        return html`<textarea id=${id} rows="3" data-focus=${key} aria-required=${String(input.required)} aria-invalid=${String(missing)} aria-describedby=${said} .value=${live(value)} @input=${tell}></textarea>`;
      default:
        return field(input.kind, value);
    }
  };
  return html`<div>
    <label for=${id}>${input.label}${input.required ? html` <span class="small">(${t.required})</span>` : nothing}</label>
    ${control()} ${missing ? html`<p class="bad" id="${id}-empty">${t.fillIn}</p>` : nothing}
  </div>`;
}
