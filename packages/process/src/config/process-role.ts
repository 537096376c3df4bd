import type { ServiceName } from '@twite/contract';

/** The role of a process in a distributed instance. */
export type ProcessRole =
  /** Server, worker and relay in one, or commands that use every store. */
  | { readonly kind: 'all' }
  /** Serves the operations of `TWITE_SERVICES`. */
  | { readonly kind: 'server' }
  | { readonly kind: 'worker'; readonly consumers: readonly string[] }
  | { readonly kind: 'relay' }
  /** Commands that use only the primary store. */
  | { readonly kind: 'operator' };

/** Services that only some processes use. Every process uses MongoDB and Redis. */
export type OptionalService = 'rabbitmq' | 'elasticsearch' | 'neo4j' | 's3';

/** The name of a process in telemetry. Server, worker and relay in one are a server. */
export const serviceNameOf = ({ kind }: ProcessRole): string =>
  `twite-${kind === 'all' || kind === 'operator' ? 'server' : kind}`;

export const everythingInOne: ProcessRole = { kind: 'all' };

const usedByService: Readonly<Record<ServiceName, readonly OptionalService[]>> = {
  posts: ['s3'],
  social: ['elasticsearch'],
  profile: ['rabbitmq', 'neo4j'],
};

/** In addition to RabbitMQ, which every worker uses. */
const usedByConsumer: Readonly<Record<string, readonly OptionalService[]>> = {
  searchIndex: ['elasticsearch'],
  counts: ['elasticsearch'],
  graph: ['neo4j'],
  'jobs.media': ['s3'],
  // Jobs of every class.
  jobs: ['s3'],
};

/** Why a process needs the address of a service; unneeded services are missing. */
export type Reasons = { readonly [S in OptionalService]?: string };

/** The reasons of a role. The first one that applies to a service is reported. */
export function reasonsOf(role: ProcessRole, services: readonly ServiceName[]): Reasons {
  const reasons: { [S in OptionalService]?: string } = {};
  const add = (used: readonly OptionalService[], reason: string) => {
    for (const service of used) reasons[service] ??= reason;
  };
  switch (role.kind) {
    case 'all':
      add(['rabbitmq', 'elasticsearch', 'neo4j', 's3'], 'TWITE_ENGINE is distributed');
      break;
    case 'server':
      for (const service of services) add(usedByService[service], `TWITE_SERVICES includes ${service}`);
      break;
    case 'worker':
      add(['rabbitmq'], 'a worker consumes its queues');
      for (const consumer of role.consumers)
        add(usedByConsumer[consumer] ?? [], `this worker consumes ${consumer}`);
      break;
    case 'relay':
      add(['rabbitmq'], 'the relay publishes to it');
      break;
    case 'operator':
      break;
  }
  return reasons;
}
