import type { SessionStore } from '../sessions/session-store.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches } from './caches.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

const sessions = (...keys: string[]) => keys.map((key): Invalidation => ['sessions', key]);

export function cachedSessionStore(
  source: SessionStore,
  caches: Pick<Caches, 'sessions'>,
  bus: InvalidationBus,
): SessionStore {
  const read = (accessHash: string) => source.findByAccessHash(accessHash);
  return cachedPort(source, bus, {
    reads: { findByAccessHash: (accessHash) => caches.sessions.find(accessHash, read) },
    writes: {
      insert: ({ sessionId, accessHash }) => sessions(tag(sessionId), accessHash),
      rotate: (sessionId, _generation, { accessHash }) => sessions(tag(sessionId), accessHash),
      delete: (sessionId) => sessions(tag(sessionId)),
      deleteByAccount: (accountId) => sessions(tag(accountId)),
      deleteExpired: () => sessions('*'),
    },
  });
}
