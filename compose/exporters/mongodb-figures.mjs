import { Gauge, Registry } from 'prom-client';

/** For each answer: less than Prometheus waits for all of them. */
const options = { timeoutMS: 3_000 };

const databases = ['posts', 'replies', 'social', 'identity'];

/** The seconds of a timestamp of the oplog. */
const seconds = (entry) => entry?.ts?.getHighBits?.() ?? Number.NaN;

/** The oldest and the newest entry of the oplog. */
function oplogEnds(client) {
  const oplog = client.db('local').collection('oplog.rs');
  const end = (order) => oplog.findOne({}, { ...options, projection: { ts: 1 }, sort: { $natural: order } });
  return Promise.all([end(1), end(-1)]);
}

/** What MongoDB answers. What it does not answer, for want of rights or in its version, is undefined. */
export async function askMongodb(client, namespace) {
  const admin = client.db('admin');
  const status = await admin.command({ serverStatus: 1 }, options);
  const attempts = await Promise.allSettled([
    admin.command({ hello: 1 }, options),
    oplogEnds(client),
    ...databases.map((name) => client.db(`${namespace}_${name}`).command({ dbStats: 1 }, options)),
  ]);
  const [hello, oplog, ...statistics] = attempts.map(({ value }) => value);
  return { status, hello, oplog, statistics };
}

/** Figures of what MongoDB answered; of nothing, that it is not up. A figure that is not in the answers is left out. */
export function figuresOf(answers) {
  const registry = new Registry();
  const figure = (name, help, values, labelNames = []) => {
    const known = values.filter(([value]) => Number.isFinite(Number(value ?? Number.NaN)));
    if (known.length === 0) return;
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of known) gauge.set(labels, Number(value));
  };
  const one = (name, help, value) => figure(name, help, [[value]]);

  one('mongodb_up', 'Whether MongoDB answers.', answers === undefined ? 0 : 1);
  if (answers === undefined) return registry;

  const { status, hello, oplog = [], statistics } = answers;
  const { connections, opcounters = {}, mem, globalLock, metrics, wiredTiger } = status;
  one('mongodb_connections', 'Connections that are open.', connections?.current);
  one('mongodb_connections_available', 'Connections that may still be opened.', connections?.available);
  const operations = Object.entries(opcounters).map(([type, count]) => [count, { type }]);
  figure('mongodb_operations_total', 'Operations since its start, by type.', operations, ['type']);
  one('mongodb_memory_resident_bytes', 'Memory of its process.', mem?.resident * 1024 * 1024);
  const waiting = ['readers', 'writers'].map((type) => [globalLock?.currentQueue?.[type], { type }]);
  figure('mongodb_waiting_operations', 'Operations that wait for a lock.', waiting, ['type']);
  one(
    'mongodb_open_cursors',
    'Cursors that are open; change streams among them.',
    metrics?.cursor?.open?.total,
  );
  const cache = wiredTiger?.cache ?? {};
  one('mongodb_cache_bytes', 'Data in its cache.', cache['bytes currently in the cache']);
  one('mongodb_cache_max_bytes', 'What its cache may hold.', cache['maximum bytes configured']);
  const dirty = cache['tracked dirty bytes in the cache'];
  one('mongodb_cache_dirty_bytes', 'Data in its cache that is not in its files yet.', dirty);

  one('mongodb_primary', 'Whether it takes writes.', hello && Number(hello.isWritablePrimary === true));
  const [oldest, newest] = oplog;
  one('mongodb_oplog_window_seconds', 'How much history its oplog has.', seconds(newest) - seconds(oldest));
  const byDatabase = (field) =>
    databases.map((database, index) => [statistics[index]?.[field], { database }]);
  figure('mongodb_data_bytes', 'Data, uncompressed, by database.', byDatabase('dataSize'), ['database']);
  figure('mongodb_storage_bytes', 'Files of data, by database.', byDatabase('storageSize'), ['database']);
  one('mongodb_disk_bytes', 'Size of the disk that its files are on.', statistics[0]?.fsTotalSize);
  one('mongodb_disk_used_bytes', 'What is used of that disk.', statistics[0]?.fsUsedSize);
  return registry;
}
