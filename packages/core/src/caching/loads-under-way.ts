/** The loads of a key that began since it was last invalidated. */
export interface Load<V> {
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

/** The loads of a cache that have not ended. */
export class LoadsUnderWay<V> {
  readonly #loads = new Map<string, Load<V>>();

  get(key: string): Load<V> | undefined {
    return this.#loads.get(key);
  }

  /** Joins the load of the key, or starts one: void from the start if its value must not be kept. */
  begin(key: string, isVoid = false): Load<V> {
    let load = this.#loads.get(key);
    if (load === undefined) {
      load = { users: 0, isVoid, one: undefined, many: undefined };
      if (!isVoid) this.#loads.set(key, load);
    }
    load.users += 1;
    return load;
  }

  end(key: string, load: Load<V>): void {
    load.users -= 1;
    if (load.users === 0 && this.#loads.get(key) === load) this.#loads.delete(key);
  }

  /** What the loads of the key read may be stale. Later callers load it again. */
  void(key: string): void {
    const load = this.#loads.get(key);
    if (load === undefined) return;
    load.isVoid = true;
    this.#loads.delete(key);
  }

  voidAll(): void {
    for (const load of this.#loads.values()) load.isVoid = true;
    this.#loads.clear();
  }
}
