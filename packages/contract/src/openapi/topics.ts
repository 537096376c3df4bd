/** The groups of operations in the document, in display order. */
export const topics = {
  instance: 'The name, version and limits of this instance.',
  accounts: 'Your own account and the profiles of others.',
  sessions: 'Sign in and out, refresh sessions and change passwords.',
  tokens: 'Manage personal access tokens for scripts and bots.',
  posts: 'Write, read and delete posts.',
  replies: 'Write, read and delete replies to posts.',
  likes: 'Like posts and replies, and list likes.',
  media: 'Upload images and videos, and describe them.',
  relationships: 'Follow, block and mute accounts.',
  timelines: 'Read the home timeline and the public timeline.',
  search: 'Find posts and accounts.',
  moderation: 'For moderators and admins: suspend accounts, remove posts and read the audit log.',
  operations: 'For admins: the status of the instance and its queues.',
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
