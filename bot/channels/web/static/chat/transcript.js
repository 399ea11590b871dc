/** The conversation as a text file, made here: nothing is sent for it. */

import { moment } from "./dates.js";
import { format, strings } from "./strings.js";

function source({ title, article, url }) {
  return `  - ${[title, article, url].filter(Boolean).join(", ")}`;
}

export function transcript(messages, locale) {
  const authors = { user: strings.you, bot: strings.assistant, agent: strings.agent };
  const parts = messages.map(({ at, author, text, sources, attachments }) =>
    [
      `[${moment(at, locale)}] ${authors[author]}`,
      text.replaceAll("**", ""),
      ...(sources.length ? [`${strings.sources} :`, ...sources.map(source)] : []),
      ...(attachments ?? []).map(({ name }) => `[${name}]`),
    ].join("\n"),
  );
  const title = format(strings.transcript_title, { date: moment(new Date(), locale) });
  const text = [title, strings.notice, ...parts].join("\n\n");
  return new Blob([text.replaceAll("\n", "\r\n"), "\r\n"], { type: "text/plain;charset=utf-8" });
}
