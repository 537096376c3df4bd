import { randomBytes } from 'node:crypto';
import { judgeClock } from '@twite/core/doctor/clocks';
import { type Check, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { placeOf } from '../connections.ts';
import type { S3Client } from '../s3/client.ts';
import { grantsReading, readPolicy } from '../s3/ensure-bucket.ts';
import { codeOf, isNotAllowed } from '../s3/errors.ts';
import { nameOf, publicPart } from '../s3/object-names.ts';

/** Checks of the bucket for media. The object written as a test is deleted at once and never served. */
export function objectsChecks(client: S3Client): readonly Check[] {
  const { minio, place } = client;
  const { bucket, region } = place;
  const where = placeOf(place.url);
  const fix = `Start S3 at ${where}, or correct TWITE_S3_URL with its keys, TWITE_S3_REGION and TWITE_S3_PATH_STYLE.`;
  const exists = () => client.ask(() => minio.bucketExists(bucket));
  return [
    {
      name: 'objects',
      fix,
      async find() {
        await exists();
        return pass(`S3 answers at ${where}`);
      },
    },
    {
      name: 'objects clock',
      needs: 'objects',
      fix,
      async find() {
        const askedAt = Date.now();
        const date = Date.parse(await dateOf(client));
        if (Number.isNaN(date)) return pass('S3 does not report its time');
        // The header has a resolution of one second.
        return judgeClock('S3', date, askedAt, Date.now(), 1_000);
      },
    },
    {
      name: 'objects bucket',
      needs: 'objects',
      fix: `Create the bucket ${bucket} in the region ${region}, or correct TWITE_S3_BUCKET.`,
      async find() {
        if (await exists()) return pass(`the bucket ${bucket} exists`);
        return warn(
          `the bucket ${bucket} is missing`,
          `The first start creates it if the keys allow that; otherwise create it in the region ${region}, or correct TWITE_S3_BUCKET.`,
        );
      },
    },
    {
      name: 'objects writes',
      needs: 'objects bucket',
      fix: `Allow the keys of TWITE_S3_URL s3:PutObject, s3:GetObject, s3:DeleteObject on ${bucket}/${place.prefix}* and s3:ListBucket on ${bucket}.`,
      async find() {
        if (!(await exists())) return pass('there is no bucket yet');
        const name = nameOf(place, `doctor/${randomBytes(16).toString('hex')}`);
        await client.ask(() => minio.putObject(bucket, name, 'twite doctor'));
        try {
          const { size } = await client.ask(() => minio.statObject(bucket, name));
          await client.ask(() => minio.listObjectsV2Query(bucket, nameOf(place, 'media/'), '', '', 1, ''));
          if (size !== 12) return fail('an object was not read as it was written', fix);
        } finally {
          await client.ask(() => minio.removeObjects(bucket, [name]));
        }
        return pass('objects can be written, listed and deleted');
      },
    },
    {
      name: 'objects policy',
      needs: 'objects bucket',
      fix,
      async find() {
        if (!(await exists())) return pass('there is no bucket yet');
        const resource = publicPart(place);
        const allow = `Allow s3:GetObject on ${resource} to everyone, and nothing else, or let the CDN read from the servers.`;
        let policy: string;
        try {
          policy = await client.ask(() => readPolicy(client));
        } catch (error) {
          if (!isNotAllowed((error as Error).cause)) throw error;
          return warn('the keys cannot read the policy of the bucket', allow);
        }
        for (const everything of [`arn:aws:s3:::${bucket}/*`, `arn:aws:s3:::${bucket}/${place.prefix}*`]) {
          if (grantsReading(policy, everything)) {
            return fail('everyone can read the whole bucket, including withheld media and uploads', allow);
          }
        }
        if (grantsReading(policy, resource))
          return pass(`everyone can read ${resource}, and no other object of the bucket`);
        return warn('a CDN cannot read media from the bucket directly', allow);
      },
    },
  ];
}

/** Reads the date from any response, including an error. */
async function dateOf({ request, place }: S3Client): Promise<string> {
  const url = new URL(place.url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(
    { method: 'GET', protocol: url.protocol, hostname: url.hostname, port: url.port, path: '/' },
    (answer) => {
      answer.resume();
      resolve(answer.headers.date ?? '');
    },
  )
    .on('error', (error) => (codeOf(error) === undefined ? reject(error) : resolve('')))
    .end();
  return promise;
}
