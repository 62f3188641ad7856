/** Looks of the second file's cards, beside those of every card. */
export const STYLE = `
.request > :is(p, details) { margin: 8px 14px; }
.request .items { list-style: none; margin: 0; padding: 0 14px; }
.request .line { padding: 10px 0; border-block-start: 1px solid var(--edge); }
.request .line > * { margin-block: 2px; }
.request .row { display: flex; gap: 8px; align-items: baseline; justify-content: space-between; flex-wrap: wrap; }
.request .detail { display: block; overflow-wrap: anywhere; }
.request .state.sure, .request .state.settled { color: var(--good); }
.request .state.unsure { color: var(--warn); }
.request .state.unknown { color: var(--bad); }
.request .state.left_out, .request .line.left_out { color: var(--pale); }
.request .fields { display: flex; gap: 6px; }
.request :is(input, select) { flex: 1; min-width: 0; max-width: 100%; padding: 6px 8px; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--pale); border-radius: 8px; }
.request .quantity { flex: 0 0 6.5em; }
.request .link { padding: 4px 0; border: 0; background: none; font: inherit; color: var(--accent); text-decoration: underline; cursor: pointer; }
`;
