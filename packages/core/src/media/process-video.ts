import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import type { MediaRecord } from './media-record.ts';
import { deleteUnknownFiles, giveKeys, putFiles } from './store-files.ts';

type ProcessVideoDeps = Pick<Deps, 'media' | 'blobs' | 'mediaProcessor' | 'accounts'>;

/** The file itself is not a usable video: a retry would not help. */
const isRefusal = (error: unknown): boolean => error instanceof ContractError && error.status < 500;

async function fail(deps: ProcessVideoDeps, record: MediaRecord): Promise<void> {
  await deps.media.publish(record.mediaId, {
    state: 'failed',
    main: null,
    width: record.width,
    height: record.height,
    durationMs: record.durationMs,
    thumbhash: record.thumbhash,
    variants: record.variants,
    sourceKey: null,
    storedBytes: record.variants.reduce((sum, { bytes }) => sum + bytes, 0),
  });
}

async function publishVideo(deps: ProcessVideoDeps, record: MediaRecord): Promise<void> {
  const source = record.sourceKey === null ? undefined : await deps.blobs.get(record.sourceKey);
  if (!source) return fail(deps, record);
  try {
    await using video = await deps.mediaProcessor.processVideo(source.content);
    const keyed = giveKeys(video);
    if (!(await deps.media.addKeys(record.mediaId, keyed.keys))) return;
    await putFiles(deps, keyed);
    const isPublished = await deps.media.publish(record.mediaId, {
      state: 'ready',
      main: keyed.main,
      width: video.width,
      height: video.height,
      durationMs: video.durationMs ?? record.durationMs,
      thumbhash: record.thumbhash,
      variants: record.variants,
      sourceKey: null,
      storedBytes: keyed.storedBytes + record.variants.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    const isRemoved = !isPublished && !(await deps.media.findMany([record.mediaId])).has(record.mediaId);
    if (isRemoved) await deleteUnknownFiles(deps, keyed.keys);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await fail(deps, record);
  }
}

/**
 * The job that converts an uploaded video into the served format, then deletes the upload. Idempotent. A
 * `MediaProcessor` may transcode the video into another format here.
 */
export async function processVideo(deps: ProcessVideoDeps, mediaId: string): Promise<void> {
  const find = async () => (await deps.media.findMany([mediaId])).get(mediaId);
  const record = await find();
  if (!record) return;
  if (record.state === 'processing') await publishVideo(deps, record);
  const after = await find();
  if (after?.state !== 'ready' && after?.state !== 'failed') return;
  await deps.blobs.delete(after.keys.filter((key) => key.startsWith('uploads/')));
  const owner = (await deps.accounts.findMany([after.ownerId])).get(after.ownerId);
  // The account was suspended while the video was processed.
  if (owner?.status === 'suspended') await deps.blobs.withhold(after.keys);
}
