/** How long a proposal waits. The seconds are for the eye; a screen reader is told when little is left. */
import { html, type TemplateResult } from "lit";
import type { Proposal } from "../../api";
import { hour } from "../numbers";
import { fill, plural, type Locale, type Strings } from "../strings";
import type { CardHost } from "./host";

const WARN_AT = [1, 5];

/** Minutes and seconds until `until`: `12:05 left`; empty once it is over. */
export function left(until: number, now: number, t: Strings): string {
  const seconds = Math.ceil((until - now) / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return seconds <= 0 ? "" : fill(t.timeLeft, { time });
}

/** What is said aloud: once at five minutes, once at one; the same words until the next. */
export function warning(until: number, now: number, t: Strings, locale: Locale): string {
  const minutes = WARN_AT.find((most) => until - now <= most * 60_000);
  return until <= now || minutes === undefined ? "" : plural(locale, t.minutesLeft, minutes);
}

/** The line of time. Its two texts are written by `countdown.ts` each second, not by drawing the card again. */
export function deadline({ code, expires_at }: Proposal, { t, language }: CardHost): TemplateResult {
  return html`<p class="small deadline">
    ${fill(t.confirmBy, { time: hour(expires_at, language) })}
    <span class="left" aria-hidden="true" aria-live="off" data-until=${expires_at} data-code=${code}></span>
    <span class="hidden" role="status" data-warn=${expires_at}></span>
  </p>`;
}
