type Method = (...args: unknown[]) => unknown;

/** A port with some methods replaced. All others are called on the source. */
export function delegate<P extends object>(source: P, methods: Partial<P>): P {
  const port: Record<string, Method> = {};
  for (const name of methodNames(source)) {
    // A private field of a class needs the object itself as `this`.
    port[name] = (...args) => (Reflect.get(source, name) as Method).apply(source, args);
  }
  return Object.assign(port, methods) as P;
}

/** The methods of an object and of its classes. */
function methodNames(source: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let holder = source; holder !== Object.prototype; holder = Object.getPrototypeOf(holder) as object) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name !== 'constructor' && typeof Reflect.get(source, name) === 'function') names.add(name);
    }
  }
  return names;
}
