/** The tree of an answer as templates. No string is ever parsed as markup here. */
import { html, nothing, type TemplateResult } from "lit";
import { readMarkdown } from "./blocks";
import type { Block, Inline } from "./tree";

/** What the view has to ask its surroundings: a link, or `null` where none may be, and how a citation mark looks. */
export interface MarkdownHost {
  link(href: string, inner: unknown): TemplateResult | null;
  cite(n: number): TemplateResult;
}

type View = TemplateResult | string | typeof nothing;

function inline(node: Inline, host: MarkdownHost): View {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return html`<code>${node.text}</code>`;
    case "strong":
      return html`<strong>${inlines(node.inner, host)}</strong>`;
    case "em":
      return html`<em>${inlines(node.inner, host)}</em>`;
    case "del":
      return html`<del>${inlines(node.inner, host)}</del>`;
    case "break":
      return html`<br />`;
    case "cite":
      return host.cite(node.n);
    case "link": {
      const inner = inlines(node.inner, host);
      return host.link(node.href, inner) ?? html`${inner}`;
    }
  }
}

function inlines(nodes: readonly Inline[], host: MarkdownHost): View[] {
  return nodes.map((node) => inline(node, host));
}

function block(node: Block, host: MarkdownHost): View {
  switch (node.type) {
    case "paragraph":
      return html`<p>${inlines(node.inner, host)}</p>`;
    case "heading":
      return html`<p class="heading" role="heading" aria-level="3">
        ${inlines(node.inner, host)}
      </p>`;
    case "quote":
      return html`<blockquote>${blocks(node.blocks, host)}</blockquote>`;
    case "code":
      return html`<pre tabindex="0"><code>${node.text}</code></pre>`;
    case "rule":
      return html`<hr />`;
    case "list": {
      const items = node.items.map((item) => html`<li>${blocks(item, host)}</li>`);
      return node.start === null ? html`<ul>${items}</ul>` : html`<ol start=${node.start}>${items}</ol>`;
    }
    case "table":
      return html`<div class="scroll" tabindex="0"><table>
        <thead><tr>${node.head.map((cell) => html`<th scope="col">${inlines(cell, host)}</th>`)}</tr></thead>
        <tbody>${node.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inlines(cell, host)}</td>`)}</tr>`)}</tbody>
      </table></div>`;
  }
}

function blocks(nodes: readonly Block[], host: MarkdownHost): View[] {
  return nodes.map((node) => block(node, host));
}

/** An answer's text. `sources` are the numbers its citations bear. */
export function markdown(text: string, sources: ReadonlySet<number>, host: MarkdownHost): TemplateResult {
  return html`${blocks(readMarkdown(text, sources), host)}`;
}
