import { startEmbedded } from '../main/embedded.ts';
import { loggedSecrets } from './logged-secrets.ts';
import { runHttpSuites } from './run-http-suites.ts';
import { configForTest, startsForTest } from './start-for-test.ts';

loggedSecrets(({ log }) =>
  runHttpSuites(startsForTest(configForTest, (config, clock) => startEmbedded(config, { clock, log }))),
);
