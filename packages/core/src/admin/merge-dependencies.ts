import type { DependencyName } from '../unavailable.ts';
import type { DependencyStatus, ProcessStatus } from './engine-status.ts';

/**
 * Older reports say nothing about the present. Processes report every five seconds; less often while a dependency
 * hangs.
 */
const reportMaxAgeMs = 25_000;

const names: readonly DependencyName[] = [
  'sqlite',
  'mongodb',
  'redis',
  'redis-limits',
  'rabbitmq',
  'elasticsearch',
  'neo4j',
  'objects',
];

/** MongoDB's deployments rank with MongoDB. Names from a newer release come last. */
function rankOf(name: string): number {
  const rank = names.findIndex(
    (known) => known === name || (known === 'mongodb' && name.startsWith('mongodb-')),
  );
  return rank < 0 ? names.length : rank;
}

/** A dependency as one process sees it. */
interface Sight {
  readonly process: ProcessStatus;
  readonly status: DependencyStatus;
}

const isAway = ({ status }: Sight): boolean => status.state !== 'up';

/**
 * Merges the views of a dependency: it is unavailable if any process finds it so. The view of the answering process
 * takes precedence over the reports of others.
 */
function mergeSights(sights: readonly Sight[], ownProcessId: string): DependencyStatus {
  const ofOwn = sights.filter(({ process }) => process.processId === ownProcessId);
  const [picked = sights[0] as Sight] = [
    ...ofOwn.filter(isAway),
    ...sights.filter(({ status }) => status.state === 'down'),
    ...sights.filter(isAway),
    ...ofOwn,
  ];
  const { status } = picked;
  if (isAway(picked) || ofOwn.length > 0) return status;
  return { ...status, latencyMs: Math.max(...sights.map((sight) => sight.status.latencyMs ?? 0)) };
}

const namedMax = 3;

const nameOf = ({ role, host }: ProcessStatus): string => `${role === 'all' ? 'server' : role} ${host}`;

/** What is degraded, and which processes see it if not all of them do. */
function tellDegraded(sights: readonly Sight[], { degraded }: DependencyStatus): string[] {
  if (degraded === null) return [];
  const seenBy = sights.filter(({ status }) => status.degraded !== null);
  if (seenBy.length === sights.length) return [degraded];
  const named = seenBy.slice(0, namedMax).map(({ process }) => nameOf(process));
  if (seenBy.length > namedMax) named.push('others');
  return [`${degraded} Only ${seenBy.length} of ${sights.length} processes see this: ${named.join(', ')}.`];
}

/** The dependencies of all processes, each once, and a description of what is degraded. */
export function mergeDependencies(
  processes: readonly ProcessStatus[],
  ownProcessId: string,
  now: number,
): { readonly dependencies: readonly DependencyStatus[]; readonly degraded: readonly string[] } {
  const sights = processes
    .filter(({ processId, reportedAt }) => processId === ownProcessId || now - reportedAt <= reportMaxAgeMs)
    .flatMap((process) => process.dependencies.map((status): Sight => ({ process, status })));
  const merged = [...Map.groupBy(sights, ({ status }) => status.name).values()]
    .map((same) => ({ same, status: mergeSights(same, ownProcessId) }))
    .sort((a, b) => rankOf(a.status.name) - rankOf(b.status.name));
  return {
    dependencies: merged.map(({ status }) => status),
    degraded: merged.flatMap(({ same, status }) => tellDegraded(same, status)),
  };
}
