import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { afterAll, describe } from 'vitest';
import { startDistributed } from '../main/distributed.ts';
import type { RunningServer } from '../main/serve.ts';
import { loggedSecrets } from './logged-secrets.ts';
import { runHttpSuites } from './run-http-suites.ts';
import { configForTest, grantAdmin, startsForTest } from './start-for-test.ts';
import { visibilitySuite } from './visibility.suite.ts';

const environment = serviceEnvironment();

describe.runIf(environment !== undefined)('on the distributed engine', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);
  const newConfig = () =>
    configForTest({ ...environment, TWITE_ENGINE: 'distributed', TWITE_NAMESPACE: namespaces.add() });

  loggedSecrets(({ log }) => {
    runHttpSuites(
      startsForTest(newConfig, (config, clock) =>
        startDistributed(config, { clock, log, withWorkers: true }),
      ),
    );

    let running: Promise<RunningServer> | undefined;
    afterAll(async () => (await running)?.close());
    visibilitySuite(async () => {
      running ??= startDistributed(newConfig(), { log, withWorkers: true });
      const server = await running;
      return {
        url: server.url,
        settled: () => server.settled(),
        grantAdmin: (handle) => grantAdmin(server, handle),
      };
    });
  });
});
