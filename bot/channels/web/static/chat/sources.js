/** Where an answer comes from: a line for each text, with its articles. */

import { html, nothing } from "../vendor/lit.js";
import { day } from "./dates.js";
import { link } from "./markdown.js";
import { format, strings } from "./strings.js";

/** Sources of the same text and state, as one. */
function grouped(sources) {
  const groups = new Map();
  for (const source of sources) {
    const key = JSON.stringify([source.title, source.as_of, source.standing]);
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return Array.from(groups.values());
}

function linked({ url }, content) {
  return url ? link(url, content, strings.opens_new_window) : content;
}

/** «art. 52» stays on one line. */
function unbroken(article) {
  return article.replaceAll(". ", ".\u00a0");
}

/** A text of which all articles have the same address is linked by its title, otherwise each article is. */
function line(group, locale) {
  const [first] = group;
  const one = group.every(({ url }) => url === first.url);
  const articles = group.filter(({ article }) => article);
  return html`
    <li>
      ${one ? linked(first, first.title) : first.title}${articles.map(
        (source, index) => html`, ${one
          ? unbroken(source.article)
          : linked(source, unbroken(source.article))}`,
      )}
      <small>
        ${format(strings.as_of, { date: day(first.as_of, locale) })}${first.standing === "dated"
          ? `, ${strings.dated}`
          : nothing}
      </small>
    </li>
  `;
}

export function sourcesView(sources, locale) {
  const groups = grouped(sources);
  return html`
    <details class="sources">
      <summary>${strings.sources} (${groups.length})</summary>
      <ul>
        ${groups.map((group) => line(group, locale))}
      </ul>
    </details>
  `;
}
