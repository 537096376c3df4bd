import { AsyncLocalStorage } from 'node:async_hooks';

const context = new AsyncLocalStorage<true>();

/**
 * Runs what brings derived data up to date: it reads the source, past every cache. An event can come before the word to
 * forget what it changed; what a handler then made of a cached value would stay wrong, as no later event mends it.
 */
export const withSource = <T>(run: () => T): T => context.run(true, run);

export const readsSource = (): boolean => context.getStore() === true;
