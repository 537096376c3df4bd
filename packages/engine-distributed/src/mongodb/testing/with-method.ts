type Method = (...args: unknown[]) => unknown;

/** A collection with one method replaced by a wrapper of the real one. Everything else is real. */
export function withMethod<C extends object, M extends keyof C & string>(
  collection: C,
  method: M,
  make: (real: Method) => Method,
): C {
  return new Proxy(collection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const real = value.bind(target) as Method;
      return name === method ? make(real) : real;
    },
  });
}
