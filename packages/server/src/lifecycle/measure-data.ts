import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metrics } from '@twite/process/metrics/create-metrics';

/** The state of the embedded engine's storage. */
export interface MeasuredStorage {
  isStorageFull(): boolean;
  mediaBytes(): Promise<number>;
}

/** Summing up media reads an entry for each of them. */
const mediaAskedEveryMs = 60_000;

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Measures the data folder: its content and the free space. For `:memory:`, only whether writes are refused. */
export function measureData({ observe }: Metrics, dataDir: string, storage: MeasuredStorage): void {
  observe(() => storage.isStorageFull(), { twite_storage_full: (isFull) => (isFull ? 1 : 0) });
  if (dataDir === ':memory:') return;
  observe(() => statfs(dataDir), { twite_data_free_bytes: ({ bavail, bsize }) => bavail * bsize });
  let media: { readonly bytes: number; readonly atMs: number } | undefined;
  const mediaBytes = async (): Promise<number> => {
    if (media === undefined || performance.now() - media.atMs > mediaAskedEveryMs)
      media = { bytes: await storage.mediaBytes(), atMs: performance.now() };
    return media.bytes;
  };
  const database = join(dataDir, 'twite.db');
  observe(() => Promise.all([sizeOf(database), sizeOf(`${database}-wal`), mediaBytes()]), {
    twite_data_bytes: ([file, log, mediaTotal]) => [
      [{ part: 'database' }, file + log],
      [{ part: 'media' }, mediaTotal],
    ],
  });
}
