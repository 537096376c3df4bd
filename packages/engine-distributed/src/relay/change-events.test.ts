import { type EventType, eventDefinitionOf } from '@twite/core/events/event-catalogue';
import { invalidationsOf } from '@twite/core/events/invalidations-of';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { describe, expect, it, test } from 'vitest';
import { eventCollections, eventOrigins } from '../mongodb/event-origins.ts';
import { type Change, type ChangeReading, readChange, readStored } from './change-events.ts';
import { type RawChange, relayableOf } from './change-stream.ts';
import { writeChange } from './unreadable-changes.ts';

const insert = (collection: string, documentId: unknown, inserted: object = {}): ChangeReading =>
  readChange({ operationType: 'insert', collection, documentId, inserted });
const update = (collection: string, documentId: unknown, change?: unknown): ChangeReading =>
  readChange({ operationType: 'update', collection, documentId, change });
const remove = (collection: string, documentId: unknown): ChangeReading =>
  readChange({ operationType: 'delete', collection, documentId });

const nothing = { kind: 'nothing' };
const likeIds = '{accountId}:post:{postId} or {accountId}:reply:{replyId}';
const unreadable = (reason: string) => ({ kind: 'unreadable', reason });
const event = (fields: object) => ({ kind: 'event', event: fields });

describe('what a change is', () => {
  it.for<[string, ChangeReading, object]>([
    ['an account', insert('accounts', '1'), { type: 'accountCreated', accountId: '1' }],
    [
      'a post',
      insert('posts', '1', { authorId: '2', media: [] }),
      { type: 'postCreated', postId: '1', authorId: '2', media: 'none' },
    ],
    [
      'a post with media',
      insert('posts', '1', { authorId: '2', media: [{ mediaId: '5' }] }),
      { type: 'postCreated', postId: '1', authorId: '2' },
    ],
    [
      'a post that may have media',
      insert('posts', '1', { authorId: '2' }),
      { type: 'postCreated', postId: '1', authorId: '2' },
    ],
    [
      'a reply',
      insert('replies', '1', { authorId: '2', postId: '3', media: [] }),
      { type: 'replyCreated', replyId: '1', postId: '3', authorId: '2', media: 'none' },
    ],
    [
      'a reply with media',
      insert('replies', '1', { authorId: '2', postId: '3', media: [{ mediaId: '5' }] }),
      { type: 'replyCreated', replyId: '1', postId: '3', authorId: '2' },
    ],
    ['a follow', insert('follows', '1:2'), { type: 'accountFollowed', followerId: '1', followeeId: '2' }],
    ['a like', insert('likes', '1:post:2'), { type: 'postLiked', postId: '2', accountId: '1' }],
    ['the end of one', remove('likes', '1:reply:2'), { type: 'replyUnliked', replyId: '2', accountId: '1' }],
    ['a block', insert('blocks', '1:2'), { type: 'accountBlocked', accountId: '1', targetId: '2' }],
    ['the end of one', remove('blocks', '1:2'), { type: 'accountUnblocked', accountId: '1', targetId: '2' }],
    ['a mute', insert('mutes', '1:2'), { type: 'accountMuted', accountId: '1', targetId: '2' }],
    ['the end of one', remove('mutes', '1:2'), { type: 'accountUnmuted', accountId: '1', targetId: '2' }],
    [
      'an update of an account',
      update('accounts', '1', 'accountUpdated 2'),
      { type: 'accountUpdated', accountId: '1' },
    ],
    [
      'a deletion of a post',
      update('posts', '1', 'postDeleted 2 3'),
      { type: 'postDeleted', postId: '1', authorId: '3' },
    ],
    [
      'a deletion of a reply',
      update('replies', '1', 'replyDeleted 2 3 4'),
      { type: 'replyDeleted', replyId: '1', postId: '3', authorId: '4' },
    ],
    ['a change of a medium', update('media', '1', 'mediaChanged 2'), { type: 'mediaChanged', mediaId: '1' }],
    [
      'the end of a follow',
      update('follows', '1:2', 'accountUnfollowed 2'),
      { type: 'accountUnfollowed', followerId: '1', followeeId: '2' },
    ],
  ])('is an event: %s', ([, reading, expected]) => {
    expect(reading).toEqual(event(expected));
  });

  it('is nothing when no consumer needs it', () => {
    expect(insert('sessions', '1')).toEqual(nothing);
    expect(update('accounts', '1')).toEqual(nothing);
    expect(insert('media', '1', { state: 'uploading' })).toEqual(nothing);
    for (const collection of ['accounts', 'posts', 'replies', 'follows', 'media']) {
      expect(remove(collection, '1')).toEqual(nothing);
    }
    expect(readChange({ operationType: 'drop', collection: 'posts', documentId: undefined })).toEqual(
      nothing,
    );
  });

  it('cannot be read when another release, or a hand, wrote it', () => {
    expect(insert('likes', '1:quote:2')).toEqual(
      unreadable(`its _id is not of the form ${likeIds}: "1:quote:2"`),
    );
    expect(insert('likes', 'odd')).toEqual(unreadable(`its _id is not of the form ${likeIds}: "odd"`));
    expect(remove('likes', '1:__proto__:2')).toMatchObject({ kind: 'unreadable' });
    expect(insert('follows', '1:')).toEqual(
      unreadable('its _id is not of the form {followerId}:{followeeId}: "1:"'),
    );
    expect(insert('blocks', new BSON.ObjectId())).toEqual(unreadable('its _id is not an id: object'));
    expect(insert('posts', '1')).toEqual(unreadable('its authorId is not an id: undefined'));
    expect(insert('replies', '1', { authorId: '2', postId: 3 })).toEqual(
      unreadable('its postId is not an id: number'),
    );
    expect(update('posts', '1', 'postEdited 2')).toEqual(
      unreadable('its change is not known: "postEdited 2"'),
    );
    expect(update('accounts', '1', 'postDeleted 2 3')).toMatchObject({ kind: 'unreadable' });
    expect(update('replies', '1', 'replyDeleted 2 3')).toEqual(
      unreadable('its authorId is not an id: undefined'),
    );
    expect(update('accounts', '1', { type: 'accountUpdated' })).toEqual(
      unreadable('its change is not a text: object'),
    );
  });
});

const long = 'x'.repeat(300);
const bsonish = fc.oneof(
  fc.string(),
  fc.constantFrom(long, `1:${long}`, `${long}:post:1`, `postDeleted 2 ${long}`, `replyDeleted 2 1 ${long}`),
  fc.constantFrom('1:2', '1:post:2', '1:quote:2', '1', 'constructor', 'postDeleted 2 3', 'accountUpdated 2'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date().map((date) => date as unknown),
  fc.uint8Array().map((bytes) => new BSON.Binary(bytes)),
  fc.constant(0).map(() => new BSON.ObjectId()),
  fc.bigInt({ min: 0n, max: 2n ** 62n }).map((value) => BSON.Long.fromBigInt(value)),
  fc.object(),
);
const collection = fc.oneof(
  fc.constantFrom('accounts', 'posts', 'replies', 'follows', 'likes', 'blocks', 'mutes', 'media', 'barriers'),
  fc.constantFrom('constructor', '__proto__', 'toString'),
  fc.string(),
);
const operationType = fc.oneof(
  fc.constantFrom('insert', 'update', 'replace', 'delete', 'drop', 'rename'),
  fc.string(),
);
const rawChange = fc.record(
  {
    _id: fc.constant({ _data: 'x' }),
    operationType,
    ns: fc.record({ db: fc.string(), coll: collection }),
    documentKey: fc.record({ _id: bsonish }),
    fullDocument: fc.record(
      { authorId: bsonish, postId: bsonish, trace: bsonish, change: bsonish, createdAt: bsonish },
      { requiredKeys: [] },
    ),
    updateDescription: fc.record(
      { updatedFields: fc.record({ change: bsonish, trace: bsonish }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['_id', 'operationType'] },
) as unknown as fc.Arbitrary<RawChange>;
const runs = { numRuns: 1_000 };

describe('any change', () => {
  it('is an event with all its ids as texts, nothing, or unreadable with a short reason; it never throws', () => {
    fc.assert(
      fc.property(rawChange, (raw) => {
        const relayable = relayableOf(raw, 'barriers');
        if (relayable.kind === 'event') {
          for (const value of Object.values(relayable.event)) {
            expect(value).toSatisfy((text) => typeof text === 'string' && text !== '' && text.length <= 200);
          }
          expect(relayable.traceparent?.length ?? 0).toBeLessThanOrEqual(200);
          expect(invalidationsOf(relayable.event)).toBeInstanceOf(Array);
        } else if (relayable.kind === 'unreadable') {
          expect(relayable.reason.length).toBeLessThan(1_000);
        } else expect(['nothing', 'barrier']).toContain(relayable.kind);
      }),
      runs,
    );
  });

  it('is kept in a bounded text when it is parked', () => {
    const change = fc.record({
      operationType,
      collection,
      documentId: fc.oneof(bsonish, fc.string({ minLength: 5_000, maxLength: 20_000 })),
      change: fc.oneof(bsonish, fc.string({ minLength: 5_000, maxLength: 20_000 })),
    }) as fc.Arbitrary<Change>;
    fc.assert(
      fc.property(change, (given) => {
        const text = writeChange({ ...given, collection: given.collection.slice(0, 100) });
        expect(text.length).toBeLessThan(8_192);
        expect(JSON.parse(text)).toBeTypeOf('object');
      }),
      runs,
    );
  });

  it('has a stored document that can be read, or not, and never throws', () => {
    const source = fc.constantFrom(...eventCollections);
    const doc = fc.record({
      _id: bsonish,
      status: bsonish,
      active: bsonish,
      authorId: bsonish,
      postId: bsonish,
      deletedAt: bsonish,
    });
    fc.assert(
      fc.property(source, doc, (collection, given) => {
        const readings = readStored(collection, given);
        expect(readings.length).toBeGreaterThan(0);
        for (const { kind } of readings) expect(['event', 'unreadable']).toContain(kind);
      }),
      runs,
    );
  });
});

test.for(Object.entries(eventOrigins))('%s arises with all of its fields', ([type, { id, fields = [] }]) => {
  const inId = [...id.matchAll(/\{(\w+)\}/g)].map(([, field]) => field);
  expect([...inId, ...fields].toSorted()).toEqual(eventDefinitionOf(type as EventType).fields.toSorted());
});
