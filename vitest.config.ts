import { defineConfig } from 'vitest/config';

const conditions = ['twite-source', 'node', 'import', 'default'];

/** Tests run from source: workspace packages resolve through the `twite-source` export condition. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'examples/*/*.test.ts', 'scripts/**/*.test.ts'],
    setupFiles: ['scripts/vitest-setup.ts'],
    pool: 'forks',
    execArgv: ['--conditions=twite-source'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
