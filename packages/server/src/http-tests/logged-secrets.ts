import { afterAll, describe, expect, test } from 'vitest';
import { type CapturedLog, captureLog } from './captured-log.ts';
import { collectSecrets, secretsIn } from './sent-secrets.ts';

/**
 * Captures the log of the servers that `register` starts with it, and the data that its suites send; then checks that
 * the log contains none of it.
 */
export function loggedSecrets(register: (captured: CapturedLog) => void): void {
  describe('with the log at the level `trace`', () => {
    const captured = captureLog();
    const collecting = collectSecrets();
    afterAll(() => collecting[Symbol.dispose]());
    register(captured);

    // The last test of the file: the data sent by the earlier suites is complete.
    test('no line contains a password, a token or user text', () => {
      const { secrets } = collecting;
      const kinds = new Set(secrets.values());
      for (const kind of ['password', 'newPassword', 'authorization', 'refreshToken', 'secret', 'token'])
        expect(kinds).toContain(kind);
      for (const kind of ['text', 'bio', 'altText', 'q']) expect(kinds).toContain(kind);
      expect(captured.lines.length).toBeGreaterThan(100);
      expect(secretsIn(captured.lines, secrets)).toEqual([]);
    });

    test('every line about a request has its ids', () => {
      const requests = captured.lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => msg === 'request completed');
      expect(requests.length).toBeGreaterThan(100);
      for (const line of requests) {
        expect(line).toMatchObject({
          requestId: expect.stringMatching(/^[\w-]{8,64}$/),
          traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        });
      }
    });
  });
}
