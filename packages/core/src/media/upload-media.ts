import { ContractError, type Media } from '@twite/contract';
import type { Deps } from '../engine.ts';
import type { NewMedia, PublishedMedia } from './media-catalogue.ts';
import { newSourceKey } from './media-keys.ts';
import type { InspectedMedia, LocalFile, ProcessedMedia } from './media-processor.ts';
import type { Focus } from './media-record.ts';
import { presentMedia, snapshotOf } from './present-media.ts';
import { deleteUnknownFiles, giveKeys, putFiles } from './store-files.ts';

export interface UploadedFileInput extends LocalFile {
  open(): AsyncIterable<Uint8Array>;
}

export interface UploadMediaInput {
  /** A retry passes the same id: objects that were already stored are then found. */
  readonly mediaId: string;
  readonly ownerId: string;
  readonly file: UploadedFileInput;
  /** Videos only: an image to show before it plays. */
  readonly poster?: LocalFile | undefined;
  readonly altText: string;
  readonly focus: Focus;
}

type UploadDeps = Pick<Deps, 'media' | 'blobs' | 'mediaProcessor' | 'mediaUrl' | 'clock' | 'settings'>;

/** A processed upload in temporary files, not yet stored. */
interface PreparedUpload extends AsyncDisposable {
  readonly keys: readonly string[];
  readonly published: PublishedMedia;
  put(): Promise<void>;
}

async function findPublished(deps: UploadDeps, mediaId: string): Promise<Media | undefined> {
  const record = (await deps.media.findMany([mediaId])).get(mediaId);
  const snapshot = record && snapshotOf(record);
  return snapshot && presentMedia(deps.mediaUrl, snapshot);
}

async function prepareImage(
  deps: UploadDeps,
  { file, focus }: UploadMediaInput,
  inspected: InspectedMedia,
): Promise<PreparedUpload> {
  const processed = await deps.mediaProcessor.processImage(file, inspected, focus);
  const keyed = giveKeys(processed);
  return {
    keys: keyed.keys,
    published: {
      state: 'ready',
      main: keyed.main,
      width: processed.width,
      height: processed.height,
      durationMs: null,
      thumbhash: processed.thumbhash,
      variants: keyed.variants,
      sourceKey: null,
      storedBytes: keyed.storedBytes,
    },
    put: () => putFiles(deps, keyed),
    [Symbol.asyncDispose]: () => processed[Symbol.asyncDispose](),
  };
}

const refusals: readonly number[] = [413, 415, 422];

/** For an upload of two files, names the one that was refused. */
async function namingPoster<T>(made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (error) {
    if (!(error instanceof ContractError) || !refusals.includes(error.status)) throw error;
    const { code, message } = error;
    throw new ContractError(code, {
      detail: `The poster was rejected. ${message}`,
      errors: [{ in: 'body', path: 'poster', code, message }],
      cause: error,
    });
  }
}

async function prepareVideo(
  deps: UploadDeps,
  { file, poster }: UploadMediaInput,
  { width, height, durationMs }: InspectedMedia,
): Promise<PreparedUpload> {
  const still: ProcessedMedia = await namingPoster(deps.mediaProcessor.makePoster(poster, { width, height }));
  const keyed = giveKeys(still);
  const sourceKey = newSourceKey();
  return {
    keys: [...keyed.keys, sourceKey],
    published: {
      state: 'processing',
      main: null,
      width,
      height,
      durationMs,
      thumbhash: still.thumbhash,
      variants: keyed.variants,
      sourceKey,
      storedBytes: keyed.storedBytes + file.bytes,
    },
    async put() {
      await Promise.all([
        putFiles(deps, keyed),
        deps.blobs.put(sourceKey, {
          bytes: file.bytes,
          mimeType: 'application/octet-stream',
          open: () => file.open(),
        }),
      ]);
    },
    [Symbol.asyncDispose]: () => still[Symbol.asyncDispose](),
  };
}

async function requireRoom(deps: UploadDeps, ownerId: string, more: number): Promise<void> {
  if ((await deps.media.bytesOf(ownerId)) + more > deps.settings.media.accountBytesMax) {
    throw new ContractError('media_quota_exceeded');
  }
}

/**
 * Stores an upload. An image is ready when this resolves; a job processes a video. The record is created before the
 * first object, so that a crash leaves nothing that cannot be found and deleted. Throws what `MediaProcessor` throws,
 * and `media_quota_exceeded`.
 */
export async function uploadMedia(deps: UploadDeps, input: UploadMediaInput): Promise<Media> {
  const { mediaId, ownerId, file, altText, focus } = input;
  const before = await findPublished(deps, mediaId);
  if (before) return before;
  const inspected = await deps.mediaProcessor.inspect(file);
  if (input.poster !== undefined && inspected.kind !== 'video') {
    throw new ContractError('invalid_input', {
      errors: [{ in: 'body', path: 'poster', code: 'not_a_video', message: 'is only for videos' }],
    });
  }
  // Before the expensive processing, for an account that has no quota left.
  await requireRoom(deps, ownerId, 1);
  await using upload = await (inspected.kind === 'video'
    ? prepareVideo(deps, input, inspected)
    : prepareImage(deps, input, inspected));
  const { keys, published } = upload;
  const now = deps.clock.now();
  const reserved: NewMedia = {
    mediaId,
    ownerId,
    kind: inspected.kind,
    altText,
    focus,
    keys,
    storedBytes: published.storedBytes,
    createdAt: now,
    expiresAt: now + deps.settings.media.unattachedSeconds * 1000,
  };
  if ((await deps.media.reserve(reserved)) === 'exists') {
    // Another attempt was first. The record has that attempt's keys, and needs these too.
    if (!(await deps.media.addKeys(mediaId, keys))) throw new ContractError('unavailable');
  } else {
    await requireRoom(deps, ownerId, 0).catch(async (error: unknown) => {
      await deps.media.remove([mediaId], { at: now });
      throw error;
    });
  }
  await upload.put();
  await deps.media.publish(mediaId, published);
  const stored = await findPublished(deps, mediaId);
  if (!stored) {
    await deleteUnknownFiles(deps, keys);
    throw new ContractError('unavailable');
  }
  return stored;
}
