import { runChecks } from '@twite/core/doctor/run-checks';
import { newMediaKey } from '@twite/core/media/media-keys';
import { afterAll, describe, expect, it } from 'vitest';
import { openS3, type S3Place } from '../s3/client.ts';
import { openBlobs } from '../s3/open-blobs.ts';
import { eraseBucket, hasS3, testS3Place } from '../s3/testing/s3-for-test.ts';
import { randomNamespace } from '../testing/random-namespace.ts';
import { objectsChecks } from './objects-checks.ts';

async function look(place: S3Place) {
  using client = openS3(place);
  const results = await runChecks(objectsChecks(client), 10_000);
  return Object.fromEntries(results.map(({ name, ...found }) => [name, found]));
}

describe.runIf(hasS3)('doctor checks the bucket (TWITE_TEST_S3_ENDPOINT)', () => {
  const places: S3Place[] = [];
  const newPlace = (given: Partial<S3Place> = {}) => {
    const place = testS3Place(randomNamespace(), given);
    places.push(place);
    return place;
  };
  afterAll(async () => {
    for (const place of places) await eraseBucket(place);
  });

  it('and says that the first start creates it, and then that it is healthy', async () => {
    const place = newPlace({ prefix: 'twite/' });
    expect(await look(place)).toMatchObject({
      objects: { status: 'pass' },
      'objects clock': { status: 'pass' },
      'objects bucket': { status: 'warn', fix: expect.stringContaining('The first start creates it') },
      'objects writes': { status: 'pass' },
      'objects policy': { status: 'pass' },
    });
    using opened = openBlobs(place, () => {});
    await opened.blobs.put(newMediaKey('image/webp'), {
      bytes: 1,
      mimeType: 'image/webp',
      async *open() {
        yield Buffer.from('x');
      },
    });
    const found = await look(place);
    expect(new Set(Object.values(found).map(({ status }) => status))).toEqual(new Set(['pass']));
    expect(found['objects policy']?.message).toContain('twite/media/*');
    // The object that the check wrote is gone.
    using client = openS3(place);
    const { objects } = await client.minio.listObjectsV2Query(place.bucket, '', '', '', 10, '');
    expect(objects).toHaveLength(1);
  });

  it('and warns if a CDN cannot read the bucket, and fails if everyone can read all of it', async () => {
    const place = newPlace();
    using client = openS3(place);
    await client.minio.makeBucket(place.bucket, place.region);
    expect(await look(place)).toMatchObject({
      'objects policy': { status: 'warn', fix: expect.stringContaining(`${place.bucket}/media/*`) },
    });
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: ['*'] },
      Action: ['s3:GetObject'],
      Resource: [`arn:aws:s3:::${place.bucket}/*`],
    };
    await client.minio.setBucketPolicy(
      place.bucket,
      JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    );
    expect(await look(place)).toMatchObject({ 'objects policy': { status: 'fail' } });
  });

  it('and checks only the address while S3 is unavailable', async () => {
    const found = await look(testS3Place('away', { url: 'http://key:hunter2@127.0.0.1:9' }));
    expect(found).toMatchObject({
      objects: { status: 'fail', fix: expect.stringContaining('127.0.0.1:9') },
      'objects bucket': { status: 'warn', message: expect.stringContaining('objects failed') },
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });
});
