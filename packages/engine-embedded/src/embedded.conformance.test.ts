import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runConformance } from '@twite/conformance';
import type { OpenEngine } from '@twite/core/engine';
import { afterAll, beforeAll } from 'vitest';
import { openEmbeddedEngine } from './index.ts';

runConformance({
  name: 'the embedded engine in memory',
  open: (options) => openEmbeddedEngine({ location: ':memory:', ...options }),
});

let root = '';
let opened = 0;
const locations = new WeakMap<OpenEngine, string>();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'twite-conformance-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

runConformance({
  name: 'the embedded engine on disk',
  async open(options) {
    const location = join(root, `${opened++}`);
    const engine = await openEmbeddedEngine({ location, ...options });
    locations.set(engine, location);
    return engine;
  },
  async reopen(closed, options) {
    const location = locations.get(closed);
    if (location === undefined) throw new Error('this engine was not opened here');
    const engine = await openEmbeddedEngine({ location, ...options });
    locations.set(engine, location);
    return engine;
  },
});
