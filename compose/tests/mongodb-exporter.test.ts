import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Long } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { figuresOf } from '../exporters/mongodb-figures.mjs';
import { composeFolder, readCompose } from './compose-files.ts';

const timestamp = (seconds: number) => ({ ts: new Long(1, seconds) });

/** The numeric parts of MongoDB 8's answers: serverStatus, hello, the oplog and dbStats. */
const answers = {
  status: {
    connections: { current: 23, available: 838_837, totalCreated: 260 },
    opcounters: { insert: 12, query: 34, update: 5, delete: 1, getmore: 400, command: 5_600 },
    mem: { bits: 64, resident: 210, virtual: 3_800 },
    globalLock: { currentQueue: { total: 0, readers: 0, writers: 0 } },
    metrics: { cursor: { open: { noTimeout: 0, pinned: 1, total: 3 } } },
    wiredTiger: {
      cache: {
        'bytes currently in the cache': 1_234_567,
        'maximum bytes configured': 268_435_456,
        'tracked dirty bytes in the cache': 4_321,
      },
    },
  },
  hello: { isWritablePrimary: true, setName: 'rs0' },
  oplog: [timestamp(1_700_000_000), timestamp(1_700_086_400)],
  statistics: Array.from({ length: 4 }, () => ({
    dataSize: 100,
    storageSize: 60,
    fsUsedSize: 5e10,
    fsTotalSize: 1e11,
  })),
};

const valuesOf = async (registry: ReturnType<typeof figuresOf>): Promise<Map<string, number>> =>
  new Map(
    (await registry.metrics())
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );

describe('the exporter of MongoDB', () => {
  test('exports the metrics of MongoDB', async () => {
    const values = await valuesOf(figuresOf(answers));
    expect(values.get('mongodb_up')).toBe(1);
    expect(values.get('mongodb_primary')).toBe(1);
    expect(values.get('mongodb_connections')).toBe(23);
    expect(values.get('mongodb_operations_total{type="getmore"}')).toBe(400);
    expect(values.get('mongodb_oplog_window_seconds')).toBe(86_400);
    expect(values.get('mongodb_memory_resident_bytes')).toBe(210 * 1024 * 1024);
    expect(values.get('mongodb_data_bytes{database="identity"}')).toBe(100);
    expect(values.get('mongodb_disk_used_bytes')).toBe(5e10);
  });

  test('exports only that MongoDB is down when it does not respond', async () => {
    expect(await valuesOf(figuresOf(undefined))).toEqual(new Map([['mongodb_up', 0]]));
  });

  test('leaves out metrics that this MongoDB does not have', async () => {
    const few = {
      status: { connections: { current: 1 } },
      hello: undefined,
      oplog: undefined,
      statistics: [],
    };
    expect(await valuesOf(figuresOf(few))).toEqual(
      new Map([
        ['mongodb_up', 1],
        ['mongodb_connections', 1],
      ]),
    );
  });

  test('has every metric that dashboards and alerts use', async () => {
    const known = new Set([...(await valuesOf(figuresOf(answers))).keys()].map((name) => name.split('{')[0]));
    const asking = ['grafana/dashboards', 'prometheus/rules'].flatMap((folder) =>
      readdirSync(join(composeFolder, folder)).map((file) => readCompose(`${folder}/${file}`)),
    );
    const asked = new Set(asking.flatMap((text) => text.match(/\bmongodb_\w+/g) ?? []));
    expect(asked.size).toBeGreaterThan(5);
    for (const name of asked) expect([name, known.has(name)]).toEqual([name, true]);
  });
});
