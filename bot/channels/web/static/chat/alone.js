/** Lets one tab at a time send: by a lock or, where there are none (pages without TLS, old browsers), by a lease. */

import { newClientId } from "./api.js";
import { recall, remember } from "./storage.js";

const LEASE = "lease";
const LEASE_MILLISECONDS = 20_000;
const RENEW_MILLISECONDS = 5_000;

/** Two tabs that write at the same time see after so long who was last. */
const SETTLE_MILLISECONDS = 50;

/** What this tab is called in the lease. */
const self = newClientId();

/**
 * Does something while no other tab does.
 * @param {() => Promise<void>} work
 */
export async function alone(work) {
  let begun = false;
  const once = () => {
    begun = true;
    return work();
  };
  try {
    await navigator.locks.request("cornavin.outbox", once);
  } catch {
    if (!begun) await leased(once);
  }
}

async function leased(work) {
  while (!(await take())) await pause(SETTLE_MILLISECONDS * (1 + Math.random()));
  const renewing = setInterval(renew, RENEW_MILLISECONDS);
  addEventListener("pagehide", release);
  try {
    await work();
  } finally {
    clearInterval(renewing);
    removeEventListener("pagehide", release);
    release();
  }
}

/** Whether the lease is this tab's now. */
async function take() {
  const left = (recall(LEASE)?.until ?? 0) - Date.now();
  if (left > 0 && left <= LEASE_MILLISECONDS) return false; // a later end is that of a clock that was set back
  renew();
  await pause(SETTLE_MILLISECONDS);
  return recall(LEASE)?.tab === self;
}

function renew() {
  remember(LEASE, { tab: self, until: Date.now() + LEASE_MILLISECONDS });
}

function release() {
  if (recall(LEASE)?.tab === self) remember(LEASE, null);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
