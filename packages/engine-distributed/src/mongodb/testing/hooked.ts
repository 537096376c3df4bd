/**
 * A collection in which one method waits once for what is to happen before it: so that two processes meet at the one
 * moment that a test is about. All else is the real thing.
 */
export function hooked<C extends object, M extends keyof C & string>(
  collection: C,
  method: M,
  before: () => Promise<unknown>,
): C {
  let isWaiting = true;
  return new Proxy(collection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target);
      return async (...args: unknown[]) => {
        if (isWaiting) {
          isWaiting = false;
          await before();
        }
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}
