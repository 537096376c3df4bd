/**
 * A bounded map that forgets what was not used lately. It keeps two generations: what is used moves to the young one;
 * when that is full it becomes the old one, and the old one is forgotten. A hit costs one look-up, unlike an LRU list.
 */
export class BoundedCache<V> {
  readonly #capacity: number;
  readonly #weigh: (value: V) => number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #youngWeight = 0;
  #hits = 0;
  #misses = 0;

  /** Holds at most `capacity`, in entries or in what `weigh` measures. */
  constructor(capacity: number, weigh: (value: V) => number = () => 1) {
    this.#capacity = capacity;
    this.#weigh = weigh;
  }

  /** Look-ups that found something. */
  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Looks without counting, and without using what it finds. */
  peek(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** To be called when what was just found turned out to be too little: it counts as a miss. */
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
