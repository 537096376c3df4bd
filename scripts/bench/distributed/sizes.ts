import { testUrls } from '@twite/engine-distributed/testing';
import { Redis } from 'ioredis';
import { BSON } from 'mongodb';
import { type Figure, round, told } from '../figures.ts';
import type { Running } from './network.ts';

const window = 800;
const documentsMax = 2_000;

/** The sizes of data in the services, for docs/scaling.md. */
export async function sizes({ instance }: Running): Promise<Figure[]> {
  return [await entrySize(instance), await documentSizes(instance), await indexSize(instance)];
}

type Given = Running['instance'];

/** A full timeline is created through the port, and its size is read. */
async function entrySize({ namespace, open, ids }: Given): Promise<Figure> {
  const accountId = ids.next();
  const { timelines } = open.engine;
  const postIds = Array.from({ length: window }, () => ids.next()).reverse();
  const ticket = await timelines.beginRebuild(accountId);
  await timelines.completeRebuild(ticket, postIds, false);
  const redis = new Redis(testUrls().redis);
  const [key = ''] = await redis.keys(`${namespace}:t:*${accountId}`);
  const bytes = Number(await redis.memory('USAGE', key, 'SAMPLES', 0));
  redis.disconnect();
  return told(
    `bytes an entry of a timeline at ${window}`,
    bytes / window,
    'B',
    `MEMORY USAGE ${bytes} of one timeline`,
  );
}

/** As BSON, without indexes: its size on MongoDB's disk depends on compression. */
async function documentSizes({ raw }: Given): Promise<Figure> {
  const names = ['posts', 'follows', 'accounts', 'sessions', 'idempotencyKeys'] as const;
  const means: string[] = [];
  let ofPost = 0;
  for (const name of names) {
    const documents: Record<string, unknown>[] = [];
    for await (const found of raw.collections[name].find({}).limit(documentsMax)) {
      documents.push(found as Record<string, unknown>);
    }
    if (documents.length === 0) continue;
    const mean =
      documents.reduce((sum, document) => sum + BSON.calculateObjectSize(document), 0) / documents.length;
    if (name === 'posts') ofPost = mean;
    means.push(`${name} ${round(mean, 0)}`);
  }
  return told('BSON bytes a post', ofPost, 'B', `means: ${means.join(', ')}; without indexes`, 0);
}

async function indexSize({ namespace }: Given): Promise<Figure> {
  const url = new URL(testUrls().elasticsearch);
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(new URL(`/${namespace}-posts${path}`, url), { method });
    return (await answer.json()) as { _all: { primaries: Record<string, Record<string, number>> } };
  };
  await ask('/_forcemerge?max_num_segments=1', 'POST');
  const { primaries } = (await ask('/_stats/store,docs'))._all;
  const documents = primaries.docs?.count ?? 0;
  const bytes = primaries.store?.size_in_bytes ?? 0;
  return told(
    'bytes a post in the search index',
    documents === 0 ? 0 : bytes / documents,
    'B',
    `${documents} posts of this benchmark, merged into one segment; their words repeat more than people's do`,
    0,
  );
}
