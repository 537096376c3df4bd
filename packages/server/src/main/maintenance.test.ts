import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newMediaKey } from '@twite/core/media/media-keys';
import { openRawServices, testNamespaces } from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite, type Twite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPng } from '../http-tests/a-png.ts';
import { startEmbedded } from './embedded.ts';
import { pruneMedia, verifyDerived } from './maintenance.ts';
import type { RunningServer } from './serve.ts';
import {
  distributedEnv,
  type Env,
  services,
  start as startDistributed,
} from './testing/distributed-instance.ts';

interface Started {
  readonly env: Env;
  readonly server: RunningServer;
  /** Deletes the record of a medium, which the product never does while something shows it. */
  forget(mediaId: string): Promise<void>;
  erase(): Promise<void>;
}

async function startOnFolder(): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'twite-maintenance-'));
  const env = {
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_RATE_LIMITS: 'off',
    TWITE_DATA_DIR: folder,
  };
  const server = await startEmbedded(loadConfig(env));
  return {
    env,
    server,
    async forget(mediaId) {
      const db = new DatabaseSync(join(folder, 'twite.db'), { timeout: 10_000 });
      for (const table of ['media_keys', 'media'])
        db.prepare(`DELETE FROM ${table} WHERE media_id = ?`).run(mediaId);
      db.close();
    },
    erase: () => rm(folder, { recursive: true, force: true }),
  };
}

async function startOnServices(): Promise<Started> {
  const namespaces = testNamespaces();
  const namespace = namespaces.add();
  const env = distributedEnv(namespace);
  return {
    env,
    server: await startDistributed(env),
    async forget(mediaId) {
      await using raw = openRawServices(namespace);
      await raw.collections.media.deleteOne({ _id: mediaId });
    },
    erase: () => namespaces.erase(),
  };
}

const engines = [
  ['embedded', startOnFolder],
  ...(services === undefined ? [] : [['distributed', startOnServices] as const]),
] as const;

const dayMs = 86_400_000;

describe.each(engines)('maintenance of media, %s', (_engine, start) => {
  let started: Started;
  let twite: Twite;
  beforeAll(async () => {
    started = await start();
    twite = createTwite({ baseUrl: started.server.url });
    await twite.accounts.create({ handle: 'cosette', password: 'rue plumet 1832' });
  }, 60_000);
  afterAll(async () => {
    await started?.server.close();
    await started?.erase();
  });

  const upload = () => twite.media.upload(new Uint8Array(aPng(500, 300)), { altText: 'A gate' });
  const postWithMedia = async () => {
    const { mediaId } = await upload();
    const { postId } = await twite.posts.create({ text: '', mediaIds: [mediaId] });
    return { mediaId, postId };
  };
  /** Examples of differing ids, by what was compared. */
  const differing = async () => {
    await started.server.settled();
    const report = await verifyDerived(started.env);
    return Object.fromEntries(
      report.filter(({ differences }) => differences > 0).map(({ what, examples }) => [what, examples]),
    );
  };
  const orphan = async (): Promise<string> => {
    const key = newMediaKey('image/webp');
    const content = Buffer.from('nobody knows me');
    await started.server.deps.blobs.put(key, {
      bytes: content.length,
      mimeType: 'image/webp',
      open: async function* () {
        yield content;
      },
    });
    return key;
  };

  test('a consistent instance has no differences in uploads, posts, replies and profiles', async () => {
    const { postId } = await postWithMedia();
    await upload();
    await twite.replies.create({ postId, text: '', mediaIds: [(await upload()).mediaId] });
    await twite.me.update({
      avatarMediaId: (await upload()).mediaId,
      bannerMediaId: (await upload()).mediaId,
    });
    expect(await differing()).toEqual({});
    const compared = (await verifyDerived(started.env)).filter(({ what }) => what.startsWith('media:'));
    expect(compared.map((row) => row.compared)).toEqual([5, 5, 3]);
  });

  test('an object that was deleted without its record is reported', async () => {
    const { deps } = started.server;
    const { mediaId } = await upload();
    const record = (await deps.media.findMany([mediaId])).get(mediaId);
    await deps.blobs.delete([record?.variants[0]?.key ?? '']);
    expect(await differing()).toEqual({ 'media: objects of each': [mediaId] });
    await twite.media.delete({ mediaId });
    expect(await differing()).toEqual({});
  });

  test('objects without a record are pruned when they are older than a day', async () => {
    const { deps } = started.server;
    const { mediaId, variants } = await upload();
    const key = await orphan();
    const nothing = { objects: 0, bytes: 0 };
    const found = { objects: 1, bytes: 15 };
    expect(await pruneMedia(started.env, { dryRun: false })).toEqual(nothing);
    const now = Date.now() + dayMs;
    expect(await pruneMedia(started.env, { dryRun: true, now })).toEqual(found);
    expect(await deps.blobs.stat(key)).toMatchObject({ bytes: 15 });
    expect(await pruneMedia(started.env, { dryRun: false, now })).toEqual(found);
    expect(await deps.blobs.stat(key)).toBeUndefined();
    expect(await pruneMedia(started.env, { dryRun: false, now })).toEqual(nothing);
    for (const { url } of variants) expect((await fetch(url)).status).toBe(200);
    await twite.media.delete({ mediaId });
  });

  test('a post with a missing medium, or with one without a record, is reported', async () => {
    const { deps } = started.server;
    const lost = await postWithMedia();
    const gone = await postWithMedia();
    await deps.posts.setMedia(lost.postId, []);
    // Event handlers drop media without a record.
    await started.server.settled();
    await started.forget(gone.mediaId);
    expect(await differing()).toEqual({
      'media: what each is attached to': [lost.mediaId],
      'media: held by posts, replies and accounts': [gone.postId],
    });
    for (const { postId } of [lost, gone]) await twite.posts.delete({ postId });
    expect(await differing()).toEqual({});
  });
});

test('a missing instance is reported', async () => {
  const env = { TWITE_DATA_DIR: '/nowhere' };
  await expect(verifyDerived(env)).rejects.toThrow('there is no Twite database in /nowhere');
  await expect(pruneMedia(env, { dryRun: true })).rejects.toThrow('there is no Twite database in /nowhere');
});
