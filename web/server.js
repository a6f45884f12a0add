// What is asked of the server besides the feed. Every question can be given up.

import {key_headers, with_key} from './access.js';

/** The server wants an API key, or another one; the message is the server's. */
export class KeyWanted extends Error {}

/**
 * @param {string} path @param {AbortSignal} [signal]
 * @returns {Promise<any>} @throws {Error} with what to tell the reader
 */
export async function ask(path, signal) {
  const limit = AbortSignal.timeout(10_000);
  const headers = key_headers();
  const answer = await fetch(path, {
    signal: signal ? either(signal, limit) : limit,
    cache: 'no-store',
    headers,
  });
  const is_of_now = headers['X-Api-Key'] === key_headers()['X-Api-Key'];
  if (answer.status === 401 && is_of_now) {
    const told = await answer.json().catch(() => null);
    throw new KeyWanted(told?.message ?? 'The server wants an API key');
  }
  if (!answer.ok) throw new Error(`The server answered ${answer.status} to ${path.split('?')[0]}`);
  return answer.json();
}

/** AbortSignal.any is younger than the browsers that are to work. */
function either(/** @type {AbortSignal} */ one, /** @type {AbortSignal} */ other) {
  const out = new AbortController();
  for (const signal of [one, other])
    signal.addEventListener('abort', () => out.abort(signal.reason), {once: true});
  if (one.aborted) out.abort(one.reason);
  return out.signal;
}

/**
 * A question that the server has to look up: the answer comes as the one event of a stream.
 * @param {string} path @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export function look_up(path, signal) {
  return new Promise((resolve, reject) => {
    const source = new EventSource(with_key(path));
    const end = () => {
      source.close();
      clearTimeout(timer);
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error('The server did not answer in time'));
    }, 10_000);
    signal.addEventListener('abort', () => {
      end();
      reject(signal.reason);
    });
    source.addEventListener('answer', (event) => {
      end();
      resolve(JSON.parse(event.data));
    });
    source.addEventListener('refusal', (event) => {
      end();
      reject(new Error(JSON.parse(event.data).message));
    });
    source.onerror = () => {
      end();
      reject(new Error('The server could not be asked'));
    };
  });
}
