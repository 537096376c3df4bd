import { runScenarios } from '@twite/conformance/scenarios';
import { createTestEngines, hasServices } from '@twite/engine-distributed/testing';
import { afterAll, describe } from 'vitest';
import { startWorkers } from './start-workers.ts';

describe.runIf(hasServices)('on the real servers', () => {
  const engines = createTestEngines();
  afterAll(() => engines.erase(), 120_000);

  runScenarios(
    {
      name: 'the distributed engine',
      open: engines.open,
      // Each story is a few hundred requests to servers: 1,000 of them run on the embedded engine.
      propertyRuns: 200,
    },
    startWorkers,
  );
});
