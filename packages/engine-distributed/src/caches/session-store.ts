import type { PageBefore } from '@twite/core/keyset';
import type { SessionRecord, SessionRotation, SessionStore } from '@twite/core/sessions/session-store';
import type { Caches } from './caches.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export class CachedSessionStore implements SessionStore {
  readonly #inner: SessionStore;
  readonly #sessions: Caches['sessions'];
  readonly #bus: InvalidationBus;

  constructor(inner: SessionStore, caches: Pick<Caches, 'sessions'>, bus: InvalidationBus) {
    this.#inner = inner;
    this.#sessions = caches.sessions;
    this.#bus = bus;
  }

  insert(session: SessionRecord): Promise<void> {
    return this.#written(this.#inner.insert(session), tag(session.sessionId), session.accessHash);
  }

  async findByAccessHash(accessHash: string): Promise<SessionRecord | undefined> {
    return (
      this.#sessions.get(accessHash) ??
      this.#sessions.load(accessHash, () => this.#inner.findByAccessHash(accessHash))
    );
  }

  find(sessionId: string): Promise<SessionRecord | undefined> {
    return this.#inner.find(sessionId);
  }

  rotate(sessionId: string, fromGeneration: number, rotation: SessionRotation): Promise<boolean> {
    return this.#written(
      this.#inner.rotate(sessionId, fromGeneration, rotation),
      tag(sessionId),
      rotation.accessHash,
    );
  }

  listByAccount(accountId: string, page: PageBefore): Promise<readonly SessionRecord[]> {
    return this.#inner.listByAccount(accountId, page);
  }

  delete(sessionId: string): Promise<boolean> {
    return this.#written(this.#inner.delete(sessionId), tag(sessionId));
  }

  deleteByAccount(accountId: string, exceptSessionId?: string): Promise<number> {
    return this.#written(this.#inner.deleteByAccount(accountId, exceptSessionId), tag(accountId));
  }

  deleteExpired(before: number): Promise<number> {
    return this.#written(this.#inner.deleteExpired(before), '*');
  }

  #written<T>(write: Promise<T>, ...keys: string[]): Promise<T> {
    return invalidateOnError(this.#bus, write, () => keys.map((key): Invalidation => ['sessions', key]));
  }
}
