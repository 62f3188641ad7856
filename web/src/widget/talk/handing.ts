/** Handing the conversation to a person: who there is, what is said to them, and that it was sent. */
import type { Contact } from "../../api";
import type { Client } from "../net/client";
import { asTrouble, type Trouble } from "../net/trouble";
import type { Chat } from "./chat";

/** Holds no words. `changed` is called after every change; `done` when it was sent. */
export class Handing {
  contacts: readonly Contact[] | null = null;
  to = "";
  note = "";
  working = false;
  trouble: Trouble | null = null;

  constructor(
    private readonly client: () => Client,
    private readonly chat: () => Chat | null,
    private readonly changed: () => void,
    private readonly done: () => void,
  ) {}

  /** Ask whom it can be handed to; a note typed before stays. */
  async begin(): Promise<void> {
    this.trouble = null;
    this.contacts = null;
    this.changed();
    try {
      this.contacts = await this.client().contacts();
      if (!this.contacts.some(({ login }) => login === this.to)) this.to = this.contacts[0]?.login ?? "";
    } catch (fault) {
      this.trouble = asTrouble(fault);
    }
    this.changed();
  }

  pick(login: string): void {
    this.to = login;
    this.changed();
  }

  type(note: string): void {
    this.note = note;
  }

  /** Send it, once. */
  async send(): Promise<void> {
    const chat = this.chat();
    if (chat === null || this.working || this.to === "") return;
    this.working = true;
    this.trouble = null;
    this.changed();
    try {
      await chat.handOver(this.to, this.note.trim());
      this.note = "";
      this.done();
    } catch (fault) {
      this.trouble = asTrouble(fault);
    }
    this.working = false;
    this.changed();
  }
}
