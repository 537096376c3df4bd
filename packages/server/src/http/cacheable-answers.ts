import type { OperationMetadata } from '@twite/contract';
import { type Around, raw } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';
import { serialise } from './serialise.ts';

/** Gives a viewer-specific answer its ETag, made from the bytes already serialised. */
export const tagAnswer: Around<RequestState, OperationMetadata> = async (_ctx, _input, next) => {
  const response = await next();
  const { bytes, tag } = serialise(response.body);
  return { status: response.status, headers: { ...response.headers, etag: `W/"${tag}"` }, body: raw(bytes) };
};
