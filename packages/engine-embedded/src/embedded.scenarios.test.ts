import { runScenarios } from '@twite/conformance/scenarios';
import { startWorkers } from '@twite/workers';
import { openEmbeddedEngine } from './index.ts';

runScenarios(
  {
    name: 'the embedded engine in memory',
    open: ({ clock, settings }) => openEmbeddedEngine({ location: ':memory:', clock, settings }),
  },
  startWorkers,
);
