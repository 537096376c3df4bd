import { Gauge, Registry } from 'prom-client';

/** Each answer within less than Prometheus waits, ten seconds for all of them. */
const options = { timeoutMS: 3_000 };

const databases = ['posts', 'replies', 'social', 'identity'];

const seconds = (timestamp) => timestamp?.getHighBits?.() ?? Number.NaN;

/** How much history the oplog has: a relay that is away for longer begins with a snapshot. */
async function oplogWindow(client) {
  const oplog = client.db('local').collection('oplog.rs', options);
  const end = (order) =>
    oplog
      .find({}, { ...options, projection: { ts: 1 } })
      .sort({ $natural: order })
      .limit(1)
      .next();
  const [first, last] = await Promise.all([end(1), end(-1)]);
  return seconds(last?.ts) - seconds(first?.ts);
}

/** Asks MongoDB for its figures. A figure that this MongoDB does not have is left out; when it does not answer, `mongodb_up` is 0. */
export async function readFigures(client, namespace) {
  const registry = new Registry();
  const figure = (name, help, labelNames, values) => {
    const known = values.filter(([, value]) => Number.isFinite(Number(value)));
    if (known.length === 0) return;
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const [labels, value] of known) gauge.set(labels, Number(value));
  };
  const one = (name, help, value) => figure(name, help, [], [[{}, value]]);
  const admin = client.db('admin');

  let status;
  try {
    status = await admin.command({ serverStatus: 1 }, options);
  } catch (error) {
    console.log(
      JSON.stringify({
        level: 'warn',
        time: new Date().toISOString(),
        service: 'mongodb-exporter',
        msg: 'MongoDB does not answer',
        reason: error.message,
      }),
    );
    one('mongodb_up', 'Whether MongoDB answers.', 0);
    return registry;
  }
  one('mongodb_up', 'Whether MongoDB answers.', 1);

  const { connections, opcounters, mem, globalLock, metrics, wiredTiger } = status;
  one('mongodb_connections', 'Connections that are open.', connections?.current);
  one('mongodb_connections_available', 'Connections that may still be opened.', connections?.available);
  const operations = Object.entries(opcounters ?? {}).map(([type, count]) => [{ type }, count]);
  figure('mongodb_operations_total', 'Operations since its start, by type.', ['type'], operations);
  one('mongodb_memory_resident_bytes', 'Memory of its process.', mem?.resident * 1024 * 1024);
  const waiting = ['readers', 'writers'].map((type) => [{ type }, globalLock?.currentQueue?.[type]]);
  figure('mongodb_waiting_operations', 'Operations that wait for a lock.', ['type'], waiting);
  one(
    'mongodb_open_cursors',
    'Cursors that are open; change streams among them.',
    metrics?.cursor?.open?.total,
  );
  const cache = wiredTiger?.cache ?? {};
  one('mongodb_cache_bytes', 'Data in its cache.', cache['bytes currently in the cache']);
  one('mongodb_cache_max_bytes', 'What its cache may hold.', cache['maximum bytes configured']);
  one(
    'mongodb_cache_dirty_bytes',
    'Data in its cache that is not in its files yet.',
    cache['tracked dirty bytes in the cache'],
  );

  // Each by itself: rights or versions may lack one of them.
  const attempts = await Promise.allSettled([
    admin.command({ hello: 1 }, options),
    oplogWindow(client),
    ...databases.map((name) => client.db(`${namespace}_${name}`).command({ dbStats: 1 }, options)),
  ]);
  const [hello, window, ...statistics] = attempts.map(({ value }) => value);
  one('mongodb_primary', 'Whether it takes writes.', hello && Number(hello.isWritablePrimary === true));
  one('mongodb_oplog_window_seconds', 'How much history its oplog has.', window);
  const bytesOf = (name, field) => [{ database: name }, statistics[databases.indexOf(name)]?.[field]];
  figure(
    'mongodb_data_bytes',
    'Data, uncompressed, by database.',
    ['database'],
    databases.map((name) => bytesOf(name, 'dataSize')),
  );
  figure(
    'mongodb_storage_bytes',
    'Files of data, by database.',
    ['database'],
    databases.map((name) => bytesOf(name, 'storageSize')),
  );
  one('mongodb_disk_bytes', 'Size of the disk that its files are on.', statistics[0]?.fsTotalSize);
  one('mongodb_disk_used_bytes', 'What is used of that disk.', statistics[0]?.fsUsedSize);
  return registry;
}
