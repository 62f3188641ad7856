/** What a card may ask of the widget around it. */
import type { Choice, DocumentKind, Language, Proposal } from "../../api";
import type { Extra } from "../extra";
import type { Place } from "../links";
import type { Locale, Strings } from "../strings";
import type { ReplyItem } from "../talk/items";
import type { Deed, Pending } from "../talk/pending";
import type { Trouble } from "../net/trouble";

/** What a card shows beside its data, and forgets with the page: a question put, work under way, what came of it. */
export type Stage =
  | { at: "asking" }
  | { at: "working" }
  | { at: "done"; text: string }
  | { at: "failed"; trouble: Trouble }
  | { at: "link"; url: string };

export interface CardHost {
  readonly t: Strings;
  /** The language of labels. */
  readonly locale: Locale;
  /** The language numbers are written in: that of the reply. */
  readonly language: Language;
  readonly server: string;
  readonly busy: boolean;
  /** What is loaded only where somebody sends a file. */
  readonly extra: Extra;
  href(href: string): string | null;
  /** Where a link leads; `null` where there may be none. */
  place(href: string): Place | null;
  /** Go there in the host's own page. */
  go(address: string): void;
  stage(key: string): Stage | null;
  setStage(key: string, stage: Stage | null): void;
  pick(choice: Choice): void;
  issue(item: ReplyItem): void;
  /** What the person has done on a proposal's card so far, and changing it; `focus` is where the keyboard goes then. */
  pending(proposal: Proposal): Pending;
  change(proposal: Proposal, to: (pending: Pending) => Pending, focus?: string): void;
  keepEdits(proposal: Proposal, n: number): void;
  decide(proposal: Proposal, deed: Deed, reason?: string): void;
  /** Have what was left undone proposed anew. */
  askAgain(proposal: Proposal): void;
  openDocument(number: string, kind: DocumentKind): void;
  /** Bring a source of a reply into view. */
  showSource(id: string, n: number): void;
}
