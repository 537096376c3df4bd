/**
 * Single flight for values whose changes are not reported: a running load may return the state before a change, so
 * later callers share the next load. A key has at most two loads: a running one and one that waits for it.
 */
export class FreshLoads<V> {
  readonly #running = new Map<string, Promise<V | undefined>>();
  readonly #next = new Map<string, Promise<V | undefined>>();

  load(key: string, read: () => Promise<V | undefined>): Promise<V | undefined> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#start(key, read);
    let next = this.#next.get(key);
    if (next === undefined) {
      const begin = () => {
        this.#next.delete(key);
        return this.#start(key, read);
      };
      next = running.then(begin, begin);
      this.#next.set(key, next);
    }
    return next;
  }

  #start(key: string, read: () => Promise<V | undefined>): Promise<V | undefined> {
    const running = read().finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    });
    this.#running.set(key, running);
    return running;
  }
}
