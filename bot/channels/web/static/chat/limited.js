/**
 * Does something that ends when it is stopped, or when its time is up.
 * @param {AbortSignal | undefined} stopped
 * @param {number} milliseconds the time it has
 * @param {(signal: AbortSignal, extend: (milliseconds: number) => void) => Promise<T>} act
 * @returns {Promise<T>}
 * @template T
 */
export async function limited(stopped, milliseconds, act) {
  const attempt = new AbortController();
  const end = () => attempt.abort();
  let timer = setTimeout(end, milliseconds);
  const extend = (more) => {
    clearTimeout(timer);
    timer = setTimeout(end, more);
  };
  if (stopped?.aborted) end();
  stopped?.addEventListener("abort", end);
  try {
    return await act(attempt.signal, extend);
  } finally {
    clearTimeout(timer);
    stopped?.removeEventListener("abort", end);
  }
}
