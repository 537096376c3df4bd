import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Call, makeCall } from './client.ts';
import type { ServerOptions, ServerUnderTest, StartServer } from './server-under-test.ts';

/** The shared state of a suite's tests: one server. */
export interface World {
  readonly url: string;
  readonly call: Call;
  readonly server: ServerUnderTest;
}

/** Where the suites run: on servers that each suite starts and configures, or on one deployed instance. */
export type Place = 'own servers' | 'a deployed instance';

/** Facts about one area of the product, checked over HTTP alone: any engine must pass them. */
export type Suite = (start: StartServer, place: Place) => void;

/**
 * A suite whose tests share a server; call `world()` within them. Tests that advance the clock or fill a queue are
 * declared by `insideTest`: a deployed instance skips them, and the whole suite if it needs another configuration.
 */
export const suite =
  (
    name: string,
    tests: (world: () => World, insideTest: typeof test | typeof test.skip) => void,
    options?: ServerOptions,
  ): Suite =>
  (start, place) =>
    describe.skipIf(place === 'a deployed instance' && options !== undefined)(name, () => {
      let world: World | undefined;
      beforeAll(async () => {
        const server = await start(options);
        world = { url: server.url, call: makeCall(server.url), server };
      });
      afterAll(() => world?.server.close());
      tests(() => world as World, place === 'own servers' ? test : test.skip);
    });
