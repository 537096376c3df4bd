import { afterAll, beforeAll, describe } from 'vitest';
import { type Call, makeCall } from './client.ts';
import type { ServerOptions, ServerUnderTest, StartServer } from './server-under-test.ts';

/** What the tests of a suite share: one server. */
export interface World {
  readonly url: string;
  readonly call: Call;
  readonly server: ServerUnderTest;
}

/** Facts about one area of the product, told over HTTP alone: any engine must pass them. */
export type Suite = (start: StartServer) => void;

/** A suite whose tests share a server; `world()` is to be asked within them. */
export const suite =
  (name: string, tests: (world: () => World) => void, options?: ServerOptions): Suite =>
  (start) =>
    describe(name, () => {
      let world: World | undefined;
      beforeAll(async () => {
        const server = await start(options);
        world = { url: server.url, call: makeCall(server.url), server };
      });
      afterAll(() => world?.server.close());
      tests(() => world as World);
    });
