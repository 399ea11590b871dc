/** Days and months as they are written, and the day that it is in Geneva. */

const ZONE = "Europe/Zurich";

/** A full day in words; a month or a year, which is as far as some sources go, in digits. */
export function day(iso, locale) {
  const parts = iso.split("-");
  if (parts.length < 3) return parts.reverse().join(".");
  return new Intl.DateTimeFormat(`${locale}-CH`, { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));
}

/** A moment, to the minute. */
export function moment(at, locale) {
  return new Intl.DateTimeFormat(`${locale}-CH`, { dateStyle: "short", timeStyle: "short", timeZone: ZONE }).format(
    new Date(at),
  );
}

/** Today as `2026-03-11`. */
export function today() {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date());
}

/** `2026-03-11` as it is typed here: 11.03.2026. */
export function typed(iso) {
  return iso.split("-").reverse().join(".");
}

/**
 * Months around this one, the latest first.
 * @returns {string[]} their names, such as «mars 2026»
 */
export function months(locale, past, future) {
  const [year, month] = today().split("-").map(Number);
  const name = new Intl.DateTimeFormat(`${locale}-CH`, { month: "long", year: "numeric", timeZone: "UTC" });
  return Array.from({ length: past + future + 1 }, (_, index) =>
    name.format(new Date(Date.UTC(year, month - 1 + future - index, 1))),
  );
}
