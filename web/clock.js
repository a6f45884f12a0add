// The server's time, so that ages are right where this machine's clock is not.

let offset = 0;
let known = false;

/**
 * What the server said its time is, as it was heard. Delays only ever make it look slow, so the
 * quickest message says most.
 * @param {number} server_time
 */
export function hear_time(server_time) {
  if (!Number.isFinite(server_time)) return;
  const seen = server_time - Date.now();
  if (!known || seen > offset || offset - seen > 5_000) offset = seen;
  known = true;
}

/** Now, in UTC milliseconds by the server's clock. */
export function now() {
  return Date.now() + offset;
}
