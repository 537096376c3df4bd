type Method = (...args: unknown[]) => unknown;

/** A collection of which one method is another one, made of the real one. All else is the real thing. */
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
