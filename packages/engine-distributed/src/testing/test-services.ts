import type { AllServiceUrls } from '../connections.ts';
import { hasS3, testS3Place, testS3Url } from '../s3/testing/s3-for-test.ts';

const variables = ['MONGODB', 'REDIS', 'RABBITMQ', 'ELASTICSEARCH', 'NEO4J'];

const urlOf = (name: string): string => process.env[`TWITE_TEST_${name}_URL`] ?? '';

/** Whether the servers of the distributed engine are available for tests. */
export const hasServices = variables.every((name) => process.env[`TWITE_TEST_${name}_URL`]) && hasS3;

/** The environment of processes on those servers; undefined when they are not available. */
export function serviceEnvironment(): Readonly<Record<string, string>> | undefined {
  if (!hasServices) return undefined;
  return {
    ...Object.fromEntries(variables.map((name) => [`TWITE_${name}_URL`, urlOf(name)])),
    TWITE_S3_URL: testS3Url(),
  };
}

/** With a separate bucket for the namespace, as a process finds it in its configuration. */
export function testUrls(namespace = 'twite_test'): AllServiceUrls {
  const mongodb = urlOf('MONGODB');
  return {
    mongodb: { posts: mongodb, replies: mongodb, social: mongodb, identity: mongodb },
    redis: urlOf('REDIS'),
    redisLimits: urlOf('REDIS'),
    rabbitmq: urlOf('RABBITMQ'),
    elasticsearch: urlOf('ELASTICSEARCH'),
    neo4j: urlOf('NEO4J'),
    s3: testS3Place(namespace),
  };
}
