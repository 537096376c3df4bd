const ID_DIGITS = 19;
const CAPACITY_MIN = 16;

/**
 * The newest ids of one timeline, 8 bytes each, oldest first. Holds at most `lengthMax` ids. Once it drops one, it is
 * no longer complete, and refuses anything older than its oldest id: the window is contiguous.
 */
export class TimelineWindow {
  readonly #lengthMax: number;
  #ids: BigInt64Array;
  /** The window is `#ids[#start, #end)`: dropping the oldest id increments `#start`. */
  #start = 0;
  #end = 0;
  #complete: boolean;

  /**
   * @param newestFirst the initial ids; those beyond `lengthMax` are dropped.
   * @param complete whether there are no further ids.
   */
  constructor(lengthMax: number, newestFirst: readonly bigint[], complete: boolean) {
    this.#lengthMax = lengthMax;
    const length = Math.min(newestFirst.length, lengthMax);
    this.#complete = complete && newestFirst.length <= lengthMax;
    this.#ids = new BigInt64Array(Math.max(CAPACITY_MIN, length));
    for (let at = 0; at < length; at += 1) this.#ids[at] = newestFirst[length - 1 - at] as bigint;
    this.#end = length;
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** Idempotent. Returns true if the window changed. */
  add(id: bigint): boolean {
    const at = this.#placeOf(id);
    if (at < this.#end && this.#ids[at] === id) return false;
    if (at === this.#start) {
      if (!this.#complete && this.#end > this.#start) return false;
      if (this.#end - this.#start >= this.#lengthMax) {
        this.#complete = false;
        return false;
      }
    }
    this.#insert(at, id);
    if (this.#end - this.#start > this.#lengthMax) {
      this.#start += 1;
      this.#complete = false;
    }
    return true;
  }

  /** At most `limit` ids below `before`, newest first. */
  newest(before: bigint | undefined, limit: number): string[] {
    const end = before === undefined ? this.#end : this.#placeOf(before);
    const start = Math.max(this.#start, end - limit);
    const ids: string[] = [];
    for (let at = end - 1; at >= start; at -= 1) ids.push(String(this.#ids[at]).padStart(ID_DIGITS, '0'));
    return ids;
  }

  ids(): BigInt64Array {
    return this.#ids.subarray(this.#start, this.#end);
  }

  /** The index of the id, or its insertion point. */
  #placeOf(id: bigint): number {
    let low = this.#start;
    let high = this.#end;
    // Nearly every id is newer than all existing ones.
    if (high > low && (this.#ids[high - 1] as bigint) < id) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] as bigint) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(at: number, id: bigint): void {
    let place = at;
    if (this.#end === this.#ids.length) {
      const length = this.#end - this.#start;
      place -= this.#start;
      // Room for somewhat more than the window, so that moving it to the front is rare.
      const capacity = Math.min(Math.max(CAPACITY_MIN, 2 * length), this.#lengthMax + 64);
      const ids = capacity > this.#ids.length ? new BigInt64Array(capacity) : this.#ids;
      ids.set(this.ids());
      this.#ids = ids;
      this.#start = 0;
      this.#end = length;
    }
    this.#ids.copyWithin(place + 1, place, this.#end);
    this.#ids[place] = id;
    this.#end += 1;
  }
}
