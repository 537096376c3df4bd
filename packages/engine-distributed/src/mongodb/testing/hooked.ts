import { withMethod } from './with-method.ts';

/**
 * A collection in which the first call of one method waits for a given action, so that two processes meet at the exact
 * moment under test.
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
