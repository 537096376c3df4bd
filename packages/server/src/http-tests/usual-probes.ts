import { contract, type OperationId } from '@twite/contract';
import {
  annAddressed,
  annByHandle,
  byName,
  type Content,
  changing,
  everyone,
  followers,
  type Input,
  media,
  notOnSelf,
  ofAnn,
  ofZoe,
  ofZoePost,
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

/** No answer contains what the viewer may not see. */
const leaksOf = (input: (content: Content) => Input): readonly Probe[] => [
  unlisted('followersPost', followers, input),
  unlisted('followersMediaUrl', followers, input),
  unlisted('publicPost', everyone, input),
  unlisted('annReply', everyone, input),
  unlisted('unattachedMedia', self, input),
];

/** Lists that are named by their path: of Ann, of what she likes, and of Zoe's post, to which she replied. */
const listLeaks: Readonly<Record<string, readonly Probe[]>> = {
  accountId: [...leaksOf(ofAnn), ...leaksOf(ofZoe)],
  postId: leaksOf(ofZoePost),
};

/**
 * The probes that follow from the path of an operation and from who may call it. Undefined when it deletes what its
 * path names, or needs a query or body: only a person knows then what each relation may see.
 */
export function usualProbes(operationId: OperationId): readonly Probe[] | undefined {
  const { method, path, metadata, ...route } = contract[operationId];
  // Refused to everyone here, which the suite checks for every operation.
  if (metadata.role !== 'user') return [];
  const [parameter, ...more] = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  if (method === 'GET') {
    const { query } = route as { readonly query?: { safeParse(query: object): { success: boolean } } };
    if (query && !query.safeParse({}).success) return undefined;
  }
  if (parameter === undefined) return method === 'GET' ? leaksOf(() => ({})) : [];
  const probes = addressedBy[parameter];
  if (probes === undefined || probes.length === 0) return probes;
  if (more.length > 0 || metadata.body !== 'none') return undefined;
  if (metadata.answer === 'page') {
    const leaks = listLeaks[parameter];
    return leaks && [...probes, ...leaks];
  }
  if (method === 'GET') return probes;
  if (path.endsWith(`:${parameter}`)) return undefined;
  return parameter === 'accountId' ? [changing(notOnSelf)] : probes;
}
