import { ContractError, type OperationMetadata } from '@twite/contract';
import type { Deps } from '@twite/core/engine';
import type { BeforeBodyHook } from 'ts-rest-koa';
import type { RequestState } from '../request-state.ts';

export const formMediaType = 'multipart/form-data';

/** Replaces the advice to send JSON. */
export const sendAsForm = `Send the body as \`Content-Type: ${formMediaType}\` with its boundary, without content encoding.`;

const retrySeconds = 5;

/** Refuses an upload before its body is read while no more media can be processed. Throws `overloaded`. */
export const refuseWhileFull =
  ({ mediaProcessor }: Pick<Deps, 'mediaProcessor'>): BeforeBodyHook<RequestState, OperationMetadata> =>
  () => {
    if (mediaProcessor.isFull()) throw new ContractError('overloaded', { retryAfterSeconds: retrySeconds });
  };
