import { contractLimits, type OperationMetadata } from '@twite/contract';
import type { MediaLimits } from '@twite/core/media/media-limits';
import type { BodyReader } from 'ts-rest-koa';
import type { HttpMetrics } from '../http-config.ts';
import type { RequestState } from '../request-state.ts';
import { type Form, readForm } from './read-form.ts';
import type { UploadFolder } from './upload-folder.ts';

const utf8BytesMax = 4;

/** The form of `uploadMedia`. Whether an image is too large is known only after the file is examined. */
const uploadForm = ({ imageBytesMax, videoBytesMax }: MediaLimits): Form => ({
  files: {
    file: { bytesMax: Math.max(imageBytesMax, videoBytesMax), required: true },
    poster: { bytesMax: imageBytesMax },
  },
  texts: {
    altText: { bytesMax: contractLimits.altTextLengthMax * utf8BytesMax },
    focus: { bytesMax: 100 },
  },
});

/** Reads multipart bodies: files stay in `folder` until the request is over. */
export function makeUploadReader(
  folder: UploadFolder,
  limits: MediaLimits,
  metrics: Pick<HttpMetrics, 'uploadReceived'>,
): BodyReader<RequestState, OperationMetadata> {
  const form = uploadForm(limits);
  return async (req, ctx) => {
    const spool = folder.newSpool();
    ctx.defer(() => spool.remove());
    return readForm(req, form, spool, { onReceived: metrics.uploadReceived });
  };
}
