/**
 * Markdown as Lit templates: paragraphs, headings, lists, quotations, tables, emphasis, links. No HTML is ever made from
 * text, so there is nothing to sanitise; what is not known is shown as it is.
 */

import { html } from "../vendor/lit.js";

const SAFE_LINK = /^(https?|tel|mailto):/i;

/** Quotations, lists and emphasis within each other; beyond that, text is shown as it is. */
const DEEPEST = 12;
let depth = 0;

const BLANK = /^\s*$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])( *\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const FENCE = /^ {0,3}(```|~~~)/;
const ITEM = /^( {0,3}(?:[-*+]|(\d{1,9})[.)])\s+)(.*)$/;
const DELIMITERS = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

const INLINE = new RegExp(
  [
    /\\(?<escape>[!-/:-@[-`{-~])/,
    /(?<ticks>`+)(?<code>[^`](?:[^]*?[^`])?)\k<ticks>(?!`)/,
    /(?<image>!\[[^\]]*\]\([^)]*\))/,
    /\[(?<label>(?:[^[\]\\]|\\.)+)\]\(\s*(?<href>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)(?:\s+"[^"]*")?\s*\)/,
    /\*\*(?=\S)(?<strong>[^]*?\S)\*\*(?!\*)/,
    /\*(?=[^\s*])(?<em>(?:\*\*[^*]+\*\*|[^*])*?[^\s*])\*(?!\*)/,
    /_(?=[^\s_])(?<em2>[^]*?[^\s_])_(?![\p{L}\p{N}_])/u,
    /<?(?<url>https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]*_])>?/,
    /(?<br>(?: {2,}|\\)\n)/,
    /&(?<entity>amp|lt|gt|quot|nbsp);/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

const WORD = /[\p{L}\p{N}_]$/u;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" };

/**
 * @param {string} text Markdown
 * @param {string} newWindow what a screen reader says of a link that opens a new window
 */
export function markdown(text, newWindow) {
  return blocks(text.split(/\r?\n/), newWindow, false);
}

/** Makes what is within something, unless that is too deep. */
function within(make, text) {
  if (depth >= DEEPEST) return text;
  depth += 1;
  try {
    return make();
  } finally {
    depth -= 1;
  }
}

/** A list item of one paragraph needs no paragraph: it is tight. */
function blocks(lines, newWindow, isTight) {
  return within(() => flow(lines, newWindow, isTight), lines.join("\n"));
}

function flow(lines, newWindow, isTight) {
  const made = [];
  const content = (text) => inline(text, newWindow);
  let at = 0;
  /** Takes the lines that a test holds for. */
  const take = (test) => {
    const from = at;
    while (at < lines.length && test(lines[at], at - from)) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    if (BLANK.test(line)) {
      at += 1;
    } else if (HEADING.test(line)) {
      made.push(html`<p><strong>${content(HEADING.exec(line)[1])}</strong></p>`);
      at += 1;
    } else if (RULE.test(line)) {
      made.push(html`<hr />`);
      at += 1;
    } else if (FENCE.test(line)) {
      const [, fence] = FENCE.exec(line);
      const code = take((one, index) => index === 0 || !one.trim().startsWith(fence));
      made.push(html`<p class="code">${[...code, ...lines.slice(at, (at += 1))].join("\n")}</p>`);
    } else if (QUOTE.test(line)) {
      const quoted = take((one) => QUOTE.test(one)).map((one) => one.replace(QUOTE, ""));
      made.push(html`<blockquote>${blocks(quoted, newWindow, false)}</blockquote>`);
    } else if (isTable(lines, at)) {
      const [header, , ...rows] = take((one) => !BLANK.test(one)).map((one) => cells(one).map(content));
      made.push(table(header, rows));
    } else if (ITEM.test(line)) {
      made.push(list(take, lines[at], newWindow));
    } else {
      const text = take((one, index) => index === 0 || !(BLANK.test(one) || begins(one) || isTable(lines, at)));
      const paragraph = content(text.map((one) => one.replace(/^\s+/, "")).join("\n"));
      made.push(isTight ? paragraph : html`<p>${paragraph}</p>`);
    }
  }
  return made;
}

/** Whether a line begins something else than a paragraph. */
function begins(line) {
  return [HEADING, RULE, FENCE, QUOTE, ITEM].some((pattern) => pattern.test(line));
}

function list(take, first, newWindow) {
  const start = ITEM.exec(first)[2];
  const isOfList = (line) => ITEM.test(line) && !RULE.test(line) && Boolean(ITEM.exec(line)[2]) === Boolean(start);
  const items = [];
  let isAfterBlank = false;
  take((line) => {
    const indent = items.at(-1)?.indent;
    const isInner = indent && line.slice(0, indent).trim() === "" && !BLANK.test(line);
    if (!isInner && isOfList(line)) {
      const [, marker, , rest] = ITEM.exec(line);
      items.push({ indent: Math.min(marker.length, 4), lines: [rest] });
    } else if (BLANK.test(line)) {
      items.at(-1).lines.push("");
    } else if (isInner) {
      items.at(-1).lines.push(line.slice(indent));
    } else if (!isAfterBlank && !begins(line)) {
      items.at(-1).lines.push(line.trim());
    } else {
      return false;
    }
    isAfterBlank = BLANK.test(line);
    return true;
  });
  const content = items.map(({ lines }) => {
    const text = lines.join("\n").trimEnd().split("\n");
    return html`<li>${blocks(text, newWindow, !text.includes(""))}</li>`;
  });
  return start ? html`<ol start=${Number(start)}>${content}</ol>` : html`<ul>${content}</ul>`;
}

function isTable(lines, at) {
  return lines[at].includes("|") && at + 1 < lines.length && lines[at + 1].includes("-") && DELIMITERS.test(lines[at + 1]);
}

function cells(line) {
  const escaped = line.trim().replaceAll("\\|", "\0");
  const inner = escaped.replace(/^\|/, "").replace(/\|$/, "");
  return inner.split("|").map((cell) => cell.trim().replaceAll("\0", "|"));
}

function table(header, rows) {
  return html`<div class="table" tabindex="0">
    <table>
      <thead>
        <tr>
          ${header.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => html`<tr>${header.map((_, index) => html`<td>${row[index]}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

function inline(text, newWindow) {
  const made = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    made.push(text.slice(at, found.index), element(found, newWindow));
    at = found.index + found[0].length;
  }
  return [...made, text.slice(at)];
}

function element({ 0: raw, index, input, groups }, newWindow) {
  const { escape, code, label, href, strong, em = groups.em2, url, br, entity } = groups;
  const inner = (content) => within(() => inline(content, newWindow), content);
  if (escape) return escape;
  if (code) return html`<code>${code.trim()}</code>`;
  if (label) return link(href, inner(label), newWindow);
  if (strong) return html`<strong>${inner(strong)}</strong>`;
  if (groups.em2 && WORD.test(input.slice(0, index))) return raw; // some_name_here
  if (em) return html`<em>${inner(em)}</em>`;
  if (url) return link(url, url, newWindow);
  if (br) return html`<br />`;
  if (entity) return ENTITIES[entity];
  return raw;
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
