/** What this frame remembers: in its own storage or, where that is refused, as long as the page is open. */

const PREFIX = "cornavin.";
const memory = new Map();

/** What was remembered under a name; null when it is nothing, or nothing that can be read. */
export function recall(name) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // Storage is refused, or somebody else wrote there.
  }
  return memory.get(name) ?? null;
}

/** Remembers a value in place of the one before; null forgets it. */
export function remember(name, value) {
  memory.delete(name);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    if (value !== null) memory.set(name, value);
  }
}

export function forgetAll() {
  memory.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Storage is refused; there was nothing to remove.
  }
}

/**
 * Listens to what other tabs remember and forget.
 * @param {(name: string | null) => void} listener is given the name, or null when all was forgotten
 * @returns {() => void} ends it
 */
export function listenToOtherTabs(listener) {
  const heard = ({ key }) => {
    if (key === null || key.startsWith(PREFIX)) listener(key?.slice(PREFIX.length) ?? null);
  };
  addEventListener("storage", heard);
  return () => removeEventListener("storage", heard);
}
