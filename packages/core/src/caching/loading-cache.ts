import { LRUCache } from 'lru-cache';
import { createCoalescing } from '../coalescing.ts';
import { Unavailable } from '../unavailable.ts';
import { type Load, LoadsUnderWay, type LoadTicket } from './loads-under-way.ts';
import { entryBytes } from './sizes.ts';

export interface LoadingCacheOptions<V> {
  /** The memory of all entries. The least recently used ones are evicted. */
  readonly bytesMax: number;
  /** The memory of a value, in bytes, without its key. */
  readonly sizeOf: (value: V) => number;
  /** Whether `loadMany` gathers the keys of one turn of the event loop. Worth it where a load is a round trip. */
  readonly gathersLoads?: boolean;
  /** Whether `loadMany` caches absent keys. */
  readonly keepsAbsent?: boolean;
  /** The maximum age of a cached value, for values whose changes are not reported if the writer dies first. */
  readonly keptMs?: number;
  /** How much longer `load` returns that value while the source is unavailable. Defaults to 0. */
  readonly staleMs?: number;
  /** Whether a cached value has the tag; used by `invalidateTag`. */
  readonly hasTag?: (tag: string, key: string, value: V) => boolean;
}

const absent = Symbol('absent');

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
  readonly #kept: LRUCache<string, V | typeof absent>;
  readonly #gathersLoads: boolean;
  readonly #keepsAbsent: boolean;
  readonly #expires: boolean;
  readonly #staleMs: number;
  readonly #hasTag: (tag: string, key: string, value: V) => boolean;
  readonly #loads = new LoadsUnderWay<V>();
  /** The loads of `load` while the cache is suspended. */
  readonly #unkept = createCoalescing<V | undefined>();
  #batch: Batch<V> | undefined;
  #isSuspended = true;
  #hits = 0;
  #misses = 0;

  constructor({
    bytesMax,
    sizeOf,
    keptMs,
    staleMs = 0,
    hasTag = () => false,
    ...options
  }: LoadingCacheOptions<V>) {
    this.#kept = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: (value, key) => entryBytes(key) + (value === absent ? 0 : sizeOf(value)),
      ...(keptMs === undefined
        ? {}
        : { ttl: keptMs + staleMs, ttlResolution: 0, perf: { now: () => performance.now() } }),
    });
    this.#gathersLoads = options.gathersLoads ?? true;
    this.#keepsAbsent = options.keepsAbsent ?? false;
    this.#expires = keptMs !== undefined;
    this.#staleMs = staleMs;
    this.#hasTag = hasTag;
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The memory of all entries. */
  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** Looks up a value without counting a hit or miss. */
  peek(key: string): V | null | undefined {
    const value = this.#kept.peek(key);
    if (value === undefined || this.#isOld(key)) return undefined;
    return value === absent ? null : value;
  }

  /** Counts the last hit as a miss. Call it when the value found turned out to be insufficient. */
  fellShort(): void {
    this.#hits -= 1;
    this.#misses += 1;
  }

  /** Null: known to be absent. Undefined: unknown. */
  get(key: string): V | null | undefined {
    const value = this.#kept.get(key);
    if (value === undefined || this.#isOld(key)) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    return value === absent ? null : value;
  }

  /** The cached value, or the one that is read now and cached if it exists. */
  async find<R extends V | undefined>(key: string, read: (key: string) => Promise<R>): Promise<V | R> {
    return this.get(key) ?? (await this.load(key, read));
  }

  /** The cached values, and those that are read now, all at once. Absent keys are missing from the map. */
  async findMany(
    keys: readonly string[],
    read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  ): Promise<ReadonlyMap<string, V>> {
    const found = new Map<string, V>();
    let missing: string[] | undefined;
    // Not `get`, which takes 15 ns longer: a page looks up forty records.
    for (const key of keys) {
      const value = this.#kept.get(key);
      if (value === undefined || this.#isOld(key)) {
        missing ??= [];
        missing.push(key);
      } else if (value !== absent) found.set(key, value);
    }
    this.#hits += keys.length - (missing?.length ?? 0);
    if (missing === undefined) return found;
    this.#misses += missing.length;
    const loaded = await this.loadMany(missing, read);
    for (const key of missing) {
      const value = loaded.get(key);
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** Loads the key once for all concurrent callers. While the source is unavailable, it may return an expired value. */
  load<R extends V | undefined>(key: string, read: (key: string) => Promise<R>): Promise<V | R> {
    return this.#loadOne(key, read) as Promise<V | R>;
  }

  #loadOne(key: string, read: (key: string) => Promise<V | undefined>): Promise<V | undefined> {
    if (this.#isSuspended) return this.#unkept(key, () => read(key));
    const under = this.#loads.get(key)?.one;
    if (under !== undefined) return under;
    const load = this.#loads.begin(key);
    load.one = read(key)
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
        this.#loads.end(key, load);
      });
    return load.one;
  }

  /**
   * Loads all keys at once, with those that others request meanwhile. The map may hold more keys than requested.
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
    return this.#loads.begin(key, this.#isSuspended);
  }

  /** Caches the value, unless the key was invalidated since the ticket was issued. */
  end(key: string, ticket: LoadTicket, value: V | undefined): void {
    if (value !== undefined) this.#keep(key, value, ticket);
    this.#loads.end(key, ticket as Load<V>);
  }

  invalidate(key: string): void {
    this.#kept.delete(key);
    this.#loads.void(key);
  }

  invalidateTag(tag: string): void {
    const tagged: string[] = [];
    for (const [key, value] of this.#kept.entries()) {
      if (value === absent || this.#hasTag(tag, key, value)) tagged.push(key);
    }
    for (const key of tagged) this.#kept.delete(key);
    this.#loads.voidAll();
  }

  clear(): void {
    this.#kept.clear();
    this.#loads.voidAll();
  }

  suspend(): void {
    this.#isSuspended = true;
    this.clear();
  }

  resume(): void {
    this.clear();
    this.#isSuspended = false;
  }

  #keep(key: string, value: V | typeof absent, ticket: LoadTicket): void {
    if (ticket.isVoid) return;
    // A value that grew is weighed again.
    if (this.#kept.peek(key) === value) this.#kept.delete(key);
    this.#kept.set(key, value);
  }

  #isOld(key: string): boolean {
    return this.#expires && this.#kept.getRemainingTTL(key) < this.#staleMs;
  }

  #findStale(key: string): V | undefined {
    const value = this.#kept.get(key);
    return value === absent ? undefined : value;
  }

  #startBatch(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>): Batch<V> {
    const keys = new Set<string>();
    const gathered = this.#gathersLoads
      ? new Promise<void>((resolve) => {
          setImmediate(resolve);
        })
      : Promise.resolve();
    const result = gathered.then(async () => {
      this.#batch = undefined;
      const loads = new Map<string, Load<V>>();
      for (const key of keys) {
        const load = this.#loads.begin(key, this.#isSuspended);
        load.many = result;
        loads.set(key, load);
      }
      try {
        const found = await read([...keys]);
        for (const [key, load] of loads) {
          const value = found.get(key) ?? (this.#keepsAbsent ? absent : undefined);
          if (value !== undefined) this.#keep(key, value, load);
        }
        return found;
      } finally {
        for (const [key, load] of loads) {
          load.many = undefined;
          this.#loads.end(key, load);
        }
      }
    });
    return { keys, result };
  }
}
