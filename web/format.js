// Numbers and times as the page shows them. Pure.

/**
 * Two decimals, a third where it is not zero: "2.06", "1.925".
 * @param {number | null | undefined} price in thousandths, the only form that is calculated with
 */
export function price_text(price) {
  if (price === null || price === undefined) return '–';
  const text = (price / 1000).toFixed(3);
  return text.endsWith('0') ? text.slice(0, -1) : text;
}

/**
 * How long ago, in at most four characters where that says enough.
 * @param {number} millis
 */
export function age(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 100) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** The same for a screen reader: "12 seconds". @param {number} millis */
export function age_in_words(millis) {
  const short = age(millis);
  const unit = {s: 'second', m: 'minute', h: 'hour', d: 'day'}[short.slice(-1)];
  const count = short.slice(0, -1);
  return `${count} ${unit}${count === '1' ? '' : 's'}`;
}

/** @param {number} time UTC milliseconds @param {string} [zone] for tests */
export function clock(time, zone) {
  return new Intl
      .DateTimeFormat('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        timeZone: zone,
      })
      .format(time);
}

/** @param {number} time UTC milliseconds @param {string} [zone] */
export function clock_with_seconds(time, zone) {
  return new Intl
      .DateTimeFormat('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
        timeZone: zone,
      })
      .format(time);
}

/** @param {number} time @param {string} [zone] */
function day_number(time, zone) {
  const text = new Intl.DateTimeFormat('en-CA', {timeZone: zone}).format(time);
  return Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);
}

/**
 * "19:30" today, "Fri 19:30" within a week, else "9 Aug 19:30".
 * @param {number} time @param {number} now @param {string} [zone]
 */
export function kick_off(time, now, zone) {
  const days = day_number(time, zone) - day_number(now, zone);
  if (days === 0) return clock(time, zone);
  /** @type {Intl.DateTimeFormatOptions} */
  const form = days > 0 && days < 7 ? {weekday: 'short'} : {day: 'numeric', month: 'short'};
  const day = new Intl.DateTimeFormat('en-GB', {...form, timeZone: zone}).format(time);
  return `${day} ${clock(time, zone)}`;
}

/** A bookmaker's share of what is staked, "4.6%". @param {number | null} share 0.046 */
export function percent(share) {
  return share === null ? '' : `${(share * 100).toFixed(1)}%`;
}

/** "1,660" @param {number} count */
export function whole(count) {
  return new Intl.NumberFormat('en-GB').format(count);
}

/** "three_way" as people read it. @param {string} name */
export function words(name) {
  const known = {btts: 'Both teams score', three_way: 'Match result', two_way: 'Winner'}[name];
  if (known) return known;
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
