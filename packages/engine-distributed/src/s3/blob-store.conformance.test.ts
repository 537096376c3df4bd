import { runSuites } from '@twite/conformance/suites';
import type { OpenEngine } from '@twite/core/engine';
import { afterAll, describe } from 'vitest';
import { partEngine } from '../testing/part-engine.ts';
import { randomNamespace } from '../testing/random-namespace.ts';
import type { S3Place } from './client.ts';
import { openBlobs } from './open-blobs.ts';
import { eraseBucket, hasS3, testS3Place } from './testing/s3-for-test.ts';

const places = new Map<OpenEngine, S3Place>();
const shared = `shared-${randomNamespace()}`;

function openAt(place: S3Place): OpenEngine {
  const opened = openBlobs(place, () => {});
  const engine = partEngine(
    { blobs: opened.blobs },
    {
      settled: async () => {},
      close: async () => opened[Symbol.dispose](),
    },
  );
  places.set(engine, place);
  return engine;
}

const reopen = async (closed: OpenEngine) => openAt(places.get(closed) as S3Place);

describe.runIf(hasS3)('the blob store on S3 keeps what it promises (TWITE_TEST_S3_ENDPOINT)', () => {
  afterAll(async () => {
    for (const place of places.values()) await eraseBucket(place);
  });
  runSuites(
    { name: 'S3', open: async () => openAt(testS3Place(randomNamespace())), reopen, propertyRuns: 30 },
    ['blobs'],
  );
  // As next to other data.
  runSuites(
    {
      name: 'S3 with a prefix',
      open: async () => openAt(testS3Place(shared, { prefix: `twite/${randomNamespace()}/` })),
      reopen,
      propertyRuns: 10,
    },
    ['blobs'],
  );
});
