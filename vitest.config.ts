import { defineConfig } from 'vitest/config';

const conditions = ['twite-source', 'node', 'import', 'default'];

const faultTests = 'packages/*/src/**/*.fault.test.ts';
const loadTests = 'scripts/load/**/*.load.test.ts';
const labTests = 'compose/tests/**/*.lab.test.ts';

/** A machine that runs tests is busy by itself: only the tests of overload let servers refuse requests for that. */
const env = { TWITE_SHED_DELAY_MS: 'off' };

/** Tests run from source: workspace packages resolve through the `twite-source` export condition. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: ['scripts/vitest-setup.ts'],
    pool: 'forks',
    execArgv: ['--conditions=twite-source'],
    // Tests settle on events; on two busy cores with all servers beside them, these can take a while to come.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          env,
          include: [
            'packages/*/src/**/*.test.ts',
            'examples/*/*.test.ts',
            'scripts/**/*.test.ts',
            'compose/tests/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', faultTests, loadTests, labTests],
          // Not 0: vitest would run those last on two cores.
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        // They measure: alone, and one after the other.
        test: { name: 'load', include: [loadTests], sequence: { groupOrder: 2 }, fileParallelism: false },
      },
      {
        extends: true,
        // They kill and pause servers under load: alone, when all else is done.
        test: { name: 'faults', env, include: [faultTests], sequence: { groupOrder: 3 } },
      },
      {
        extends: true,
        // The whole of compose.yaml in Docker: alone and last.
        test: { name: 'lab', env, include: [labTests], sequence: { groupOrder: 4 }, fileParallelism: false },
      },
    ],
  },
});
