/**
 * A bounded map that evicts entries not used recently. It keeps two generations: used entries move to the young one.
 * When that is full it becomes the old one, and the previous old one is dropped. A hit costs one look-up, unlike an LRU
 * list.
 */
export class BoundedCache<V> {
  readonly #capacity: number;
  readonly #weigh: (value: V) => number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #youngWeight = 0;
  #hits = 0;
  #misses = 0;

  /** Holds at most `capacity`: in entries, or in the unit that `weigh` returns. */
  constructor(capacity: number, weigh: (value: V) => number = () => 1) {
    this.#capacity = capacity;
    this.#weigh = weigh;
  }

  /** The number of look-ups that found an entry. */
  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Looks an entry up without counting it or marking it as used. */
  peek(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Counts the last hit as a miss. Call it when the entry that was found turned out to be insufficient. */
  fellShort(): void {
    this.#hits -= 1;
    this.#misses += 1;
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) {
      this.#hits += 1;
      return value;
    }
    const old = this.#old.get(key);
    if (old === undefined) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    const weight = this.#weigh(value);
    const generationMax = this.#capacity / 2;
    this.delete(key);
    if (weight > generationMax) return;
    if (this.#youngWeight + weight > generationMax) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngWeight = 0;
    }
    this.#young.set(key, value);
    this.#youngWeight += weight;
  }

  delete(key: string): void {
    const value = this.#young.get(key);
    if (value !== undefined) {
      this.#young.delete(key);
      this.#youngWeight -= this.#weigh(value);
    }
    this.#old.delete(key);
  }

  deleteWhere(isUnwanted: (key: string, value: V) => boolean): void {
    for (const generation of [this.#young, this.#old]) {
      for (const [key, value] of generation) if (isUnwanted(key, value)) this.delete(key);
    }
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#youngWeight = 0;
  }
}
