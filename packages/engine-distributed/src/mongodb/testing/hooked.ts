import { withMethod } from './with-method.ts';

/**
 * A collection in which one method waits once for what is to happen before it: so that two processes meet at the one
 * moment that a test is about.
 */
export function hooked<C extends object, M extends keyof C & string>(
  collection: C,
  method: M,
  before: () => Promise<unknown>,
): C {
  let isWaiting = true;
  return withMethod(collection, method, (real) => async (...args) => {
    if (isWaiting) {
      isWaiting = false;
      await before();
    }
    return real(...args);
  });
}
