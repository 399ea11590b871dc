/** What this frame remembers: in its own storage or, where that is refused or full, as long as the page is open. */

const PREFIX = "cornavin.";
/** What the storage did not take. */
const memory = new Map();

/** What was remembered under a name; null when it is nothing, or nothing that can be read. */
export function recall(name) {
  if (memory.has(name)) return memory.get(name);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null; // Storage is refused, or somebody else wrote there.
  }
}

/** Remembers a value in place of the one before; null forgets it. */
export function remember(name, value) {
  memory.delete(name);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    if (value !== null) memory.set(name, value);
    // What stands in a full storage is out of date now; it would be read after the next reload.
    attempt(() => localStorage.removeItem(PREFIX + name));
  }
}

export function forgetAll() {
  memory.clear();
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  });
}

/**
 * Listens to what other tabs remember and forget.
 * @param {(name: string | null) => void} listener is given the name, or null when all was forgotten
 * @returns {() => void} ends it
 */
export function listenToOtherTabs(listener) {
  const heard = ({ key }) => {
    if (key !== null && !key.startsWith(PREFIX)) return;
    const name = key?.slice(PREFIX.length) ?? null;
    if (name === null) memory.clear();
    else memory.delete(name); // what another tab wrote is newer
    listener(name);
  };
  addEventListener("storage", heard);
  return () => removeEventListener("storage", heard);
}

/** Does something with the storage; where that is refused, there is nothing to do. */
function attempt(act) {
  try {
    act();
  } catch {
    // Storage is refused.
  }
}
