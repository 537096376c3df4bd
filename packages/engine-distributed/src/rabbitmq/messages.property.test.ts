import type { DomainEvent } from '@twite/core/events/domain-event';
import type { EventType } from '@twite/core/events/event-catalogue';
import { type Job, jobCatalogue } from '@twite/core/jobs/job-catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EventMessage,
  readEventMessage,
  readJobMessage,
  writeBarrier,
  writeEvent,
  writeJob,
} from './messages.ts';
import type { JobMessage } from './scheduled.ts';

const id = fc.stringMatching(/^[1-9][0-9]{18}$/);

const ids = <K extends string>(...names: K[]): fc.Arbitrary<Record<K, string>> =>
  fc
    .tuple(...names.map(() => id))
    .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])) as Record<K, string>);

const marked = (fields: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  fc.tuple(fields, fc.boolean()).map(([rest, isMarked]) => (isMarked ? { ...rest, media: 'none' } : rest));

const fieldsByType: Record<EventType, fc.Arbitrary<object>> = {
  accountCreated: ids('accountId'),
  accountUpdated: ids('accountId'),
  accountStatusChanged: ids('accountId'),
  postCreated: marked(ids('postId', 'authorId')),
  postDeleted: ids('postId', 'authorId'),
  replyCreated: marked(ids('replyId', 'postId', 'authorId')),
  replyDeleted: ids('replyId', 'postId', 'authorId'),
  postLiked: ids('postId', 'accountId'),
  postUnliked: ids('postId', 'accountId'),
  replyLiked: ids('replyId', 'accountId'),
  replyUnliked: ids('replyId', 'accountId'),
  accountFollowed: ids('followerId', 'followeeId'),
  accountUnfollowed: ids('followerId', 'followeeId'),
  accountBlocked: ids('accountId', 'targetId'),
  accountUnblocked: ids('accountId', 'targetId'),
  mediaChanged: ids('mediaId'),
  accountMuted: ids('accountId', 'targetId'),
  accountUnmuted: ids('accountId', 'targetId'),
};

const events = fc.oneof(
  ...Object.entries(fieldsByType).map(([type, fields]) =>
    fields.map((rest) => ({ type, ...rest }) as DomainEvent),
  ),
);

const jobs = fc.oneof(
  ...Object.entries(jobCatalogue).map(([name, { payload }]) =>
    ids(...payload).map((rest) => ({ name, ...rest }) as unknown as Job),
  ),
);

const jobMessages: fc.Arbitrary<JobMessage> = fc.record({
  job: jobs,
  failures: fc.nat(),
  backoff: fc.option(fc.record({ firstMs: fc.nat(), maxMs: fc.nat() }), { nil: null }),
});

const times = fc.option(fc.nat({ max: 8.64e15 }), { nil: null });

const eventMessages: fc.Arbitrary<EventMessage> = fc.record({
  event: events,
  at: times,
  snapshot: fc.boolean(),
});

/** A message arrives as bytes or as parsed by the client. */
const asItComes = (body: Buffer): unknown[] => [body, body.toString(), JSON.parse(body.toString())];

describe('messages, of any content', () => {
  it('are decoded unchanged', () => {
    fc.assert(
      fc.property(eventMessages, jobMessages, (message, jobMessage) => {
        for (const body of asItComes(writeEvent(message))) {
          expect(readEventMessage(body)).toEqual({ kind: 'message', message });
        }
        for (const body of asItComes(writeJob(jobMessage))) {
          expect(readJobMessage(body)).toEqual({ kind: 'message', message: jobMessage });
        }
      }),
    );
  });

  it('of the previous version are decoded: flat, and without a time', () => {
    fc.assert(
      fc.property(events, jobs, (event, job) => {
        const message = { event, at: null, snapshot: false };
        expect(readEventMessage({ v: 1, ...event })).toEqual({ kind: 'message', message });
        expect(readJobMessage({ v: 1, ...job })).toEqual({
          kind: 'message',
          message: { job, failures: 0, backoff: null },
        });
      }),
    );
  });

  it('are decoded without unknown fields', () => {
    fc.assert(
      fc.property(events, times, fc.jsonValue(), (event, at, more) => {
        const message = { event, at, snapshot: false };
        const body = { v: 2, event: { ...event, more }, at: at ?? undefined, more };
        expect(readEventMessage(body)).toEqual({ kind: 'message', message });
      }),
    );
  });

  it('that are barriers are recognized in every queue', () => {
    fc.assert(
      fc.property(fc.record({ barrierId: fc.string(), at: times }), (barrier) => {
        for (const body of asItComes(writeBarrier(barrier))) {
          expect(readEventMessage(body)).toEqual({ kind: 'barrier', barrier });
          expect(readJobMessage(body)).toEqual({ kind: 'barrier', barrier });
        }
      }),
    );
  });

  it('never exceed what the decoder can handle', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json(),
      fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
    );
    fc.assert(
      fc.property(anything, anything, (body, inner) => {
        const bodies = [
          body,
          { v: inner },
          { v: 2, event: inner, job: inner },
          { v: 2, job: { name: 'purgeMedia', mediaId: '1' }, failures: inner, backoff: inner },
          { v: 1, type: inner, name: inner },
        ];
        for (const each of bodies) {
          for (const read of [readEventMessage, readJobMessage]) {
            const reading = read(each);
            if (reading.kind === 'unreadable') expect(typeof reading.unreadable.unreadable).toBe('string');
          }
        }
      }),
    );
  });
});
