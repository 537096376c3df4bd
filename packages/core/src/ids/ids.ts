/**
 * Ids: 64-bit snowflakes, always decimal strings of exactly 19 digits, so that text order is numeric order.
 *
 *     bit 63  62 ........................ 22  21 ........ 12  11 ........ 0
 *        0    41 bits: milliseconds            10: machine     12: sequence
 *             since 2010-11-04T01:42:54.657Z
 *
 * Times before May 2018 give smaller numbers; they are padded with zeros, so the order holds for them too.
 * This file alone knows the epoch: everything else asks `idTime` and `firstIdAt`.
 */

const EPOCH_MS = Date.parse('2010-11-04T01:42:54.657Z');
const MAX_ELAPSED_MS = 2 ** 41 - 1;
const MAX_MACHINE = 2 ** 10 - 1;
const MAX_SEQUENCE = 2 ** 12 - 1;
const ID_DIGITS = 19;
const MAX_ID = (2n ** 63n - 1n).toString();
const ID_PATTERN = /^[0-9]{19}$/;

export type IdGenerator = {
  /**
   * Returns a new id, greater than every earlier id of this generator.
   * @throws RangeError when the 41 bits of time are used up (July 2080).
   */
  next(): string;
};

export type IdGeneratorOptions = {
  /** `now()` returns milliseconds since 1970, and may step back. */
  clock: { now(): number };
  /** 0 to 1023. Generators that run at the same time must have different machines. */
  machine: number;
  /**
   * An id that all new ids must exceed: the newest one in the store. Keeps ids unique across a restart during which the
   * clock stepped back.
   */
  after?: string | undefined;
};

/**
 * Ids that are unique and strictly rising, whatever the clock does:
 * - a clock that steps back or stands still: ids continue in the last millisecond used, by the sequence;
 * - a 4,097th id in one millisecond: it borrows the next millisecond, and the generator stays ahead of the clock
 *   until the clock catches up. It never waits.
 *
 * @throws RangeError when `machine` is not a whole number from 0 to 1023, or `after` is not an id.
 */
export function createIdGenerator({ clock, machine, after }: IdGeneratorOptions): IdGenerator {
  if (!Number.isInteger(machine) || machine < 0 || machine > MAX_MACHINE) {
    throw new RangeError(`machine must be a whole number from 0 to ${MAX_MACHINE}, not ${machine}`);
  }
  // A clock before the epoch counts as the epoch.
  let elapsedMs = 0;
  let sequence = -1;
  if (after !== undefined) {
    elapsedMs = elapsedOf(after);
    // Another machine's bits may be greater than ours, so the rest of that millisecond is skipped.
    sequence = MAX_SEQUENCE;
  }

  return {
    next() {
      const clockMs = Math.floor(clock.now()) - EPOCH_MS;
      if (clockMs > elapsedMs) {
        elapsedMs = clockMs;
        sequence = 0;
      } else if (sequence < MAX_SEQUENCE) {
        sequence += 1;
      } else {
        elapsedMs += 1;
        sequence = 0;
      }
      if (elapsedMs > MAX_ELAPSED_MS) throw new RangeError('ids are used up: the clock is past July 2080');
      return compose(elapsedMs, machine, sequence);
    },
  };
}

/**
 * The time at which an id was created, to the millisecond.
 * @throws RangeError when `id` is not an id.
 */
export function idTime(id: string): Date {
  return new Date(EPOCH_MS + elapsedOf(id));
}

/** Whether a value has the form of an id: 19 ASCII digits, at most 2^63 - 1. */
export function isId(value: string): boolean {
  return typeof value === 'string' && ID_PATTERN.test(value) && value <= MAX_ID;
}

/**
 * The smallest id possible at a time (milliseconds since 1970): every id created earlier is smaller. Times outside the
 * range of ids give the smallest or the greatest of all ids.
 * @throws RangeError when `ms` is not a number.
 */
export function firstIdAt(ms: number): string {
  if (Number.isNaN(ms)) throw new RangeError('not a moment: NaN');
  // An id created at a fraction of a millisecond carries the millisecond that had begun.
  const elapsedMs = Math.floor(ms) - EPOCH_MS;
  if (elapsedMs > MAX_ELAPSED_MS) return MAX_ID;
  return compose(Math.max(elapsedMs, 0), 0, 0);
}

function compose(elapsedMs: number, machine: number, sequence: number): string {
  const id = (BigInt(elapsedMs) << 22n) | (BigInt(machine) << 12n) | BigInt(sequence);
  return id.toString().padStart(ID_DIGITS, '0');
}

function elapsedOf(id: string): number {
  if (!isId(id)) throw new RangeError(`not an id: ${JSON.stringify(id)}`);
  return Number(BigInt(id) >> 22n);
}
