import { openS3, type S3Place } from '../client.ts';

const {
  TWITE_TEST_S3_ENDPOINT = '',
  TWITE_TEST_S3_ACCESS_KEY = '',
  TWITE_TEST_S3_SECRET_KEY = '',
} = process.env;

export const hasS3 = TWITE_TEST_S3_ENDPOINT !== '';

/**
 * The URL of the service under test with its keys; pass another endpoint for a proxy. An invalid host without a
 * service.
 */
export function testS3Url(endpoint = TWITE_TEST_S3_ENDPOINT || 'http://s3.invalid'): string {
  const url = new URL(endpoint.includes('://') ? endpoint : `http://${endpoint}`);
  url.username = encodeURIComponent(TWITE_TEST_S3_ACCESS_KEY);
  url.password = encodeURIComponent(TWITE_TEST_S3_SECRET_KEY);
  return url.href.replace(/\/$/, '');
}

/** The default name, as in the configuration. */
export const bucketOf = (namespace: string): string => `${namespace.replaceAll('_', '-')}-media`;

/** A separate bucket per namespace. */
export const testS3Place = (namespace: string, given: Partial<S3Place> = {}): S3Place => ({
  url: testS3Url(),
  bucket: bucketOf(namespace),
  region: 'us-east-1',
  pathStyle: true,
  prefix: '',
  ...given,
});

/** Erases a bucket and its content. */
export async function eraseBucket(place: S3Place): Promise<void> {
  using client = openS3(place);
  const { minio } = client;
  const { bucket } = place;
  if (!(await minio.bucketExists(bucket))) return;
  for (;;) {
    const { objects } = await minio.listObjectsV2Query(bucket, '', '', '', 1_000, '');
    if (objects.length === 0) break;
    await minio.removeObjects(
      bucket,
      objects.flatMap(({ name }) => name ?? []),
    );
  }
  await minio.removeBucket(bucket);
}
