import { delegate } from './delegate.ts';
import type { Invalidation } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

/** How caches change a port. All other methods are those of the source. */
export interface Caching<P> {
  /** The methods that read through caches. */
  readonly reads: Partial<P>;
  /**
   * For each write, the values that it may change, asked before it starts. They are invalidated if it fails: its outcome
   * is then unknown. When it succeeds, the source reports what it changed.
   */
  readonly writes: {
    readonly [M in keyof P]?: P[M] extends (...args: infer A) => unknown
      ? (...args: A) => readonly Invalidation[]
      : never;
  };
}

type Write = (...args: unknown[]) => Promise<unknown>;
type Writing = (...args: unknown[]) => readonly Invalidation[];

/** A port whose reads go through caches. */
export function cachedPort<P extends object>(
  source: P,
  bus: InvalidationBus,
  { reads, writes }: Caching<P>,
): P {
  const invalidating: Record<string, Write> = {};
  for (const [name, invalidationsOf] of Object.entries(writes as Record<string, Writing>)) {
    invalidating[name] = async (...args) => {
      const invalidations = invalidationsOf(...args);
      try {
        return await (Reflect.get(source, name) as Write).apply(source, args);
      } catch (error) {
        await bus.invalidate(invalidations);
        throw error;
      }
    };
  }
  return delegate(source, { ...(invalidating as Partial<P>), ...reads });
}
