import { createHash, randomBytes } from 'node:crypto';
import type { Deps } from '@twite/core/engine';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import type { MediaProcessor, ProcessedFile } from '@twite/core/media/media-processor';
import type { VariantName } from '@twite/core/media/media-record';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { MongoAccountStore } from '../mongodb/account-store.ts';
import { MongoBlockList } from '../mongodb/block-list.ts';
import { createCounts } from '../mongodb/counts.ts';
import { openDatabases } from '../mongodb/databases.ts';
import { MongoFollowGraph } from '../mongodb/follow-graph.ts';
import { MongoLikeStore } from '../mongodb/like-store.ts';
import { MongoMediaCatalogue } from '../mongodb/media-catalogue.ts';
import type { MongoContext } from '../mongodb/mongo-context.ts';
import { MongoPostStore } from '../mongodb/post-store.ts';
import { MongoReplyStore } from '../mongodb/reply-store.ts';
import { openBlobs } from '../s3/open-blobs.ts';
import { testUrls } from '../testing/open-for-test.ts';

export type MediaDeps = Pick<
  Deps,
  | 'accounts'
  | 'posts'
  | 'replies'
  | 'likes'
  | 'follows'
  | 'blocks'
  | 'media'
  | 'blobs'
  | 'timelines'
  | 'jobs'
  | 'mediaProcessor'
  | 'mediaUrl'
  | 'clock'
  | 'ids'
  | 'settings'
>;

const fileOf = (content: Buffer, width: number): ProcessedFile => ({
  path: '',
  bytes: content.byteLength,
  mimeType: 'image/webp',
  width,
  height: width,
  async *open() {
    yield content;
  },
});

const refuse = () => {
  throw new Error('not in this test');
};

/** Makes "images" of any bytes: what they look like is of no interest here. */
const processor: MediaProcessor = {
  isFull: () => false,
  inspect: async () => ({ kind: 'image', width: 10, height: 10, frames: 1, durationMs: null }),
  async processImage() {
    const names: readonly VariantName[] = ['small', 'large', 'square96', 'square400'];
    const variants = new Map(names.map((name, i) => [name, fileOf(randomBytes(1_000 + i), 10 + i)]));
    return {
      width: 10,
      height: 10,
      durationMs: null,
      thumbhash: createHash('md5').digest('base64'),
      main: variants.get('large') as ProcessedFile,
      variants,
      async [Symbol.asyncDispose]() {},
    };
  },
  cropSquares: refuse,
  makePoster: refuse,
  processVideo: refuse,
};

/** The sources of truth alone, with the clock of a test: what a server and a worker do to media. */
export function openMediaDeps(
  namespace: string,
  clock: { now(): number },
  machine: number,
): MediaDeps & AsyncDisposable {
  const urls = testUrls(namespace);
  const databases = openDatabases(urls.mongodb, namespace);
  const opened = openBlobs(urls.s3, () => {});
  const { collections } = databases;
  const touched = async () => {};
  const context: MongoContext = {
    collections,
    counts: createCounts(collections, { touched }),
    wallNow: Date.now,
    touched,
  };
  return {
    accounts: new MongoAccountStore(context),
    posts: new MongoPostStore(context),
    replies: new MongoReplyStore(context),
    likes: new MongoLikeStore(context),
    follows: new MongoFollowGraph(context),
    blocks: new MongoBlockList(context),
    media: new MongoMediaCatalogue(context),
    blobs: opened.blobs,
    timelines: { push: touched } as unknown as Deps['timelines'],
    jobs: { enqueue: touched } as unknown as Deps['jobs'],
    mediaProcessor: processor,
    mediaUrl: mediaUrlFrom('http://media'),
    clock,
    ids: createIdGenerator({ clock: Date, machine }),
    settings: defaultSettings,
    async [Symbol.asyncDispose]() {
      opened[Symbol.dispose]();
      await databases[Symbol.asyncDispose]();
    },
  };
}
