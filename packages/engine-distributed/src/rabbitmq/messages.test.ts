import { describe, expect, it } from 'vitest';
import { readEventMessage, readJobMessage, writeEvent, writeJob } from './messages.ts';

const event = { type: 'postCreated', postId: '1', authorId: '2' } as const;
const job = { name: 'purgePost', postId: '1' } as const;
const message = { job, failures: 0, backoff: null };
const reasonOf = (reading: ReturnType<typeof readJobMessage> | ReturnType<typeof readEventMessage>) =>
  reading.kind === 'unreadable' ? reading.unreadable.reason : reading.kind;

describe('messages', () => {
  it('are decoded as this and the previous version write them', () => {
    const happened = { event, at: 5, snapshot: true };
    expect(readEventMessage(writeEvent(happened))).toEqual({ kind: 'message', message: happened });
    expect(readEventMessage({ v: 1, ...event })).toEqual({
      kind: 'message',
      message: { event, at: null, snapshot: false },
    });
    expect(readJobMessage(writeJob(message))).toEqual({ kind: 'message', message });
    expect(readJobMessage({ v: 1, ...job })).toEqual({ kind: 'message', message });
    // As written by a release without backoffs.
    expect(readJobMessage({ v: 2, job })).toEqual({ kind: 'message', message });
  });

  it('that cannot be read have a reason, and keep their text', () => {
    expect(reasonOf(readJobMessage(Buffer.from('not JSON')))).toBe('it is no JSON object');
    expect(reasonOf(readJobMessage({ v: 3, job }))).toBe('its version is not known: 3');
    expect(reasonOf(readJobMessage({ job }))).toBe('its version is not known: none');
    expect(reasonOf(readJobMessage({ v: 2 }))).toBe('it has no job');
    expect(reasonOf(readJobMessage({ v: 2, job: { name: 'turnLeadIntoGold' } }))).toBe(
      'its job is not known: "turnLeadIntoGold"',
    );
    expect(reasonOf(readJobMessage({ v: 2, job: { name: 'toString' } }))).toContain('toString');
    expect(reasonOf(readJobMessage({ v: 2, job: { name: 'purgePost', postId: 1 } }))).toBe(
      'its job purgePost has no postId',
    );
    expect(reasonOf(readEventMessage({ v: 1, type: 'sunRisen' }))).toBe('its event is not known: "sunRisen"');
    const text = JSON.stringify({ v: 2, event: { type: 'x'.repeat(1_000) } });
    const reading = readEventMessage(Buffer.from(text));
    expect(reading).toMatchObject({ unreadable: { unreadable: text } });
    expect(reasonOf(reading).length).toBeLessThan(200);
  });
});
