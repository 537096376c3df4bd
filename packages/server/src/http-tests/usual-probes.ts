import { contract, type OperationId } from '@twite/contract';
import {
  annAddressed,
  annByHandle,
  byName,
  changing,
  everyone,
  followers,
  media,
  notOnSelf,
  type Probe,
  post,
  reply,
  self,
  unlisted,
} from './visibility-probes.ts';

const addressedBy: Readonly<Record<string, readonly Probe[]>> = {
  postId: [post('publicPost', everyone), post('followersPost', followers)],
  replyId: [reply('annReply', everyone), reply('replyUnderFollowers', followers)],
  mediaId: [
    media('publicMedia', everyone),
    media('followersMedia', followers),
    media('replyMedia', everyone),
    media('avatarMedia', byName),
    media('unattachedMedia', self),
  ],
  accountId: [annAddressed],
  handle: [annByHandle],
  // Of the viewer alone.
  sessionId: [],
  tokenId: [],
};

/** Nothing that a viewer may not see is in an answer that is not about anybody. */
const leaks: readonly Probe[] = [
  unlisted('followersPost', followers),
  unlisted('followersMediaUrl', followers),
  unlisted('publicPost', everyone),
  unlisted('annReply', everyone),
  unlisted('unattachedMedia', self),
];

/**
 * The probes that follow from the path of an operation and from who may call it. Undefined when it lists, changes or
 * deletes something that its path names, or needs a query or body: only a person knows then what each relation may see.
 */
export function usualProbes(operationId: OperationId): readonly Probe[] | undefined {
  const { method, path, metadata, ...route } = contract[operationId];
  // Refused to everyone here, which the suite checks for every operation.
  if (metadata.role !== 'user') return [];
  const [parameter, ...more] = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  if (parameter === undefined) {
    if (method !== 'GET') return [];
    const { query } = route as { readonly query?: { safeParse(query: object): { success: boolean } } };
    return query === undefined || query.safeParse({}).success ? leaks : undefined;
  }
  const probes = addressedBy[parameter];
  if (probes === undefined || probes.length === 0) return probes;
  if (more.length > 0 || metadata.answer === 'page' || metadata.body !== 'none') return undefined;
  if (method === 'GET') return probes;
  if (path.endsWith(`:${parameter}`)) return undefined;
  return parameter === 'accountId' ? [changing(notOnSelf)] : probes;
}
