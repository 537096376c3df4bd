/** Wakes one waiting loop. A wake-up between two waits is remembered, so that none is lost. */
export class WakeSignal {
  #woken = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#woken = true;
    this.#resolve?.();
  }

  /** Resolves at the next wake-up, at once if there was one since the last wait, or after the timeout. */
  async wait(timeoutMs?: number): Promise<void> {
    if (!this.#woken) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
      await promise;
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#woken = false;
  }
}
