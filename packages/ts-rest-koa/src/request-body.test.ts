import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBody } from './request-body.ts';

const limits = { bytes: 1_000_000, ms: 10_000 };

/** A request whose body the test sends. */
function arriving() {
  const req = Object.assign(new PassThrough(), { complete: false, headers: {}, socket: {} as Socket });
  return { body: req, result: readBody(req as unknown as IncomingMessage, limits) };
}

describe('the time limit of a body', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is the same for all short bodies', async () => {
    const { body, result } = arriving();
    body.write('x'.repeat(1_000));
    await vi.advanceTimersByTimeAsync(9_999);
    body.end('y');
    expect(await result).toMatchObject({ bytes: { length: 1_001 } });
  });

  it('expires even if some of the body has arrived', async () => {
    const { body, result } = arriving();
    body.write('x'.repeat(65_536));
    await vi.advanceTimersByTimeAsync(10_001);
    expect(await result).toEqual({ fault: 'body_timeout' });
  });

  it('grows with the received data', async () => {
    const { body, result } = arriving();
    for (let second = 0; second < 30; second++) {
      body.write('x'.repeat(7_000));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    body.end();
    expect(await result).toMatchObject({ bytes: { length: 210_000 } });
  });

  it('does not grow for a client that stops', async () => {
    const { body, result } = arriving();
    body.write('x'.repeat(131_072));
    await vi.advanceTimersByTimeAsync(20_001);
    expect(await result).toEqual({ fault: 'body_timeout' });
  });
});
