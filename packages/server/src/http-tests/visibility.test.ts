import { afterAll } from 'vitest';
import { startEmbedded } from '../main/embedded.ts';
import type { RunningServer } from '../main/serve.ts';
import { configForTest, grantAdmin } from './start-for-test.ts';
import { visibilitySuite } from './visibility.suite.ts';

let running: Promise<RunningServer> | undefined;
afterAll(async () => (await running)?.close());

visibilitySuite(async () => {
  running ??= startEmbedded(configForTest());
  const server = await running;
  return {
    url: server.url,
    settled: () => server.settled(),
    grantAdmin: (handle) => grantAdmin(server, handle),
  };
});
