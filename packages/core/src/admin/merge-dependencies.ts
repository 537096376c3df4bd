import type { DependencyName } from '../unavailable.ts';
import type { DependencyStatus, ProcessStatus } from './engine-status.ts';

/** What was reported before says nothing about now. Processes report every five seconds; less often while a dependency hangs. */
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

/** MongoDB's deployments stand where MongoDB does; names of a newer release come last. */
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
 * What the instance sees of a dependency: that it is away when any process finds so. What the process that answers sees
 * goes before what others reported.
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

/** What is degraded, and by whom it is seen where not by all. */
function tellDegraded(sights: readonly Sight[], { degraded }: DependencyStatus): string[] {
  if (degraded === null) return [];
  const seenBy = sights.filter(({ status }) => status.degraded !== null);
  if (seenBy.length === sights.length) return [degraded];
  const named = seenBy.slice(0, namedMax).map(({ process }) => nameOf(process));
  if (seenBy.length > namedMax) named.push('others');
  return [`${degraded} Only ${seenBy.length} of ${sights.length} processes see this: ${named.join(', ')}.`];
}

/** The dependencies of all processes, each once, and in words what is degraded. */
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
