/**
 * The engine's own consumers of events, besides those of the product: `counts` recounts what a crash or a write left
 * behind, `graph` updates the graph of accounts.
 */
export const ownConsumerNames = ['counts', 'graph'] as const;
export type OwnConsumerName = (typeof ownConsumerNames)[number];
