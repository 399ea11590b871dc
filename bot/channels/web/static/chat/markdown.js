/** Markdown as Lit templates. No HTML is ever made from text, so there is nothing to sanitise. */

import { html } from "../vendor/lit.js";
import { Lexer } from "../vendor/marked.js";

const SAFE_LINK = /^(https?|tel|mailto):/i;

/**
 * @param {string} text Markdown
 * @param {string} newWindow what a screen reader says of a link that opens a new window
 */
export function markdown(text, newWindow) {
  return Lexer.lex(text).map((token) => block(token, newWindow));
}

function block(token, newWindow) {
  const inner = () => inline(token.tokens ?? [], newWindow);
  switch (token.type) {
    case "space":
    case "def":
      return "";
    case "paragraph":
      return html`<p>${inner()}</p>`;
    case "heading":
      return html`<p><strong>${inner()}</strong></p>`;
    case "list": {
      const items = token.items.map((item) => html`<li>${item.tokens.map((part) => block(part, newWindow))}</li>`);
      return token.ordered ? html`<ol start=${token.start || 1}>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case "blockquote":
      return html`<blockquote>${token.tokens.map((part) => block(part, newWindow))}</blockquote>`;
    case "table":
      return html`<div class="table" tabindex="0">
        <table>
          <thead><tr>${token.header.map((cell) => html`<th scope="col">${inline(cell.tokens, newWindow)}</th>`)}</tr></thead>
          <tbody>
            ${token.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${inline(cell.tokens, newWindow)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>`;
    case "hr":
      return html`<hr />`;
    case "text":
      return token.tokens ? inner() : token.text;
    default:
      return html`<p>${token.raw}</p>`;
  }
}

function inline(tokens, newWindow) {
  return tokens.map((token) => {
    const inner = () => inline(token.tokens ?? [], newWindow);
    switch (token.type) {
      case "text":
        return token.tokens ? inner() : unescaped(token.text);
      case "escape":
        return token.text;
      case "strong":
        return html`<strong>${inner()}</strong>`;
      case "em":
        return html`<em>${inner()}</em>`;
      case "codespan":
        return html`<code>${token.text}</code>`;
      case "br":
        return html`<br />`;
      case "link":
        return link(token.href, inner(), newWindow);
      default:
        return token.raw;
    }
  });
}

/**
 * @param {string} href anything; only web, telephone and mail addresses become links
 * @param {unknown} content what the link shows
 * @param {string} newWindow what a screen reader says of a link that opens a new window
 */
export function link(href, content, newWindow) {
  if (!SAFE_LINK.test(href)) return content;
  if (!href.toLowerCase().startsWith("http")) return html`<a href=${href}>${content}</a>`;
  return html`<a href=${href} target="_blank" rel="noopener noreferrer"
    >${content}<span class="visually-hidden"> ${newWindow}</span></a
  >`;
}

/** marked escapes plain text for HTML; Lit does that itself. */
function unescaped(text) {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
