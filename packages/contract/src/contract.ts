import { initContract } from '@ts-rest/core';
import { accounts } from './operations/accounts.ts';
import { admin } from './operations/admin.ts';
import { media } from './operations/media.ts';
import { posts } from './operations/posts.ts';
import { sessions } from './operations/sessions.ts';
import { social } from './operations/social.ts';

/** The prefix of every API path. */
export const apiPrefix = '/v1';

/** The operations by group. Their ids are final. */
export const operationGroups = { accounts, sessions, posts, media, social, admin };

/**
 * The contract: one flat router, keyed by operation id. The server, SDK, CLI and OpenAPI document are derived from it.
 */
export const contract = initContract().router(
  { ...accounts, ...sessions, ...posts, ...media, ...social, ...admin },
  { pathPrefix: apiPrefix },
);

export type OperationGroups = typeof operationGroups;
export type Contract = typeof contract;
export type OperationId = keyof Contract;
export const operationIds = Object.keys(contract) as OperationId[];
