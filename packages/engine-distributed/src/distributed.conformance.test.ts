import { runConformance } from '@twite/conformance';
import { afterAll, describe } from 'vitest';
import { createTestEngines, hasServices } from './testing/open-for-test.ts';

describe.runIf(hasServices)('on the real servers', () => {
  const engines = createTestEngines();
  afterAll(() => engines.erase(), 120_000);

  runConformance({
    name: 'the distributed engine',
    open: engines.open,
    reopen: engines.reopen,
    // Each case makes requests to servers: the port suites' own properties run 1,000 times on the embedded engine.
    propertyRuns: 100,
  });
});
