import type { OperationMetadata } from '@twite/contract';
import { type Around, raw } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';
import { serialise } from './serialise.ts';

/** Gives an answer for one viewer its ETag, made from what is serialised already. */
export const tagAnswer: Around<RequestState, OperationMetadata> = async (_ctx, _input, next) => {
  const response = await next();
  const { bytes, tag } = serialise(response.body);
  return { status: response.status, headers: { ...response.headers, etag: `W/"${tag}"` }, body: raw(bytes) };
};
