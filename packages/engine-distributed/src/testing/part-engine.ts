import type { Engine, OpenEngine } from '@twite/core/engine';

/** Some ports as an engine for the suites of `@twite/conformance`; missing ports throw when they are used. */
export function partEngine(
  ports: Partial<Engine>,
  { settled, close }: { settled(): Promise<void>; close(): Promise<void> },
): OpenEngine {
  const engine = new Proxy(ports, {
    get(given, name) {
      const port: unknown = Reflect.get(given, name);
      if (port === undefined) throw new Error(`there is no port ${String(name)} in this test`);
      return port;
    },
  }) as Engine;
  return {
    engine,
    uncached: engine,
    settled,
    checkPrimary: async () => {},
    status: async () => ({ engine: 'distributed', dependencies: [], relay: null, otherProcesses: [] }),
    failed: new Promise(() => {}),
    [Symbol.asyncDispose]: close,
  };
}
