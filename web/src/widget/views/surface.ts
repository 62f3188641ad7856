/** What the views may ask of the element around them. */
import type { Rating, ReasonChoice } from "../../api";
import type { CardHost } from "../cards/host";
import type { Extra } from "../extra";
import type { Session } from "../session";
import type { Locale, Strings } from "../strings";
import type { Handing } from "../talk/handing";
import type { Item, ReplyItem } from "../talk/items";
import type { Past } from "../talk/past";

export type Page = "talk" | "history" | "handover";

/** Feedback that is being given: on which reply, and what the form under it shows. */
export interface Opinion {
  id: string;
  state: "asking" | "thanks" | "failed";
}

export interface Surface {
  readonly t: Strings;
  readonly locale: Locale;
  readonly session: Session;
  readonly page: Page;
  readonly wide: boolean;
  /** The panel covers the whole screen, as on a phone. */
  readonly full: boolean;
  readonly draft: string;
  readonly screenId: string | null;
  /** The screen is another one than at the last message. */
  readonly newScreen: boolean;
  readonly extra: Extra;
  readonly past: Past;
  readonly handing: Handing;
  readonly opinion: Opinion | null;
  /** Ids of messages whose text was just copied. */
  readonly copied: string | null;
  cards(item: ReplyItem): CardHost;
  plainCards(): CardHost;
  close(): void;
  show(page: Page): void;
  toggleWide(): void;
  startNew(): void;
  openConversation(id: string): void;
  setDraft(text: string): void;
  send(text: string): void;
  sendAgain(item: Item): void;
  stop(): void;
  retry(): void;
  rate(item: ReplyItem, rating: Rating): void;
  giveReason(item: ReplyItem, choice: ReasonChoice | null, reason: string): void;
  takeBack(item: ReplyItem): void;
  copy(item: ReplyItem): void;
}
