/**
 * Single flight where nobody says what changed: a load that has begun may return what was there before a change, so that
 * those who ask later share the next one. At most two loads of a key exist: one that runs and one that waits for it.
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
