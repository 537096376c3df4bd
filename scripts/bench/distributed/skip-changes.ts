import { testUrls } from '@twite/engine-distributed/testing';
import { MongoClient } from 'mongodb';
import type { Instance } from './instance.ts';

/**
 * Lets the relay continue from now, as if the filled data were old: after it was started once, and while none runs.
 * Otherwise tens of thousands of follows would keep the consumers busy into the measurement.
 */
export async function skipChanges({ raw }: Instance): Promise<void> {
  const client = new MongoClient(testUrls().mongodb.posts);
  try {
    const stream = client.watch([], { maxAwaitTimeMS: 100 });
    await stream.tryNext();
    const resumeToken = stream.resumeToken;
    await stream.close();
    const { matchedCount } = await raw.collections.relays.updateMany({}, { $set: { resumeToken } });
    if (matchedCount === 0) throw new Error('the relay has not been placed yet');
  } finally {
    await client.close();
  }
}
