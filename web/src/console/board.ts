/** The board of opportunities: dragging a card asks the server, which answers with the board as it truly is. */
import htmx from "htmx.org";
import Sortable from "sortablejs";
import { island } from "./islands";

function say(text: string): void {
  const region = document.getElementById("move-message");
  if (!region) return;
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = text;
  region.replaceChildren(notice);
}

/** Put the card back where it was taken from: `place` counts among the cards of its list. */
function putBack(card: HTMLElement, list: HTMLElement, place: number): void {
  card.classList.remove("asking");
  list.insertBefore(card, list.children[place] ?? null);
}

async function ask(board: HTMLElement, card: HTMLElement, from: HTMLElement, place: number, stage: string): Promise<void> {
  card.classList.add("asking");
  const values = { stage, version: card.dataset["version"] ?? "0", back: board.dataset["back"] ?? "/opportunities" };
  try {
    await htmx.ajax("post", `/opportunities/${card.dataset["code"] ?? ""}/move`, { target: "#board", swap: "outerHTML", values });
  } catch {
    say(board.dataset["offline"] ?? "");
  }
  // An answer replaces the board. Where it is still there, nothing was moved.
  if (board.isConnected) putBack(card, from, place);
}

function drag(board: HTMLElement): void {
  for (const list of board.querySelectorAll<HTMLElement>(".board-cards")) {
    Sortable.create(list, {
      group: "stages",
      draggable: ".deal",
      sort: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
      ghostClass: "ghost",
      // On touch a short hold picks the card up, so that a swipe still scrolls.
      delay: 220,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      filter: "button, summary, .move-steps",
      preventOnFilter: false,
      onStart: () => board.classList.add("dragging"),
      onEnd: ({ item, from, to, oldDraggableIndex }) => {
        board.classList.remove("dragging");
        const stage = to.dataset["stage"];
        if (to === from || !stage) return;
        void ask(board, item, from, oldDraggableIndex ?? 0, stage);
      },
    });
  }
}

/** One menu at a time; Escape closes it and gives the focus back. */
function menus(board: HTMLElement): void {
  const open = (): HTMLDetailsElement[] => [...board.querySelectorAll<HTMLDetailsElement>(".move-menu[open]")];
  board.addEventListener("toggle", (event) => {
    const opened = event.target;
    if (!(opened instanceof HTMLDetailsElement) || !opened.open) return;
    for (const other of open()) if (other !== opened) other.open = false;
  }, { capture: true });
  board.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

const scrolled = new Map<string, number>();

/** A column stays where it was scrolled to when the server's answer replaces the board. */
function keepPlace(board: HTMLElement): void {
  const again = board.dataset["moved"] !== "";
  for (const list of board.querySelectorAll<HTMLElement>(".board-cards")) {
    const stage = list.dataset["stage"] ?? "";
    if (again) list.scrollTop = scrolled.get(stage) ?? 0;
    else scrolled.delete(stage);
    list.addEventListener("scroll", () => scrolled.set(stage, list.scrollTop), { passive: true });
  }
}

/** The card that was just moved, or refused, keeps the focus on the new board. */
function follow(board: HTMLElement): void {
  const code = board.dataset["moved"];
  if (!code) return;
  const card = board.querySelector<HTMLElement>(`.deal[data-code="${CSS.escape(code)}"]`);
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const place = card?.querySelector<HTMLElement>("summary") ?? card?.querySelector<HTMLElement>("a") ?? board.querySelector<HTMLElement>("a");
  place?.focus({ preventScroll: true });
}

island("board", (board) => {
  if (board.hasAttribute("data-movable")) {
    drag(board);
    menus(board);
  }
  keepPlace(board);
  follow(board);
});
