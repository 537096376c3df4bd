import type { Log } from '../log.ts';
import type { S3Client } from './client.ts';
import { codeOf, isNotAllowed } from './errors.ts';
import { publicPart } from './object-names.ts';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

const many = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const isEveryone = (principal: unknown): boolean =>
  principal === '*' ||
  (typeof principal === 'object' &&
    principal !== null &&
    many((principal as { AWS?: unknown }).AWS).includes('*'));

/** Whether the policy lets everyone read served objects. */
export function grantsReading(policy: string, resource: string): boolean {
  return statementsOf(policy).some(
    ({ Effect, Principal, Action, Resource, Condition }) =>
      Effect === 'Allow' &&
      Condition === undefined &&
      isEveryone(Principal) &&
      many(Action).some((action) => action === 's3:GetObject' || action === 's3:*') &&
      many(Resource).includes(resource),
  );
}

function statementsOf(policy: string): readonly Statement[] {
  if (policy.trim() === '') return [];
  const { Statement } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  return many(Statement).filter((statement): statement is Statement => typeof statement === 'object');
}

/** Adds missing statements to the policy; its statements about other objects stay. */
function withReading(policy: string, resource: string): string {
  const reading = {
    Effect: 'Allow',
    Principal: { AWS: ['*'] },
    Action: ['s3:GetObject'],
    Resource: [resource],
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [...statementsOf(policy), reading] });
}

export async function readPolicy({ minio, place }: S3Client): Promise<string> {
  try {
    return await minio.getBucketPolicy(place.bucket);
  } catch (error) {
    if (codeOf(error) === 'NoSuchBucketPolicy') return '';
    throw error;
  }
}

/**
 * Creates the bucket, and lets everyone read served objects. Several processes may run it at once. Where the keys do
 * not allow it, a log line says what to set; the servers serve media all the same.
 */
export async function ensureBucket(client: S3Client, log: Log): Promise<void> {
  const { minio, place } = client;
  const { bucket, region } = place;
  await client.ask(async () => {
    if (await minio.bucketExists(bucket)) return;
    try {
      await minio.makeBucket(bucket, region);
    } catch (error) {
      if (codeOf(error) === 'BucketAlreadyOwnedByYou') return;
      if (!isNotAllowed(error)) throw error;
      const hint = "TWITE_S3_URL's keys may not make it: make it, or correct TWITE_S3_BUCKET";
      log({ level: 'error', msg: 'media bucket missing', bucket, region, hint });
      throw error;
    }
    log({ level: 'info', msg: 'media bucket created', bucket });
  });
  const resource = publicPart(place);
  try {
    await client.ask(async () => {
      const policy = await readPolicy(client);
      if (!grantsReading(policy, resource))
        await minio.setBucketPolicy(bucket, withReading(policy, resource));
    });
  } catch (error) {
    const { cause } = error as Error;
    if (!isNotAllowed(cause)) throw error;
    const hint = `TWITE_S3_URL's keys may not see or set its policy: allow s3:GetObject on ${resource} to everyone, or let the CDN read from the servers`;
    log({ level: 'warn', msg: 'media bucket not public', bucket, hint });
  }
}
