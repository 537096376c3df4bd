import type { Client } from '@elastic/elasticsearch';

/** Removes every index of a namespace. */
export async function eraseSearch(client: Client, namespace: string): Promise<void> {
  const found = await client.indices.get(
    { index: `${namespace}-*`, features: ['aliases'] },
    { ignore: [404] },
  );
  const indices = Object.keys(found).filter((index) => index.startsWith(`${namespace}-`));
  if (indices.length === 0) return;
  await client.indices.delete({ index: indices, ignore_unavailable: true }, { requestTimeout: 30_000 });
}
