/** What a card may ask of the widget around it. */
import type { Choice, DocumentKind, Language } from "../../api";
import type { Locale, Strings } from "../strings";
import type { ReplyItem } from "../talk/items";
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
  href(href: string): string | null;
  stage(key: string): Stage | null;
  setStage(key: string, stage: Stage | null): void;
  pick(choice: Choice): void;
  issue(item: ReplyItem): void;
  openDocument(number: string, kind: DocumentKind): void;
  /** Bring a source of a reply into view. */
  showSource(id: string, n: number): void;
}
