import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { startEmbedded } from '../../packages/server/src/main/embedded.ts';
import { mimeTypes, newPath, type TestOrigin } from './cdn-world.ts';

/**
 * A server with the embedded engine, whose objects are written to its storage directly. It sets their caching headers
 * itself.
 */
export async function openEmbeddedOrigin(): Promise<TestOrigin> {
  const dataDir = mkdtempSync(join(tmpdir(), 'twite-cdn-origin-'));
  const config = loadConfig({
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_DATA_DIR: dataDir,
  });
  const server = await startEmbedded(config);
  const { blobs } = server.deps;
  return {
    url: server.url,
    async add(content, extension, _cacheControl, path = newPath(extension)) {
      const mimeType = mimeTypes[extension];
      await blobs.put(path.slice(1), {
        bytes: content.length,
        mimeType,
        async *open() {
          yield content;
        },
      });
      return path;
    },
    remove: (path) => blobs.delete([path.slice(1)]),
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
