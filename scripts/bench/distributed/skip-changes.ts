import { testUrls } from '@twite/engine-distributed/testing';
import { MongoClient } from 'mongodb';
import type { Instance } from './instance.ts';

/**
 * Lets the relay go on from now, as if what was filled in had been there for long: after it was started once, and while
 * none runs. Tens of thousands of follows would keep the consumers busy into what is measured.
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
