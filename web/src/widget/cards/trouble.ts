/** Sentences for what went wrong. */
import { html, nothing, type TemplateResult } from "lit";
import type { Trouble } from "../net/trouble";
import { fill, type Locale, plural, type Strings } from "../strings";
import { icon } from "../views/icons";
import type { CardOf } from "./card";
import type { CardHost } from "./host";

/** What a person is told: the server's own sentence where it sent one, else ours. */
export function sentence(trouble: Trouble, t: Strings, locale: Locale, server: string): string {
  const own = fill(t.troubles[trouble.code], { site: location.origin, server: new URL(server).origin });
  const said = trouble.sentence ?? own;
  return trouble.after === null ? said : `${said} ${plural(locale, t.waitSeconds, trouble.after)}`;
}

/** Something failed; with a button where trying again makes sense. */
export function troubleCard({ trouble, again }: CardOf<"trouble">, host: CardHost): TemplateResult {
  return html`<div class="note bad" part="error" role="alert">
    ${icon("alert")}
    <div>
      <p>${sentence(trouble, host.t, host.locale, host.server)}</p>
      ${again ? html`<button class="plain" @click=${again}>${host.t.sendAgain}</button>` : nothing}
    </div>
  </div>`;
}
