/** Files for the person to keep. */

/** Controls and marks of direction, which can make a name look like another, and what file systems refuse. */
const UNWANTED = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\\/:*?"<>|]/g;

export function fileName(name) {
  return name.replace(UNWANTED, "").trim() || "document";
}

/** Has the browser save a file. */
export function save(blob, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = fileName(name);
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
