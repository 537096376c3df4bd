/** The groups of operations in the document, in display order. */
export const topics = {
  instance: 'What this instance is, and its limits.',
  accounts: 'Accounts and profiles, your own and those of others.',
  sessions: 'Sign in and out, refresh sessions and change passwords.',
  tokens: 'Personal access tokens, for programs.',
  posts: 'Write, read and delete posts.',
  replies: 'Write, read and delete replies to posts.',
  likes: 'Like posts and replies, and see who likes what.',
  media: 'Upload images and videos, and describe them.',
  relationships: 'Follow, block and mute accounts.',
  timelines: 'Posts of many accounts, newest first.',
  search: 'Find posts and accounts.',
  moderation: 'For moderators and admins: suspend accounts, remove posts, read the audit log.',
  operations: 'For admins: how the instance stands, and its queues of work.',
} as const;

export type Topic = keyof typeof topics;

/** The first match wins. */
const rules: readonly (readonly [path: RegExp, topic: Topic])[] = [
  [/^\/admin\/(stats|status|queues)(\/|$)/, 'operations'],
  [/^\/admin\//, 'moderation'],
  [/\/likes?$/, 'likes'],
  [/^\/posts\/[^/]+\/replies|^\/replies(\/|$)/, 'replies'],
  [/^\/posts(\/|$)|^\/accounts\/[^/]+\/posts$/, 'posts'],
  [/\/(follow|block|mute|followers|following)$|^\/(relationships|blocks|mutes)$/, 'relationships'],
  [/^\/(sessions|password-resets)(\/|$)|^\/me\/password$/, 'sessions'],
  [/^\/tokens(\/|$)/, 'tokens'],
  [/^\/media(\/|$)/, 'media'],
  [/^\/timelines\//, 'timelines'],
  [/^\/search\//, 'search'],
  [/^\/instance$/, 'instance'],
  [/^\/(accounts|me|recommendations)(\/|$)/, 'accounts'],
];

/** The topic of an operation by its path without the API prefix. */
export function topicOf(path: string): Topic {
  const topic = rules.find(([pattern]) => pattern.test(path))?.[1];
  if (topic === undefined) throw new Error(`No topic has operations at ${path}: add a rule to topics.ts`);
  return topic;
}
