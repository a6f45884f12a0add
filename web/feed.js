// The connection to the server's feed: kept up, watched, and made anew from where it stood. What
// was heard goes to `hear` in order; how the connection stands goes to `tell`.

import {with_key} from './access.js';
import {feed_events} from './feed_events.js';

/** @import { FeedEvent } from './state.js' */

/** @typedef {'connecting' | 'live' | 'lost'} Connection */

// The server beats every 10 s; a connection that says nothing for longer than two beats and some is
// dead, whatever the network says.
const kSilence = 25_000;
const kPauses = [1_000, 2_000, 4_000, 8_000];
const kNames = [
  'snapshot', 'snapshot-complete', 'odds', 'suspended', 'removed', 'stale', 'matched', 'heartbeat',
  'resumed', 'reset'
];

export class Feed {
  /** @type {EventSource | null} */ #source = null;
  #failures = 0;
  #last_heard = 0;
  #in_snapshot = false;
  #last_id = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #retry;

  /**
   * @param {string} url
   * @param {{ hear: (event: FeedEvent) => boolean, time: (server_time: number) => void,
   *   tell: (connection: Connection) => void, refused: () => void }} listeners `hear` false: a new
   *   snapshot is needed; `refused`: the server is there, but gives no feed, and did not say why
   */
  constructor(url, listeners) {
    this.url = url;
    this.listeners = listeners;
    setInterval(() => this.#watch(), 1_000);
    addEventListener('online', () => this.reconnect());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && !this.#source) this.reconnect();
    });
    this.#connect();
  }

  #connect() {
    this.#close();
    this.#last_heard = performance.now();
    const resumed = this.#last_id ? `?lastEventId=${encodeURIComponent(this.#last_id)}` : '';
    const source = new EventSource(with_key(this.url + resumed));
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#in_snapshot = false;  // of before
      this.#last_heard = performance.now();
    };
    // The browser tries again by itself unless the answer was a refusal.
    source.onerror = () => {
      this.listeners.tell('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      this.#reconnect_later();
      this.listeners.refused();
    };
    for (const name of kNames) source.addEventListener(name, (event) => this.#heard(name, event));
  }

  #heard(/** @type {string} */ name, /** @type {MessageEvent} */ event) {
    this.#last_heard = performance.now();
    if (event.lastEventId) this.#last_id = event.lastEventId;
    const told = JSON.parse(event.data);
    if (told.at) this.listeners.time(Date.parse(told.at));
    // A snapshot is the whole: what it does not say is no more.
    if (name.startsWith('snapshot') && !this.#in_snapshot) this.listeners.hear({kind: 'reset'});
    if (name.startsWith('snapshot')) this.#in_snapshot = name === 'snapshot';
    for (const one of feed_events(name, told))
      if (!this.listeners.hear(one)) return this.#start_over();
    if (!this.#in_snapshot) this.listeners.tell('live');
  }

  #start_over() {
    this.#last_id = '';
    this.#in_snapshot = false;
    this.#connect();
  }

  #watch() {
    if (this.#source && performance.now() - this.#last_heard > kSilence) this.#reconnect_later();
  }

  #reconnect_later() {
    this.#close();
    this.listeners.tell('lost');
    const pause = kPauses[Math.min(this.#failures, kPauses.length - 1)];
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), pause);
  }

  /** For whoever knows that it is worth trying. */
  reconnect() {
    if (this.#source?.readyState === EventSource.OPEN) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  #close() {
    this.#source?.close();
    this.#source = null;
    this.#in_snapshot = false;
  }
}
