import { describe, expect, it } from 'vitest';
import type { AccountRecord } from '../accounts/account-store.ts';
import type { MediaSnapshot } from '../media/media-record.ts';
import { mediaUrlFrom } from '../media/present-media.ts';
import type { PostRecord } from '../posts/post-store.ts';
import { presentPost } from '../posts/present-post.ts';
import * as sizes from './sizes.ts';
import { copyOf, idOf, usedBytes } from './testing/heap.ts';
import { aMedium, anAccount, aSession } from './testing/records.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const ids = (count: number) => numbers(count).map(idOf);
const text = (length: number) => copyOf('x'.repeat(length));
const anObject = () => ({
  key: text(40),
  mimeType: 'image/webp' as const,
  bytes: 12_345,
  width: 100,
  height: 200,
});
const aPicture = (): MediaSnapshot => ({
  ...aMedium(idOf(1)),
  main: anObject(),
  altText: text(50),
  focus: { x: 0.1, y: 0.3 },
  thumbhash: text(32),
  variants: (['small', 'medium', 'large'] as const).map((name) => ({ name, ...anObject() })),
});
const account = (avatar: MediaSnapshot | null = null): AccountRecord =>
  anAccount(idOf(1), { handle: text(8), displayName: text(12), bio: text(80), avatar });
const author = account(aPicture());
const time = () => 1.5e12 + Math.random();

/** A post that was sent to readers: what they get is kept with it, once as an object and once as JSON. */
const json = new WeakMap<object, Buffer>();
const shownPost = (length: number, pictures: number): PostRecord => {
  const post = Object.freeze({
    postId: idOf(1),
    authorId: idOf(2),
    text: text(length),
    entities: { mentions: [], hashtags: [], urls: [] },
    visibility: 'public' as const,
    media: numbers(pictures).map(aPicture),
    createdAt: time(),
    likeCount: 3,
    replyCount: 4,
  });
  const presented = presentPost({ mediaUrl: mediaUrlFrom('https://cdn.example.com') }, post, author, false);
  json.set(presented, Buffer.from(JSON.stringify(presented)));
  return post;
};

/** What one value takes in the heap. */
function measured<V>(make: () => V, count: number): number {
  numbers(50).forEach(make);
  const kept: (V | undefined)[] = new Array(count).fill(undefined);
  const before = usedBytes();
  for (let n = 0; n < count; n += 1) kept[n] = make();
  const bytes = (usedBytes() - before) / count;
  expect(kept).toHaveLength(count);
  return bytes;
}

const sized = <V>(name: string, make: () => V, sizeOf: (value: V) => number) => ({
  name,
  compare: () => {
    const estimate = sizeOf(make());
    // The median of three: what else happens in the process meanwhile also takes heap.
    const real = numbers(3).map(() => measured(make, Math.ceil(4_000_000 / estimate)));
    return { estimate, real: real.sort((a, b) => a - b)[1] as number };
  },
});
const followees = (count: number) => () => {
  const followed = ids(count);
  return { all: new Set(followed), counted: Object.freeze(followed.slice()) };
};
const cases = [
  sized('a handle', () => ({ accountId: idOf(1) }), sizes.ownerBytes),
  sized('an account', account, sizes.accountBytes),
  sized('an account with a picture', () => account(aPicture()), sizes.accountBytes),
  sized('a short post', () => shownPost(40, 0), sizes.textBytes),
  sized('a post', () => shownPost(280, 0), sizes.textBytes),
  sized('a post with pictures', () => shownPost(100, 4), sizes.textBytes),
  sized(
    'a session',
    () =>
      aSession(idOf(1), {
        accountId: idOf(2),
        accessHash: text(64),
        refreshHash: text(64),
        previousRefreshHash: text(64),
        tagKey: text(43),
        successorSalt: text(22),
        accessExpiresAt: time(),
        refreshExpiresAt: time(),
        rotatedAt: time(),
        createdAt: time(),
        userAgent: text(100),
      }),
    sizes.sessionBytes,
  ),
  sized(
    'a token',
    () => ({
      tokenId: idOf(1),
      accountId: idOf(2),
      name: text(10),
      scopes: ['read' as const],
      secretHash: text(64),
      createdAt: time(),
      expiresAt: null,
    }),
    sizes.tokenBytes,
  ),
  ...[0, 10, 100, 7_500].map((n) => sized(`a set of ${n}`, () => new Set(ids(n)), sizes.setBytes)),
  ...[0, 10, 100, 7_500].map((n) => sized(`${n} followees`, followees(n), sizes.followeesBytes)),
  ...[1, 21, 128].map((n) =>
    sized(`${n} marks`, () => new Map(ids(n).map((id) => [id, false])), sizes.marksBytes),
  ),
  sized(
    'newest posts',
    () => {
      const authorId = idOf(1);
      return { refs: ids(40).map((postId) => ({ postId, authorId })) };
    },
    sizes.newestPostsBytes,
  ),
];

describe('the estimated size of a cached value is about what it takes in the heap', () => {
  it.each(cases)('$name', ({ compare }) => {
    const { estimate, real } = compare();
    expect(estimate / real).toBeGreaterThan(0.75);
    // User's texts are assumed to have two bytes for each character.
    expect(estimate / real).toBeLessThan(1.7);
  });
});
