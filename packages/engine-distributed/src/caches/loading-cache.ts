import { BoundedCache } from '@twite/core/bounded-cache';
import { Unavailable } from '@twite/core/unavailable';
import { createCoalescing } from '../coalescing.ts';

export interface LoadingCacheOptions<V> {
  readonly capacity: number;
  readonly weigh?: (value: V) => number;
  /** Whether `loadMany` caches absent keys. */
  readonly keepsAbsent?: boolean;
  /** The maximum age of a cached value, for values whose changes are not reported if the writer dies first. */
  readonly keptMs?: number;
  /** How much longer `load` returns that value while the source is unavailable. Defaults to 0. */
  readonly staleMs?: number;
  /** Whether a cached value is about the id; used by `invalidateTag`. */
  readonly hasTag?: (id: string, key: string, value: V) => boolean;
}

/** The loads of a key that began since it was last invalidated. */
interface Load<V> {
  users: number;
  /** The key was invalidated meanwhile: the read value may be stale. */
  isVoid: boolean;
  one: Promise<V | undefined> | undefined;
  many: Promise<ReadonlyMap<string, V>> | undefined;
}

/** Represents one load between `begin` and `end`. */
export interface LoadTicket {
  readonly isVoid: boolean;
}

interface Batch<V> {
  readonly keys: Set<string>;
  readonly result: Promise<ReadonlyMap<string, V>>;
}

/**
 * A cache in this process of values that others change. A value whose key is invalidated during its load goes to those
 * who asked before the invalidation and is not cached; later callers load it again. While suspended, the cache keeps
 * nothing.
 */
export class LoadingCache<V extends object> {
  readonly #kept: BoundedCache<V | null>;
  readonly #keepsAbsent: boolean;
  readonly #keptMs: number | undefined;
  readonly #staleMs: number;
  readonly #keptSince = new WeakMap<V, number>();
  readonly #hasTag: (id: string, key: string, value: V) => boolean;
  readonly #loads = new Map<string, Load<V>>();
  /** The loads of `load` while the cache is suspended. */
  readonly #unkept = createCoalescing<V | undefined>();
  #batch: Batch<V> | undefined;
  #isSuspended = true;
  #hits = 0;
  #misses = 0;

  constructor(options: LoadingCacheOptions<V>) {
    const { capacity, weigh, keepsAbsent = false, keptMs, staleMs = 0, hasTag = () => false } = options;
    this.#kept = new BoundedCache(capacity, weigh && ((value) => (value === null ? 1 : weigh(value))));
    this.#keepsAbsent = keepsAbsent;
    this.#keptMs = keptMs;
    this.#staleMs = staleMs;
    this.#hasTag = hasTag;
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  /** Looks up a value without counting a hit or miss. */
  peek(key: string): V | null | undefined {
    const value = this.#kept.peek(key);
    return value === undefined || this.#isOld(value) ? undefined : value;
  }

  /** Counts the last hit as a miss. Call it when the value found turned out to be insufficient. */
  fellShort(): void {
    this.#hits -= 1;
    this.#misses += 1;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Null: known to be absent. Undefined: unknown. */
  get(key: string): V | null | undefined {
    const value = this.#kept.get(key);
    if (value === undefined || this.#isOld(value)) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    return value;
  }

  /** Loads the key once for all concurrent callers. While the source is unavailable, it may return an expired value. */
  load(key: string, read: () => Promise<V | undefined>): Promise<V | undefined> {
    if (this.#isSuspended) return this.#unkept(key, read);
    const under = this.#loads.get(key)?.one;
    if (under !== undefined) return under;
    const load = this.#begin(key);
    load.one = read()
      .then((value) => {
        if (value !== undefined) this.#keep(key, value, load);
        return value;
      })
      .catch((error: unknown) => {
        const stale = error instanceof Unavailable && !load.isVoid ? this.#findStale(key) : undefined;
        if (stale === undefined) throw error;
        return stale;
      })
      .finally(() => {
        load.one = undefined;
        this.#end(key, load);
      });
    return load.one;
  }

  /**
   * Loads all keys that are requested in one turn of the event loop at once. The map may hold more keys than requested.
   */
  async loadMany(
    keys: readonly string[],
    read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  ): Promise<ReadonlyMap<string, V>> {
    const results = new Map<Promise<ReadonlyMap<string, V>>, string[]>();
    for (const key of keys) {
      let result = this.#loads.get(key)?.many;
      if (result === undefined) {
        this.#batch ??= this.#startBatch(read);
        this.#batch.keys.add(key);
        result = this.#batch.result;
      }
      const wanted = results.get(result);
      if (wanted === undefined) results.set(result, [key]);
      else wanted.push(key);
    }
    const [only] = results.keys();
    if (only !== undefined && results.size === 1) return only;
    // Take each key from the load that was joined for it: another load may hold it too, as it was before an
    // invalidation.
    const found = new Map<string, V>();
    await Promise.all(
      [...results].map(async ([result, wanted]) => {
        const loaded = await result;
        for (const key of wanted) {
          const value = loaded.get(key);
          if (value !== undefined) found.set(key, value);
        }
      }),
    );
    return found;
  }

  /** Starts a load of another form. The caller must end it. */
  begin(key: string): LoadTicket {
    return this.#begin(key);
  }

  /** Caches the value, unless the key was invalidated since the ticket was issued. */
  end(key: string, ticket: LoadTicket, value: V | undefined): void {
    if (value !== undefined) this.#keep(key, value, ticket);
    this.#end(key, ticket as Load<V>);
  }

  invalidate(key: string): void {
    this.#kept.delete(key);
    const load = this.#loads.get(key);
    if (load === undefined) return;
    load.isVoid = true;
    this.#loads.delete(key);
  }

  invalidateTag(id: string): void {
    this.#kept.deleteWhere((key, value) => value === null || this.#hasTag(id, key, value));
    this.#voidLoads();
  }

  clear(): void {
    this.#kept.clear();
    this.#voidLoads();
  }

  suspend(): void {
    this.#isSuspended = true;
    this.clear();
  }

  resume(): void {
    this.clear();
    this.#isSuspended = false;
  }

  #begin(key: string): Load<V> {
    let load = this.#loads.get(key);
    if (load === undefined) {
      load = { users: 0, isVoid: this.#isSuspended, one: undefined, many: undefined };
      if (!this.#isSuspended) this.#loads.set(key, load);
    }
    load.users += 1;
    return load;
  }

  #keep(key: string, value: V | null, ticket: LoadTicket): void {
    if (ticket.isVoid) return;
    this.#kept.set(key, value);
    if (this.#keptMs !== undefined && value !== null) this.#keptSince.set(value, performance.now());
  }

  #isOld(value: V | null): boolean {
    return this.#keptMs !== undefined && value !== null && this.#ageOf(value) > this.#keptMs;
  }

  #findStale(key: string): V | undefined {
    const value = this.#kept.get(key) ?? undefined;
    if (value === undefined || this.#keptMs === undefined) return undefined;
    return this.#ageOf(value) <= this.#keptMs + this.#staleMs ? value : undefined;
  }

  #ageOf(value: V): number {
    return performance.now() - (this.#keptSince.get(value) ?? 0);
  }

  #end(key: string, load: Load<V>): void {
    load.users -= 1;
    if (load.users === 0 && this.#loads.get(key) === load) this.#loads.delete(key);
  }

  #voidLoads(): void {
    for (const load of this.#loads.values()) load.isVoid = true;
    this.#loads.clear();
  }

  #startBatch(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>): Batch<V> {
    const keys = new Set<string>();
    const result = new Promise<void>((resolve) => {
      setImmediate(resolve);
    }).then(async () => {
      this.#batch = undefined;
      const loads = new Map<string, Load<V>>();
      for (const key of keys) {
        const load = this.#begin(key);
        load.many = result;
        loads.set(key, load);
      }
      try {
        const found = await read([...keys]);
        for (const [key, load] of loads) {
          const value = found.get(key) ?? (this.#keepsAbsent ? null : undefined);
          if (value !== undefined) this.#keep(key, value, load);
        }
        return found;
      } finally {
        for (const [key, load] of loads) {
          load.many = undefined;
          this.#end(key, load);
        }
      }
    });
    return { keys, result };
  }
}
