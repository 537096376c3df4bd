import {
  contract,
  errorTable,
  type OperationId,
  operationIds,
  priorities,
  type RateLimitPolicyName,
} from '@twite/contract';
import { consumerNames } from '@twite/core/events/event-stream';
import { jobQueueNames } from '@twite/core/jobs/job-catalogue';
import { cacheNames } from '@twite/core/measures/cache-state';

/** The values of a label, and where they come from. Anything else is reported as `other`. */
export interface LabelDefinition {
  readonly help: string;
  /** All values; undefined where the process itself bounds them. */
  readonly values: readonly string[] | undefined;
}

const label = (help: string, values?: readonly string[]): LabelDefinition => ({ help, values });

/** `succeeded`, `aborted` when the client disconnected, or the error code of the answer. */
const outcomesOf = (operationId: OperationId): readonly string[] => [
  'succeeded',
  'aborted',
  'internal_error',
  ...contract[operationId].metadata.errors.filter((code) => code !== 'internal_error'),
];

const statuses = new Set([
  ...[200, 201, 204, 206, 304, 400, 404, 405, 408, 412, 413, 415, 416, 431, 499, 500, 501, 503],
  ...Object.values(errorTable).map(({ status }) => status),
]);

const policies: Readonly<Record<RateLimitPolicyName, true>> = {
  read: true,
  search: true,
  write: true,
  signIn: true,
  signUp: true,
  refresh: true,
  upload: true,
};

/** Consumers that only the distributed engine has. */
const ownConsumers = ['counts', 'graph'];

/** Caches of either engine: in the process, except `sharedPosts` and the distributed engine's `timelines` (Redis). */
const caches = [...cacheNames, 'sharedPosts', 'timelines'];

/** One deployment of all four databases, or of some of them: `posts+replies`. */
const deployments = (() => {
  const databases = ['posts', 'replies', 'social', 'identity'];
  const found: string[] = [];
  for (let bits = 1; bits < 2 ** databases.length; bits += 1) {
    found.push(databases.filter((_, index) => bits & (1 << index)).join('+'));
  }
  return found;
})();

const dependencies = [
  'sqlite',
  'mongodb',
  ...deployments.filter((name) => name.split('+').length < 4).map((name) => `mongodb-${name}`),
  'redis',
  'redis-limits',
  'rabbitmq',
  'elasticsearch',
  'neo4j',
  'objects',
];

/** Every label, and what bounds it whatever clients send. */
export const metricLabels = {
  operation: label(
    'an operation of the contract, `media` (files), `page` (documentation, health), or `none` (no such path)',
    [...operationIds, 'media', 'page', 'none'],
  ),
  method: label('the HTTP method', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other']),
  status: label(
    'the HTTP status; 499: the client disconnected before the response',
    [...statuses].map(String),
  ),
  statusClass: label('the class of the HTTP status', ['1xx', '2xx', '3xx', '4xx', '5xx']),
  priority: label('the priority of the operation, as the contract says', priorities),
  policy: label('a policy of rate limits', Object.keys(policies)),
  signInOutcome: label('`succeeded`, `aborted`, or the code of the error', outcomesOf('createSession')),
  uploadOutcome: label('`succeeded`, `aborted`, or the code of the error', outcomesOf('uploadMedia')),
  pool: label('`passwords` (servers) or `media`', ['passwords', 'media']),
  poolFailure: label(
    '`deadline` (killed after its time), `ended` (the process died), `notStarted` (no process, memory or file descriptor left) or `error` (the task threw)',
    ['deadline', 'ended', 'notStarted', 'error'],
  ),
  queue: label(
    'a consumer, `jobs.` and a class of jobs, `relay` (parks only) or `jobs` (of older releases)',
    [...consumerNames, ...ownConsumers, ...jobQueueNames, 'relay', 'jobs'],
  ),
  handleOutcome: label('`handled`, `retried` or `parked`', ['handled', 'retried', 'parked']),
  relayKind: label('`event`, or `barrier` (when somebody waits until all is handled)', ['event', 'barrier']),
  queueKind: label('`job`, or `replay` (of parked messages)', ['job', 'replay']),
  deployment: label('a MongoDB deployment, by its databases', deployments),
  cache: label('the cached data', caches),
  cacheResult: label('`hit` or `miss`', ['hit', 'miss']),
  dependency: label(
    'a service, each MongoDB deployment by itself; `sqlite` and `objects` of the embedded engine',
    dependencies,
  ),
  callOutcome: label(
    '`answered`, `failed` (it answered with an error) or `unavailable` (away, or too late)',
    ['answered', 'failed', 'unavailable'],
  ),
  blobCall: label('a method of the blob store', [
    'put',
    'get',
    'stat',
    'delete',
    'withhold',
    'reinstate',
    'list',
  ]),
  direction: label('`in` (stored) or `out` (read)', ['in', 'out']),
  dataPart: label('`database` (with its write-ahead log) or `media`', ['database', 'media']),
  version: label('the release'),
  role: label('the role of the process', ['embedded', 'all', 'server', 'worker', 'relay']),
} satisfies Readonly<Record<string, LabelDefinition>>;

export type LabelKind = keyof typeof metricLabels;
