import { startEmbedded } from '../main/embedded.ts';
import { runHttpSuites } from './run-http-suites.ts';
import { configForTest, startsForTest } from './start-for-test.ts';

runHttpSuites(startsForTest(configForTest, (config, clock) => startEmbedded(config, { clock })));
